package fusebilltest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// get asks the API, with the right key unless another header is given.
func get(t *testing.T, api *API, path, authorization string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Header.Set("Authorization", authorization)
	recorder := httptest.NewRecorder()
	api.ServeHTTP(recorder, r)
	return recorder
}

func TestAPI_sample(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/v1/customers/650084/overview", "/v1/customers/650084/Overview", "/V1/Customers/650084/OVERVIEW"} {
		answer := get(t, New(Options{}), path, "Basic "+Key)
		if answer.Code != 200 {
			t.Fatalf("%s is answered %d", path, answer.Code)
		}
		var got, want map[string]any
		if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(sample, &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		if len(got) != 39 {
			t.Errorf("the sample has %d fields, want 39", len(got))
		}
	}
}

func TestAPI_refuses(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 1})
	for name, test := range map[string]struct {
		path, authorization string
		status              int
		message             string
	}{
		"no key":             {"/v1/customers/1/overview", "", 401, "Authorization has been denied for this request."},
		"a wrong key":        {"/v1/customers/1/overview", "Basic MDpvdGhlcg==", 401, "Authorization has been denied for this request."},
		"a malformed key":    {"/v1/customers/1/overview", "Basic secret", 400, "Authorization key is not in the correct format."},
		"a key encoded":      {"/v1/customers/1/overview", "Basic TURwemFXMTFiR0YwWldRPQ==", 400, "Authorization key is not in the correct format."},
		"another scheme":     {"/v1/customers/1/overview", "Bearer " + Key, 400, "Authorization key is not in the correct format."},
		"an unknown id":      {"/v1/customers/2/overview", "Basic " + Key, 404, "CustomerOverview with id 2 not found."},
		"an enormous id":     {"/v1/customers/99999999999999999999/overview", "Basic " + Key, 404, "CustomerOverview with id 9223372036854775807 not found."},
		"an unknown path":    {"/v1/invoices/1", "Basic " + Key, 404, "No such resource."},
		"a doubled base URL": {"/v1/v1/customers/1/overview", "Basic " + Key, 404, "No such resource."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := get(t, api, test.path, test.authorization)
			var got map[string]any
			if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			want := map[string]any{
				"ErrorId": 0.0, "HttpStatusCode": float64(test.status),
				"Errors": []any{map[string]any{"Key": "Api Error", "Value": test.message}},
			}
			if diff := cmp.Diff(want, got); answer.Code != test.status || diff != "" {
				t.Errorf("answered %d, want %d (-want +got):\n%s", answer.Code, test.status, diff)
			}
		})
	}
}

func TestAPI_counts(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 2})
	api.Fail(3, Always, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("odd")) }))
	for _, path := range []string{"/v1/customers/1/overview", "/v1/customers/1/overview", "/v1/customers/3/overview", "/v1/customers/4/overview", "/elsewhere"} {
		get(t, api, path, "Basic "+Key)
	}
	get(t, api, "/v1/customers/1/overview", "")
	want := Stats{Requests: 6, Customers: map[int64]int{1: 3, 3: 1, 4: 1}, Statuses: map[int]int{200: 3, 401: 1, 404: 2}}
	if diff := cmp.Diff(want, api.Stats()); diff != "" {
		t.Errorf("counted otherwise (-want +got):\n%s", diff)
	}
}

func TestAPI_leavesFinancialsOut(t *testing.T) {
	t.Parallel()
	answer := get(t, New(Options{Fleet: 1}), "/v1/customers/1/overview?showCustomerFinancialsInCustomerOverview=false", "Basic "+Key)
	var got map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range financials {
		if got[name] != 0.0 {
			t.Errorf("%s is %v, want 0", name, got[name])
		}
	}
	if got["status"] != "Active" {
		t.Errorf("status is %v, want Active", got["status"])
	}
}

func TestAPI_latency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := New(Options{Latency: time.Second})
		start := time.Now()
		if answer := get(t, api, "/v1/customers/650084/overview", "Basic "+Key); answer.Code != 200 || time.Since(start) != time.Second {
			t.Errorf("answered %d after %s, want 200 after 1s", answer.Code, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		api.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
		if waited := time.Since(start); waited != time.Second+time.Millisecond {
			t.Errorf("a request that was given up held the server until %s", waited)
		}
	})
}

