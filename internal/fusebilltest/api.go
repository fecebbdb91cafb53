// SPDX-License-Identifier: MPL-2.0

// Package fusebilltest simulates the Fusebill API for tests, the demo, and
// contributors. It follows the vendor's documentation and shares no code with
// the client, because an error in shared code would be in both.
//
// A comment marked [assumed] describes behavior that the vendor does not
// document.
package fusebilltest

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// API is a simulated Fusebill API for one account. It is safe for concurrent
// use.
type API struct {
	options Options

	mu        sync.Mutex
	windows   []*windowState
	customers map[int64]map[string]any
	faults    map[int64]injectedFault
	served    map[int64]int // Number of requests per customer that reached a fault or the customer.
	stats     Stats
	rows      map[string][]*row // Rows of the list by sort expression, built on first use.
}

// Stats holds the counters of an [API]. They include refused requests.
type Stats struct {
	// Requests is the number of requests.
	Requests int
	// Customers is the number of overview requests by customer ID.
	Customers map[int64]int
	// Statuses is the number of responses by final status code.
	Statuses map[int]int
}

// New returns an API. It panics if [Options.Validate] returns an error.
func New(options Options) *API {
	if err := options.Validate(); err != nil {
		panic("fusebilltest: " + err.Error())
	}
	a := &API{
		options:   options.withDefaults(),
		customers: map[int64]map[string]any{},
		faults:    map[int64]injectedFault{},
		served:    map[int64]int{},
		stats:     Stats{Customers: map[int64]int{}, Statuses: map[int]int{}},
	}
	a.addWindow("Minute", time.Minute, options.Minute)
	a.addWindow("Day", 24*time.Hour, options.Day)
	a.SetCustomer(SampleID, Sample())
	return a
}

// SetCustomer adds or replaces a customer. The fields are those of the overview
// and modifiedTimestamp, which only the list returns. [Generate] and [Sample]
// return overviews to start from.
func (a *API) SetCustomer(id int64, overview map[string]any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.customers[id] = overview
	a.rows = nil
}

// Stats returns a copy of the counters.
func (a *API) Stats() Stats {
	a.mu.Lock()
	defer a.mu.Unlock()
	return Stats{
		Requests:  a.stats.Requests,
		Customers: maps.Clone(a.stats.Customers),
		Statuses:  maps.Clone(a.stats.Statuses),
	}
}

// overviewPath matches in any case because the vendor's page spells the last
// segment both overview and Overview:
// https://secure.fusebill.com/v1/customers/{id}/overview
var overviewPath = regexp.MustCompile(`^(?i:/v1/customers/)([0-9]+)(?i:/overview)$`)

// pathID returns the customer ID in the path of an overview request, or 0 for
// any other request.
func pathID(r *http.Request) int64 {
	match := overviewPath.FindStringSubmatch(r.URL.Path)
	if match == nil {
		return 0
	}
	id, err := strconv.ParseInt(match[1], 10, 64)
	if err != nil {
		return maxID // The ID has too many digits, and no customer has the largest ID.
	}
	return id
}

// ServeHTTP responds to a request as the API does.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := pathID(r)
	number := a.countRequest(id)
	if a.options.Latency > 0 {
		select {
		case <-time.After(a.options.Latency):
		case <-r.Context().Done():
			return
		}
	}
	a.disturb(w, number)
	response := &responseWriter{ResponseWriter: w, record: a.countStatus}
	if len(r.URL.RawQuery) > maxQueryBytes {
		writeQueryTooLong(response)
		return
	}
	if status, message := a.authenticate(r.Header.Get("Authorization")); status != 0 {
		writeError(response, status, message)
		return
	}
	now := time.Now().Add(a.options.ClockSkew)
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	if exhausted := a.takeFromWindows(w.Header(), now); exhausted != nil {
		writeError(response, http.StatusTooManyRequests, fmt.Sprintf("API call limit of %d per %s reached.",
			exhausted.Limit, strings.ToLower(exhausted.name)))
		return
	}
	isList := listPath.MatchString(r.URL.Path)
	switch {
	case id == 0 && !isList:
		writeError(response, http.StatusNotFound, "No such resource.")
	case r.Method != http.MethodGet:
		writeError(response, http.StatusMethodNotAllowed, "The resource does not support the method.")
	case isList:
		a.serve(response, r, ListID, a.serveList)
	default:
		a.serve(response, r, id, a.serveOverview)
	}
}

// serve responds with the fault that is injected for id, or with the genuine
// response.
func (a *API) serve(w *responseWriter, r *http.Request, id int64, genuine http.HandlerFunc) {
	fault := a.nextFault(id)
	if fault == nil {
		genuine(w, r)
		return
	}
	w.genuine = genuine
	fault.ServeHTTP(w, r)
}

// countRequest counts a request and returns its number, starting at 1.
func (a *API) countRequest(id int64) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stats.Requests++
	if id > 0 {
		a.stats.Customers[id]++
	}
	return a.stats.Requests
}

func (a *API) countStatus(status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stats.Statuses[status]++
}

// disturb ends the connection or resets the stream if the options ask for it.
func (a *API) disturb(w http.ResponseWriter, number int) {
	if every := a.options.ResetEvery; every > 0 && number%every == 0 {
		panic(http.ErrAbortHandler) // The HTTP/2 server of net/http resets the stream.
	}
	if every := a.options.GoAwayEvery; every > 0 && number%every == 0 {
		w.Header().Set("Connection", "close") // The HTTP/2 server of net/http sends a GOAWAY frame.
	}
}

// authenticate returns the status code and message of a refused key, or 0.
func (a *API) authenticate(header string) (status int, message string) {
	if header == "" {
		return http.StatusUnauthorized, "Authorization has been denied for this request."
	}
	key, isBasic := strings.CutPrefix(header, "Basic ")
	secret, err := base64.StdEncoding.DecodeString(key)
	if !isBasic || err != nil || !strings.Contains(string(secret), ":") {
		return http.StatusBadRequest, "Authorization key is not in the correct format."
	}
	if key != a.options.Key {
		return http.StatusUnauthorized, "Authorization has been denied for this request."
	}
	return 0, ""
}

// serveOverview responds with the overview of a customer.
func (a *API) serveOverview(w http.ResponseWriter, r *http.Request) {
	const financialsParameter = "showCustomerFinancialsInCustomerOverview"
	parameters, err := parseParameters(r.URL.RawQuery, financialsParameter)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	id := pathID(r)
	overview := a.customer(id)
	if overview == nil {
		writeError(w, http.StatusNotFound, fmt.Sprintf("CustomerOverview with id %d not found.", id))
		return
	}
	switch parameters[financialsParameter] {
	case "", "true":
	case "false":
		// The vendor does not document what replaces the amounts. Of all
		// values, 0 is the easiest to mistake for a balance [assumed].
		overview = maps.Clone(overview)
		for _, name := range financialFields {
			overview[name] = 0
		}
	default:
		writeError(w, http.StatusBadRequest, "The value of "+financialsParameter+" is invalid.")
		return
	}
	writeJSON(w, http.StatusOK, overview)
}

// customer returns the overview of a customer, or nil.
func (a *API) customer(id int64) map[string]any {
	a.mu.Lock()
	overview := a.customers[id]
	a.mu.Unlock()
	if overview == nil && id > 0 && id <= a.options.Fleet {
		overview = Generate(id)
	}
	return overview
}
