// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const authorization = "Basic " + Key

// get sends a GET request to an API and returns the response.
func get(t *testing.T, api http.Handler, path, authorization string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Header.Set("Authorization", authorization)
	recorder := httptest.NewRecorder()
	api.ServeHTTP(recorder, r)
	return recorder
}

// decode decodes a body as a JSON object.
func decode(t *testing.T, body []byte) (object map[string]any) {
	t.Helper()
	if err := json.Unmarshal(body, &object); err != nil {
		t.Fatalf("Unmarshal(%q): %v", body, err)
	}
	return object
}

func TestAPI_sample(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/v1/customers/650084/overview", "/v1/customers/650084/Overview", "/V1/Customers/650084/OVERVIEW"} {
		response := get(t, New(Options{}), path, authorization)
		if response.Code != http.StatusOK {
			t.Fatalf("GET %s: got status %d, want 200", path, response.Code)
		}
		got, want := decode(t, response.Body.Bytes()), decode(t, SampleJSON())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("GET %s (-want +got):\n%s", path, diff)
		}
		if len(got) != 39 {
			t.Errorf("GET %s: got %d fields, want 39", path, len(got))
		}
	}
}

func TestAPI_errors(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 1})
	const denied = "Authorization has been denied for this request."
	const malformed = "Authorization key is not in the correct format."
	for name, test := range map[string]struct {
		path, authorization string
		status              int
		message             string
	}{
		"no_key":        {"/v1/customers/1/overview", "", 401, denied},
		"wrong_key":     {"/v1/customers/1/overview", "Basic MDpvdGhlcg==", 401, denied},
		"malformed_key": {"/v1/customers/1/overview", "Basic secret", 400, malformed},
		"encoded_key":   {"/v1/customers/1/overview", "Basic TURwemFXMTFiR0YwWldRPQ==", 400, malformed},
		"other_scheme":  {"/v1/customers/1/overview", "Bearer " + Key, 400, malformed},
		"unknown_id":    {"/v1/customers/2/overview", authorization, 404, "CustomerOverview with id 2 not found."},
		"huge_id": {
			"/v1/customers/99999999999999999999/overview", authorization, 404, "CustomerOverview with id 9223372036854775807 not found.",
		},
		"unknown_path":    {"/v1/invoices/1", authorization, 404, "No such resource."},
		"repeated_prefix": {"/v1/v1/customers/1/overview", authorization, 404, "No such resource."},
		"other_parameter": {
			"/v1/customers/1/overview?showcustomerfinancialsincustomeroverview=false", authorization, 400,
			`the parameter "showcustomerfinancialsincustomeroverview" is unknown or repeated`,
		},
		"other_value": {
			"/v1/customers/1/overview?showCustomerFinancialsInCustomerOverview=no", authorization, 400,
			"The value of showCustomerFinancialsInCustomerOverview is invalid.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := get(t, api, test.path, test.authorization)
			want := map[string]any{
				"ErrorId": 0.0, "HttpStatusCode": float64(test.status),
				"Errors": []any{map[string]any{"Key": "Api Error", "Value": test.message}},
			}
			if diff := cmp.Diff(want, decode(t, response.Body.Bytes())); response.Code != test.status || diff != "" {
				t.Errorf("got status %d, want %d (-want +got):\n%s", response.Code, test.status, diff)
			}
		})
	}
}

func TestAPI_method(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/customers/650084/overview", nil)
	r.Header.Set("Authorization", authorization)
	recorder := httptest.NewRecorder()
	New(Options{}).ServeHTTP(recorder, r)
	if recorder.Code != http.StatusMethodNotAllowed {
		t.Errorf("got status %d, want 405", recorder.Code)
	}
}

func TestAPI_stats(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 2})
	api.InjectFault(3, Always, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("text")) }))
	for _, path := range []string{
		"/v1/customers/1/overview", "/v1/customers/1/overview", "/v1/customers/3/overview", "/v1/customers/4/overview", "/elsewhere",
	} {
		get(t, api, path, authorization)
	}
	get(t, api, "/v1/customers/1/overview", "")
	want := Stats{Requests: 6, Customers: map[int64]int{1: 3, 3: 1, 4: 1}, Statuses: map[int]int{200: 3, 401: 1, 404: 2}}
	if diff := cmp.Diff(want, api.Stats()); diff != "" {
		t.Errorf("Stats() (-want +got):\n%s", diff)
	}
}

func TestAPI_financialFields(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]float64{"true": 1234.56, "false": 0} {
		response := get(t, New(Options{Fleet: 1}), "/v1/customers/1/overview?showCustomerFinancialsInCustomerOverview="+value, authorization)
		got := decode(t, response.Body.Bytes())
		if got["arBalance"] != want {
			t.Errorf("with %s: got arBalance %v, want %v", value, got["arBalance"], want)
		}
		for _, name := range financialFields {
			if value == "false" && got[name] != 0.0 {
				t.Errorf("without financial fields: got %s %v, want 0", name, got[name])
			}
		}
		if got["status"] != "Active" {
			t.Errorf("with %s: got status %v, want Active", value, got["status"])
		}
	}
}

func TestAPI_latency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := New(Options{Latency: time.Second})
		start := time.Now()
		if response := get(t, api, "/v1/customers/650084/overview", authorization); response.Code != 200 || time.Since(start) != time.Second {
			t.Errorf("got status %d after %s, want 200 after 1s", response.Code, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		api.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
		if waited := time.Since(start); waited != time.Second+time.Millisecond {
			t.Errorf("a canceled request ended after %s, want 1.001s", waited)
		}
	})
}