func TestAPI_windows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := New(Options{Fleet: 1, Minute: Window{Limit: 2}, Day: Window{Limit: 5}})
		start := time.Now()
		minutes := func(n int) string { return start.Add(time.Duration(n) * time.Minute).UTC().Format(time.RFC3339Nano) }
		for i, step := range []struct {
			at                                 time.Duration // since the start
			status                             int
			minuteLeft, dayLeft, minutesResets string
		}{
			{0, 200, "1", "4", minutes(1)},
			{30 * time.Second, 200, "0", "3", minutes(1)},
			{59 * time.Second, 429, "0", "3", minutes(1)},
			{time.Minute, 200, "1", "2", minutes(2)},
			{5*time.Minute + time.Second, 200, "1", "1", minutes(6)},
			{6 * time.Minute, 200, "1", "0", minutes(7)},
			{8 * time.Minute, 429, "2", "0", minutes(9)},
			{24 * time.Hour, 200, "1", "4", minutes(24*60 + 1)},
		} {
			time.Sleep(step.at - time.Since(start))
			answer := get(t, api, "/v1/customers/1/overview", "Basic "+Key)
			want := http.Header{
				"X-Rate-Limit-Limit-Minute":     {"2"},
				"X-Rate-Limit-Remaining-Minute": {step.minuteLeft},
				"X-Rate-Limit-Reset-Minute":     {step.minutesResets},
				"X-Rate-Limit-Limit-Day":        {"5"},
				"X-Rate-Limit-Remaining-Day":    {step.dayLeft},
				"Content-Type":                  {"application/json; charset=utf-8"},
				"Date":                          {time.Now().UTC().Format(http.TimeFormat)},
			}
			got := answer.Header().Clone()
			got.Del("X-Rate-Limit-Reset-Day")
			if diff := cmp.Diff(want, got); answer.Code != step.status || diff != "" {
				t.Errorf("step %d is answered %d, want %d (-want +got):\n%s", i, answer.Code, step.status, diff)
			}
		}
	})
}

// Between them the generated customers have every form of a value that the API
// is seen to send, so that whoever tests against a fleet meets the traps.
func TestGenerate_hasTheTraps(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	statuses := map[any]bool{}
	for id := int64(1); id <= 100; id++ {
		overview := Generate(id)
		if diff := cmp.Diff(overview, Generate(id)); diff != "" {
			t.Fatalf("customer %d is not the same each time:\n%s", id, diff)
		}
		text, err := json.Marshal(overview)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
		statuses[overview["status"]], statuses[overview["customerAccountStatus"]] = true, true
	}
	for _, trap := range []string{
		`"statusTimestamp":"2023-04-13T17:41:39.7648223Z"`, `"customerAccountStatusTimestamp":"2023-03-22T19:21:24.857"`, `"createdTimestamp":"2019-11-06T20:19:01"`,
		`:60.0000`, `:19999999999999.99`, `:0.1,`, `:-12.5`, `"avalaraId":2`, `"sageIntacctId":"2"`, `; b1@example.com`,
		`"middleName":null`, `"middleName":""`, `"daysUntilSuspension":0`, `"parentId":1,`, `"isParent":true`,
	} {
		if !strings.Contains(all.String(), trap) {
			t.Errorf("no customer has %s", trap)
		}
	}
	want := map[any]bool{"Draft": true, "Active": true, "Hold": true, "Suspended": true, "Cancelled": true, "Good": true, "PoorStanding": true, "Collection": true}
	if diff := cmp.Diff(want, statuses); diff != "" {
		t.Errorf("the statuses differ (-want +got):\n%s", diff)
	}
}

// A failure answers as many times as it is told to, for the customer or for each.
func TestAPI_fails(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 3})
	api.Fail(1, 2, Faults["500"])
	api.Fail(0, 1, Faults["502-html"])
	api.Fail(3, Always, Faults["403"])
	for path, want := range map[string][]int{
		"/v1/customers/1/overview": {500, 500, 200, 200},
		"/v1/customers/2/overview": {502, 200, 200},
		"/v1/customers/3/overview": {403, 403, 403},
		"/v1/customers/4/overview": {502, 404},
	} {
		var got []int
		for range want {
			got = append(got, get(t, api, path, "Basic "+Key).Code)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// What comes from in front of the API tells nothing of its windows.
func TestFaults_headers(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]bool{"500": true, "429": true, "502-html": false, "429-bare": false} {
		api := New(Options{Fleet: 1, Minute: Window{Limit: 9}})
		api.Fail(1, 1, Faults[name])
		header := get(t, api, "/v1/customers/1/overview", "Basic "+Key).Header()
		if got := header.Get("X-Rate-Limit-Remaining-Minute") != ""; got != told {
			t.Errorf("that %s tells what remains is %t, want %t", name, got, told)
		}
	}
}

func TestAPI_tellsTheTime(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{
		"":         "2000-01-01T01:01:00.25Z",
		"fraction": "2000-01-01T01:01:00.25Z",
		"rfc3339":  "2000-01-01T01:01:00Z",
		"no-zone":  "2000-01-01T01:01:00.2500000",
		"epoch":    "946688460",
		"rfc1123":  "Sat, 01 Jan 2000 01:01:00 GMT",
		"none":     "",
		"garbage":  "soon",
	} {
		synctest.Test(t, func(t *testing.T) {
			api := New(Options{Fleet: 1, Minute: Window{Limit: 9}, Latency: 250 * time.Millisecond, ResetFormat: format, ClockSkew: time.Hour})
			header := get(t, api, "/v1/customers/1/overview", "Basic "+Key).Header()
			if got := header.Get("X-Rate-Limit-Reset-Minute"); got != want {
				t.Errorf("in the form %q the window ends %q, want %q", format, got, want)
			}
			if got, want := header.Get("Date"), "Sat, 01 Jan 2000 01:00:00 GMT"; got != want {
				t.Errorf("the date is %q, want %q", got, want)
			}
		})
	}
}
