// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// providerDataFor returns the provider data of a provider with a key from an environment variable. baseURL is
// empty for the URL of the environment.
func providerDataFor(t *testing.T, environment fusebill.Environment, baseURL string) *providerData {
	t.Helper()
	d := &providerData{configuration: configuration{
		environment: environment,
		apiKey:      setting{argument: apiKeyArgument, isFromEnv: true},
		config: fusebill.Config{
			BaseURL: environment.BaseURL(), RequestTimeout: 5 * time.Second, MaxConcurrentRequests: 1, Getenv: noEnvironment,
		},
	}}
	if baseURL != "" {
		parsed, err := fusebill.ParseBaseURL(baseURL)
		if err != nil {
			t.Fatal(err)
		}
		d.environment, d.config.BaseURL = fusebill.Environment{}, parsed
	}
	client, err := fusebill.NewClient(d.config)
	if err != nil {
		t.Fatal(err)
	}
	d.client = client
	return d
}

// Failures of many customers are one diagnostic for each kind, with the first twenty IDs.
func TestFailureDiagnostics_many(t *testing.T) {
	t.Parallel()
	missing := &fusebill.APIError{
		Request: fusebill.Request{Method: "GET", Path: "/v1/customers/1/overview"}, StatusCode: 404, Kind: fusebill.ErrNotFound,
	}
	garbage := &fusebill.DecodeError{Field: "arBalance", Want: "a decimal number", Found: "a string"}
	from := func(first, n int64, err error) (failures []failure) {
		for id := first; id < first+n; id++ {
			failures = append(failures, failure{id: id, err: err})
		}
		return failures
	}
	list := func(first, last int64) string {
		var ids []string
		for id := first; id <= last; id++ {
			ids = append(ids, strconv.FormatInt(id, 10))
		}
		return strings.Join(ids, ", ")
	}
	const read, host = "Unable to read ", " from secure.fusebill.com. "
	for name, test := range map[string]struct {
		failures []failure
		want     []string // The beginnings of the details.
	}{
		"none": {},
		"two": {
			failures: from(1, 2, missing),
			want:     []string{read + "customers 1 and 2" + host + "First failure: GET /v1/customers/1/overview: 404 Not Found."},
		},
		"20_garbage": {
			failures: from(1, 20, garbage),
			want:     []string{read + "customers " + list(1, 19) + ", and 20" + host + "First failure: Unable to decode the response"},
		},
		"21_missing":   {failures: from(1, 21, missing), want: []string{read + "customers " + list(1, 20) + ", and 1 more" + host}},
		"1000_garbage": {failures: from(1, 1000, garbage), want: []string{read + "customers " + list(1, 20) + ", and 980 more" + host}},
		"each_in_its_way": {
			failures: slices.Concat(from(1, 1, garbage), from(2, 1, missing), from(3, 1, garbage), from(4, 1, errors.New("broken"))),
			want: []string{
				read + "customers 1 and 3" + host + "First failure: Unable to decode the response",
				read + "customer 2" + host + "GET /v1/customers/1/overview: 404 Not Found.",
				read + "customer 4" + host + "broken.",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := providerDataFor(t, fusebill.Production, "").failureDiagnostics(path.Root("customer_ids"), test.failures, customerOptions{})
			if len(diags) != len(test.want) {
				t.Fatalf("got %d diagnostics, want %d: %v", len(diags), len(test.want), diags)
			}
			for i, want := range test.want {
				if !strings.HasPrefix(diags[i].Detail(), want) {
					t.Errorf("detail %d begins with %.300q, want %q", i, diags[i].Detail(), want)
				}
			}
		})
	}
}

