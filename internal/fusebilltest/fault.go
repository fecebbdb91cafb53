package fusebilltest

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Always is a number of times without an end.
const Always = -1

// failure is what answers the first requests for a customer.
type failure struct {
	handler http.Handler
	times   int
}

// Fail lets a handler answer the next requests for a customer, as many times as
// given or [Always], once the key and the windows have let them through. The id 0
// stands for every customer, and the list, that has no failure of its own, each as
// many times.
// [Faults] has handlers.
func (a *API) Fail(id int64, times int, handler http.Handler) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failures[id] = failure{handler, times}
	delete(a.served, id)
}

// nextFailure gives the handler that is to answer for a customer, or nil.
func (a *API) nextFailure(id int64) http.Handler {
	a.mu.Lock()
	defer a.mu.Unlock()
	f, ok := a.failures[id]
	if !ok {
		f = a.failures[0]
	}
	served := a.served[id]
	a.served[id]++
	if f.times != Always && served >= f.times {
		return nil
	}
	return f.handler
}

// Faults are what a billing API, or something in front of it, does on a bad day.
// Those that come from in front of it have no rate-limit headers.
var Faults = map[string]http.HandlerFunc{
	"400":             envelope(http.StatusBadRequest, "The request is invalid."),
	"400-key":         envelope(http.StatusBadRequest, "Authorization key is not in the correct format."),
	"401":             envelope(http.StatusUnauthorized, "Authorization has been denied for this request."),
	"403":             envelope(http.StatusForbidden, "Forbidden."),
	"404":             envelope(http.StatusNotFound, "CustomerOverview not found."),
	"404-html":        proxy(http.StatusNotFound, nil, "<html><h1>Not Found</h1></html>"),
	"408":             proxy(http.StatusRequestTimeout, nil, ""),
	"409":             envelope(http.StatusConflict, "Conflict."),
	"429":             envelope(http.StatusTooManyRequests, "API call limit reached."),
	"429-bare":        proxy(http.StatusTooManyRequests, nil, ""),
	"429-retry-after": proxy(http.StatusTooManyRequests, http.Header{"Retry-After": {"1"}}, ""),
	"500":             envelope(http.StatusInternalServerError, "An error has occurred."),
	"500-empty":       proxy(http.StatusInternalServerError, nil, ""),
	"500-part":        proxy(http.StatusInternalServerError, nil, `{"ErrorId": 17}`),
	"502-html":        proxy(http.StatusBadGateway, nil, "<html><h1>Bad Gateway</h1></html>"),
	"503-retry-after": proxy(http.StatusServiceUnavailable, http.Header{"Retry-After": {"1"}}, "down for maintenance"),
	"504":             proxy(http.StatusGatewayTimeout, nil, ""),
	"redirect":        proxy(http.StatusFound, http.Header{"Location": {"https://login.example.com/"}}, ""),

	"html":           proxy(http.StatusOK, nil, "<html><body>Please sign in</body></html>"),
	"empty":          body(""),
	"null":           body("null"),
	"array":          body(`[{"id": %d}]`),
	"text-after":     body(`{"id": %d} and more`),
	"wrong-customer": body(`{"id": 1%d, "status": "Active"}`),
	"no-customer":    body(`{"status": "Active"}`),
	"wrong-type":     body(`{"id": %d, "arBalance": "much"}`),
	"huge-number":    body(`{"id": %d, "arBalance": 1e400000000}`),
	"huge-integer":   body(`{"id": %d, "quickbooksId": 9223372036854775808}`),
	"cut-json":       body(`{"id": %d, "status": "Act`),

	"cut":     cut(true),
	"chunked": cut(false),
	"close":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	"hang":    func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	"slow": func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(2 * time.Second):
			writeJSON(w, http.StatusOK, Generate(pathID(r)))
		case <-r.Context().Done():
		}
	},
	"endless": func(w http.ResponseWriter, r *http.Request) { endless(w, r) },
	"bomb": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		zip, _ := gzip.NewWriterLevel(w, gzip.BestSpeed) // The level is a valid one.
		endless(zip, r)
		_ = zip.Close()
	},
}

func envelope(status int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { writeError(w, status, message) }
}

// proxy answers as something in front of the API does.
func proxy(status int, header http.Header, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name := range w.Header() {
			if strings.HasPrefix(name, "X-Rate-Limit-") {
				w.Header().Del(name)
			}
		}
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

// body answers 200 with a text in which %d stands for the customer's id.
func body(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.ReplaceAll(text, "%d", strconv.FormatInt(pathID(r), 10)))
	}
}

// cut breaks the connection in the middle of an answer, whose length was told or
// not.
func cut(lengthTold bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if lengthTold {
			w.Header().Set("Content-Length", "1000")
		}
		_, _ = fmt.Fprintf(w, `{"id": %d, "status": "Act`, pathID(r))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// endless writes 4 GiB, or as much as is taken.
func endless(w io.Writer, r *http.Request) {
	chunk := strings.Repeat(" ", 1<<20)
	for range 4 << 10 {
		if _, err := io.WriteString(w, chunk); err != nil || r.Context().Err() != nil {
			return
		}
	}
}
