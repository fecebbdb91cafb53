// Package fusebilltest simulates the Fusebill API, for tests, the demo and
// contributors. It is written after the vendor's pages and shares no code with
// the client, so that the two cannot be wrong together.
package fusebilltest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Key is the API key that an [API] takes unless told otherwise. Like the keys
// that the vendor's UI shows, it is base64 and decodes to "0:<secret>".
const Key = "MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE="

// Options set up an [API]. The zero value serves the vendor's sample customer
// alone, at once and without limits.
type Options struct {
	// Key is the API key that is wanted; [Key] where it is empty.
	Key string
	// Fleet is how many customers are generated, with the ids from 1 to Fleet.
	Fleet int64
	// Latency is how long each answer takes.
	Latency time.Duration
	// Minute and Day are the account's two request windows.
	Minute, Day Window
	// ResetFormat is the form of the headers that tell when a window ends, one of
	// [ResetFormats]; "fraction" where it is empty.
	ResetFormat string
	// ClockSkew is how far the server's clock is ahead of the machine's.
	ClockSkew time.Duration
	// PageCap is the most customers on a page of the list; 1,000 where it is 0, which
	// the vendor promises as the least.
	PageCap int
	// ListEnd is the form of the headers that tell where the list ends, one of
	// [ListEnds]; "minus-one" where it is empty.
	ListEnd string
}

// A Window is a request window of an account. Windows are fixed: the first
// starts with the first request, and each next one as the last one ends.
type Window struct {
	// Limit is how many requests a window takes. 0 means that there is no such
	// window, and that answers do not speak of it.
	Limit int
	// Length is how long a window lasts; 0 means what its name says.
	Length time.Duration
}

// An API is a simulated Fusebill API for one account. It is safe for concurrent
// use.
type API struct {
	options Options

	mu        sync.Mutex
	windows   []*window
	customers map[int64]map[string]any
	failures  map[int64]failure
	served    map[int64]int // Requests by customer that were let through.
	stats     Stats
	listed    []listed // The list's rows, made when they are first needed.
}

// Stats is what an [API] has counted. Every request counts, also a refused one.
type Stats struct {
	// Requests is the number of all requests.
	Requests int
	// Customers are the requests by the customer asked for.
	Customers map[int64]int
	// Statuses are the answers by HTTP status.
	Statuses map[int]int
}

// New makes an API.
func New(options Options) *API {
	if options.Key == "" {
		options.Key = Key
	}
	a := &API{
		options:   options,
		customers: map[int64]map[string]any{},
		failures:  map[int64]failure{},
		served:    map[int64]int{},
		stats:     Stats{Customers: map[int64]int{}, Statuses: map[int]int{}},
	}
	a.addWindow("Minute", time.Minute, options.Minute)
	a.addWindow("Day", 24*time.Hour, options.Day)
	a.SetCustomer(SampleID, Sample())
	return a
}

// SetCustomer adds a customer, or replaces one. The fields are those of the overview
// and, for the list, modifiedTimestamp; [Generate] and [Sample] give some to start from.
func (a *API) SetCustomer(id int64, overview map[string]any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.customers[id] = overview
	a.listed = nil
}

// Stats gives what has been counted so far.
func (a *API) Stats() Stats {
	a.mu.Lock()
	defer a.mu.Unlock()
	return Stats{
		Requests:  a.stats.Requests,
		Customers: maps.Clone(a.stats.Customers),
		Statuses:  maps.Clone(a.stats.Statuses),
	}
}

var overviewPath = regexp.MustCompile(`^(?i:/v1/customers/)([0-9]+)(?i:/overview)$`)

// pathID gives the customer that a request asks for, or 0 where it asks for
// something else.
func pathID(r *http.Request) int64 {
	match := overviewPath.FindStringSubmatch(r.URL.Path)
	if match == nil {
		return 0
	}
	id, _ := strconv.ParseInt(match[1], 10, 64) // Out of range ends at an id that nobody has.
	return id
}

// ServeHTTP answers as the API would.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := pathID(r)
	a.count(func(s *Stats) {
		s.Requests++
		if id > 0 {
			s.Customers[id]++
		}
	})
	if a.options.Latency > 0 {
		select {
		case <-time.After(a.options.Latency):
		case <-r.Context().Done():
			return
		}
	}
	recorder := &statusRecorder{ResponseWriter: w, record: func(status int) {
		a.count(func(s *Stats) { s.Statuses[status]++ })
	}}
	if status, message := a.authenticate(r.Header.Get("Authorization")); status != 0 {
		writeError(recorder, status, message)
		return
	}
	now := time.Now().Add(a.options.ClockSkew)
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	if exhausted := a.takeFromWindows(w.Header(), now); exhausted != nil {
		writeError(recorder, http.StatusTooManyRequests, fmt.Sprintf("API call limit of %d per %s reached.",
			exhausted.Limit, strings.ToLower(exhausted.name)))
		return
	}
	isList := listPath.MatchString(r.URL.Path)
	switch {
	case id == 0 && !isList:
		writeError(recorder, http.StatusNotFound, "No such resource.")
	case r.Method != http.MethodGet:
		writeError(recorder, http.StatusMethodNotAllowed, "The resource does not support the method.")
	case isList:
		a.serveList(recorder, r)
	default:
		a.serveCustomer(recorder, r, id)
	}
}

func (a *API) count(update func(*Stats)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	update(&a.stats)
}

// statusRecorder tells which status an answer has.
type statusRecorder struct {
	http.ResponseWriter
	record func(status int)
	wrote  bool
}

func (r *statusRecorder) WriteHeader(status int) {
	r.record(status)
	r.wrote = true
	r.ResponseWriter.WriteHeader(status)
}

func (r *statusRecorder) Write(p []byte) (int, error) {
	if !r.wrote {
		r.WriteHeader(http.StatusOK)
	}
	return r.ResponseWriter.Write(p)
}

// Unwrap is for [http.ResponseController].
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (a *API) serveCustomer(w http.ResponseWriter, r *http.Request, id int64) {
	if handler := a.nextFailure(id); handler != nil {
		handler.ServeHTTP(w, r)
		return
	}
	a.mu.Lock()
	overview := a.customers[id]
	a.mu.Unlock()
	if overview == nil && id <= a.options.Fleet {
		overview = Generate(id)
	}
	if overview == nil {
		writeError(w, http.StatusNotFound, fmt.Sprintf("CustomerOverview with id %d not found.", id))
		return
	}
	writeOverview(w, r, overview)
}

// authenticate gives the status and message with which a key is refused, or 0.
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

// writeOverview answers with an overview. Without financials the amounts are 0,
// which is the answer that a client could most easily mistake for a balance.
func writeOverview(w http.ResponseWriter, r *http.Request, overview map[string]any) {
	if strings.EqualFold(r.URL.Query().Get("showCustomerFinancialsInCustomerOverview"), "false") {
		overview = maps.Clone(overview)
		for _, name := range financials {
			overview[name] = 0
		}
	}
	writeJSON(w, http.StatusOK, overview)
}

// writeError answers with the documented error envelope.
func writeError(w http.ResponseWriter, status int, message string) {
	type apiError struct{ Key, Value string }
	writeJSON(w, status, struct {
		ErrorID        int `json:"ErrorId"`
		HTTPStatusCode int `json:"HttpStatusCode"`
		Errors         []apiError
	}{0, status, []apiError{{"Api Error", message}}})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // A client that went away is its own affair.
}
