// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"maps"
	"net/http"
)

// Always is a number of times without a limit.
const Always = -1

// injectedFault is a fault and the number of requests that it responds to.
type injectedFault struct {
	handler http.Handler
	times   int
}

// InjectFault makes handler respond to the next requests for a customer. times is
// the number of requests, or [Always]. Requests that the API refuses because of
// the key or the rate limit do not count. [ListID] represents the list. The ID 0
// represents each customer and the list, except those with a fault of their own,
// and times applies to each of them. [Faults] contains handlers.
func (a *API) InjectFault(id int64, times int, handler http.Handler) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults[id] = injectedFault{handler, times}
	delete(a.served, id)
}

// nextFault returns the handler that responds to the next request for a
// customer, or nil if no fault is left.
func (a *API) nextFault(id int64) http.Handler {
	a.mu.Lock()
	defer a.mu.Unlock()
	fault, ok := a.faults[id]
	if !ok {
		fault = a.faults[0]
	}
	served := a.served[id]
	a.served[id]++
	if fault.times != Always && served >= fault.times {
		return nil
	}
	return fault.handler
}

// Faults are the responses of an API, or of a gateway, that a client has to survive or
// report. Those of a gateway have no rate-limit headers.
var Faults = mergeFaults(
	statusFaults, gatewayFaults, serverErrorFaults(), rateLimitFaults(), redirectFaults,
	bodyFaults, envelopeFaults(), encodingFaults, fieldFaults, keyFaults, connectionFaults,
)

// mergeFaults returns the union of tables. It panics if two have the same name.
func mergeFaults(tables ...map[string]http.HandlerFunc) map[string]http.HandlerFunc {
	merged := map[string]http.HandlerFunc{}
	size := 0
	for _, table := range tables {
		maps.Copy(merged, table)
		if size += len(table); len(merged) != size {
			panic("fusebilltest: a fault's name is not unique")
		}
	}
	return merged
}

// apiError responds with the API's error envelope.
func apiError(status int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { writeError(w, status, message) }
}

// gateway returns a response without rate-limit headers.
func gateway(status int, header http.Header, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		removeRateLimitHeaders(w.Header())
		maps.Copy(w.Header(), header)
		writeText(w, status, "", text)
	}
}

// gatewayHTML responds with a page of a gateway.
func gatewayHTML(status int, title string) http.HandlerFunc {
	return gateway(status, http.Header{"Content-Type": {"text/html"}},
		"<html><head><title>"+title+"</title></head><body><h1>"+title+"</h1></body></html>")
}

// gatewayJSON responds with an error of a gateway.
func gatewayJSON(status int, text string) http.HandlerFunc {
	return gateway(status, http.Header{"Content-Type": {"application/json"}}, text)
}

// rewritten responds with the genuine response after change has rewritten its
// body and header has replaced some of its headers.
func rewritten(header http.Header, change func(body []byte) []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		status, body := genuineResponse(w, r)
		maps.Copy(w.Header(), header)
		writeText(w, status, "", string(change(body)))
	}
}

func unchanged(body []byte) []byte { return body }

// wrapped responds with the genuine body between two texts.
func wrapped(before, after string) http.HandlerFunc {
	return rewritten(nil, func(body []byte) []byte { return []byte(before + string(body) + after) })
}

// forwarded responds with the genuine body and another status code, as a
// gateway does.
func forwarded(status int, header http.Header) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, body := genuineResponse(w, r)
		removeRateLimitHeaders(w.Header())
		maps.Copy(w.Header(), header)
		writeText(w, status, "", string(body))
	}
}