// The diagnostics of failures that only a list can have.
func TestListDiagnostic(t *testing.T) {
	t.Parallel()
	notFound := &fusebill.APIError{
		Request: fusebill.Request{Method: "GET", Path: "/v1/customers"}, StatusCode: 404, Kind: fusebill.ErrNotFound,
	}
	for name, test := range map[string]struct {
		err             error
		summary, detail string
		onMaxResults    bool
	}{
		"too_many": {
			err: &fusebill.TooManyCustomersError{Count: 12, Max: 10}, summary: tooManySummary, onMaxResults: true,
			detail: "12 customers match, which exceeds the maximum of 10.\n\nNarrow the filter or increase max_results. Results are never " +
				"truncated.",
		},
		"at_least_too_many": {
			err: &fusebill.TooManyCustomersError{Count: 12, Max: 10, AtLeast: true}, summary: tooManySummary, onMaxResults: true,
			detail: "at least 12 customers match, which exceeds the maximum of 10.\n\nNarrow the filter or increase max_results. Results are " +
				"never truncated.",
		},
		"changed": {
			err: fusebill.ErrListChanged, summary: unexpectedSummary,
			detail: "the list of customers changed during each of 3 reads.\n\nTry again when fewer customers are changing.",
		},
		"not_found": {
			err: notFound, summary: unexpectedSummary,
			detail: "GET /v1/customers: 404 Not Found.\n\nThe list itself does not exist at this URL. Verify base_url.",
		},
		"row": {
			err: &fusebill.DecodeError{Row: 3, Field: "id", Want: "the ID of a customer", Found: "nothing"}, summary: unexpectedSummary,
			detail: "Unable to decode the response: row 3, field id: expected the ID of a customer, found nothing.\n\n" +
				"A proxy, or a base_url that does not point to the Fusebill API, can cause this error. " +
				"If the response is from Fusebill, report it at " + projectURL + "/issues.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := providerDataFor(t, fusebill.Production, "").listDiagnostic(test.err)
			if got.Summary() != test.summary {
				t.Errorf("summary = %q, want %q", got.Summary(), test.summary)
			}
			if diff := cmp.Diff("Unable to read the list of customers from secure.fusebill.com. "+test.detail, got.Detail()); diff != "" {
				t.Errorf("the detail differs (-want +got):\n%s", diff)
			}
			withPath, onPath := got.(diag.DiagnosticWithPath)
			if onMaxResults := onPath && withPath.Path().Equal(path.Root("max_results")); onMaxResults != test.onMaxResults {
				t.Errorf("on max_results = %t, want %t", onMaxResults, test.onMaxResults)
			}
		})
	}
}

// A failure without a response names the proxy, through which the request was sent.
func TestFailureDiagnostics_proxy(t *testing.T) {
	t.Parallel()
	const (
		begin  = "Unable to read customer 7 from secure.fusebill.com. No valid response. Error: GET /v1/customers/7/overview: "
		host   = "proxy.example.com:3128"
		proxy  = "The provider sends requests through the proxy " + host + ", which the environment variable HTTPS_PROXY sets. "
		status = "For Fusebill outages, refer to https://status.staxbill.com."
	)
	d := providerDataFor(t, fusebill.Production, "")
	d.config.Getenv = func(name string) string { return map[string]string{"HTTPS_PROXY": "http://" + host}[name] }
	var err error
	if d.client, err = fusebill.NewClient(d.config); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		cause fusebill.Cause
		err   error
		want  string
	}{
		"other": {fusebill.CauseOther, errors.New("it broke"), "it broke.\n\n" + proxy + status},
		"refused": {
			fusebill.CauseConnectionRefused, errors.New("it broke"),
			"it broke.\n\nNothing accepts connections at secure.fusebill.com. " + proxy + status,
		},
		"timeout": {
			fusebill.CauseTimeout, fusebill.ErrRequestTimeout,
			"no complete response within the request timeout.\n\nThe provider's request_timeout is 5s. " + proxy + status,
		},
		"proxy": {
			fusebill.CauseProxy, errors.New("it broke"),
			"it broke.\n\n" + proxy + "Verify that the proxy is running, that it accepts the credentials in the variable, and that it " +
				"allows connections to secure.fusebill.com. If the proxy has a certificate of a private CA, set ca_cert_pem. " +
				"To bypass the proxy, add the host to NO_PROXY.",
		},
	} {
		failed := failure{id: 7, err: &fusebill.TransportError{
			Request: fusebill.Request{Method: "GET", Path: "/v1/customers/7/overview", Attempts: 1}, Cause: test.cause, Err: test.err,
		}}
		diags := d.failureDiagnostics(path.Root("customer_id"), []failure{failed}, customerOptions{})
		if diff := cmp.Diff([]string{unreachableSummary + ": " + begin + test.want}, details(diags)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
