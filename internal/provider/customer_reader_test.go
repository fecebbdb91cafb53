// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// A customer that is listed twice is read once.
func TestPlural_duplicates(t *testing.T) {
	t.Parallel()
	for dataSource := range plurals {
		t.Run(dataSource, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Fleet: 2})
			got := readMany(t, dataSource, pointedAt(serve(t, api)), customerIDsArg(fusebilltest.SampleID, 2, fusebilltest.SampleID, 2, 2))
			readResult{read: []int64{2, fusebilltest.SampleID}}.compare(t, got)
			want := fusebilltest.Stats{
				Requests: 2, Customers: map[int64]int{2: 1, fusebilltest.SampleID: 1}, Statuses: map[int]int{http.StatusOK: 2},
			}
			if diff := cmp.Diff(want, api.Stats()); diff != "" {
				t.Errorf("the requests differ (-want +got):\n%s", diff)
			}
		})
	}
}

// readResult is the result of a plural read without a CLI.
type readResult struct {
	diagnostics   []string
	read, missing []int64
}

// readMany reads customers through the protocol, without a CLI.
func readMany(t *testing.T, dataSource string, variables map[string]string, given map[string]tftypes.Value) (o readResult) {
	t.Helper()
	p := newProtocol(t, variables)
	p.configure(t, nil, false)
	response := p.read(t, dataSource, given)
	o.diagnostics = diagnosticTexts(response.Diagnostics)
	if len(o.diagnostics) > 0 {
		return o
	}
	values := attributes(t, p.schemas.DataSourceSchemas[dataSource], response.State)
	o.missing = integers(t, values["missing_customer_ids"])
	for key, customer := range elements(t, values[plurals[dataSource]]) {
		id := integer(t, elements(t, customer)["id"])
		if key != strconv.FormatInt(id, 10) {
			t.Errorf("customer %d has the key %q", id, key)
		}
		o.read = append(o.read, id)
	}
	slices.Sort(o.read)
	return o
}

// diagnosticTexts returns the summary and the detail of each diagnostic.
func diagnosticTexts(diagnostics []*tfprotov6.Diagnostic) (texts []string) {
	for _, d := range diagnostics {
		texts = append(texts, d.Summary+": "+d.Detail)
	}
	return texts
}

// compare reports the differences from the wanted result, which contains only the beginnings of
// diagnostics.
func (o readResult) compare(t *testing.T, got readResult) {
	t.Helper()
	if diff := cmp.Diff(o.read, got.read, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the customers that were read differ (-want +got):\n%s", diff)
	}
	if !slices.Equal(o.missing, got.missing) {
		t.Errorf("the missing ids are %v, want %v", got.missing, o.missing)
	}
	if !slices.EqualFunc(o.diagnostics, got.diagnostics, func(want, got string) bool { return strings.HasPrefix(got, want) }) {
		t.Errorf("the diagnostics are %q, want beginnings of %q", got.diagnostics, o.diagnostics)
	}
}

// upTo returns the IDs 1 to n.
func upTo(n int64) []int64 {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = int64(i) + 1
	}
	return ids
}

// allowingMissing sets allow_missing in the arguments, and returns them.
func allowingMissing(given map[string]tftypes.Value) map[string]tftypes.Value {
	given["allow_missing"] = tftypes.NewValue(tftypes.Bool, true)
	return given
}

// within returns arguments with a timeout.
func within(timeout string, given map[string]tftypes.Value) map[string]tftypes.Value {
	given["timeouts"] = tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"read": tftypes.String}},
		map[string]tftypes.Value{"read": tftypes.NewValue(tftypes.String, timeout)})
	return given
}

// Failures of some customers are one diagnostic for each kind. After the first failure that all customers
// share, no more requests are sent.
func TestPlural_failures(t *testing.T) {
	t.Parallel()
	const fleet = 100
	for dataSource := range plurals {
		for name, test := range map[string]struct {
			given     map[string]tftypes.Value
			variables map[string]string
			options   fusebilltest.Options
			faults    map[int64]string
			// most is the maximum number of requests. By default, it is exactly one for each customer, and
			// those that are sent again.
			most, again int
			want        readResult // Its diagnostics are what the texts begin with.
		}{
			"none": {given: customerIDsArg(upTo(fleet)...), want: readResult{read: upTo(fleet)}},
			"one_is_missing": {
				given: customerIDsArg(append(upTo(fleet-1), 5000)...),
				want:  readResult{diagnostics: []string{"Customer Not Found: Unable to read customer 5000 from"}},
			},
			"one_is_missing_which_is_allowed": {
				given: allowingMissing(customerIDsArg(append(upTo(fleet-1), 5000)...)),
				want:  readResult{read: upTo(fleet - 1), missing: []int64{5000}},
			},
			"all_are_missing": {
				given: customerIDsArg(7003, 7001, 7002),
				want:  readResult{diagnostics: []string{"Customer Not Found: Unable to read customers 7001, 7002, and 7003 from"}},
			},
			"all_are_missing_which_is_allowed": {
				given: allowingMissing(customerIDsArg(7003, 7001, 7002, 7001)),
				want:  readResult{missing: []int64{7001, 7002, 7003}},
			},
			"one_is_garbage": {
				given:  customerIDsArg(upTo(fleet)...),
				faults: map[int64]string{50: "html"},
				want:   readResult{diagnostics: []string{"Unexpected Fusebill Response: Unable to read customer 50 from"}},
			},
			"several_kinds": {
				given:     allowingMissing(customerIDsArg(upTo(fleet)...)),
				variables: map[string]string{"FUSEBILL_MAX_RETRIES": "1"}, // Others are read before the retry.
				again:     1,
				faults:    map[int64]string{3: "null", 5: "500", 7: "html", 9: "404-html", 11: "404"},
				want: readResult{diagnostics: []string{
					"Unexpected Fusebill Response: Unable to read customers 3, 7, and 9 from",
					"Unable to Reach Fusebill: Unable to read customer 5 from",
				}},
			},
			"key_is_refused": {
				given:     customerIDsArg(upTo(fleet)...),
				variables: map[string]string{"FUSEBILL_API_KEY": "MDpzdGFnaW5n"},
				most:      defaultMaxConcurrentRequests + 1,
				want: readResult{
					diagnostics: []string{
						"Fusebill Authentication Failed: Unable to read customers 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, " +
							"20, and 80 more from",
					},
				},
			},
			"day_is_used_up": {
				given:     customerIDsArg(upTo(fleet)...),
				variables: map[string]string{"FUSEBILL_RATE_LIMIT_RESERVE_PERCENT": "0", "FUSEBILL_MAX_CONCURRENT_REQUESTS": "1"},
				options:   fusebilltest.Options{Day: fusebilltest.Window{Limit: 10}},
				most:      10,
				want:      readResult{diagnostics: []string{"Fusebill Rate Limit Reached: Unable to read customers 11, 12, 13,"}},
			},
			"time_is_over": {
				given:   within("300ms", customerIDsArg(upTo(fleet)...)),
				options: fusebilltest.Options{Latency: 200 * time.Millisecond},
				most:    2*defaultMaxConcurrentRequests + 1,
				want:    readResult{diagnostics: []string{"Unable to Reach Fusebill: Unable to read customers "}},
			},
		} {
			t.Run(dataSource+"/"+name, func(t *testing.T) {
				t.Parallel()
				test.options.Fleet = fleet
				api := fusebilltest.New(test.options)
				for id, fault := range test.faults {
					api.InjectFault(id, fusebilltest.Always, fusebilltest.Faults[fault])
				}
				variables := pointedAt(serve(t, api))
				maps.Copy(variables, test.variables)
				got := readMany(t, dataSource, variables, test.given)
				test.want.compare(t, got)
				sent, asked := api.Stats().Requests, len(slices.Compact(slices.Sorted(slices.Values(integers(t, test.given["customer_ids"])))))
				if test.most == 0 && sent != asked+test.again {
					t.Errorf("%d requests were sent, want %d", sent, asked+test.again)
				}
				if test.most > 0 && sent > test.most {
					t.Errorf("%d requests were sent, want at most %d", sent, test.most)
				}
			})
		}
	}
}

// A failure that all customers share is the reason for the customers that wait for a retry or are not yet sent. A
// customer that failed before for another reason has its own diagnostic.
func TestPlural_sharedFailure(t *testing.T) {
	t.Parallel()
	for dataSource := range plurals {
		t.Run(dataSource, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Fleet: 10})
			api.InjectFault(1, fusebilltest.Always, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "600")
				w.WriteHeader(http.StatusServiceUnavailable)
			}))
			api.InjectFault(2, fusebilltest.Always, fusebilltest.Faults["html"])
			api.InjectFault(3, fusebilltest.Always, fusebilltest.Faults["401"])
			url := serve(t, api)
			variables := pointedAt(url)
			variables["FUSEBILL_MAX_CONCURRENT_REQUESTS"] = "2" // Customer 1 waits, and the others are read in turn.
			p := newProtocol(t, variables)
			p.configure(t, nil, false)
			requireNoDiagnostics(t, p.read(t, dataSource, customerIDsArg(10)).Diagnostics) // A probe.
			got := diagnosticTexts(p.read(t, dataSource, customerIDsArg(1, 2, 3, 4)).Diagnostics)
			from := " from " + strings.TrimPrefix(url, "http://") + ". "
			readResult{diagnostics: []string{
				"Fusebill Authentication Failed: Unable to read customers 1, 3, and 4" + from +
					"First failure: The API refused the key: GET /v1/customers/3/overview: 401 Unauthorized: ",
				"Unexpected Fusebill Response: Unable to read customer 2" + from + "Unable to decode the response: ",
			}}.compare(t, readResult{diagnostics: got})
			// A refusal of a key that was accepted before is tried again once.
			if diff := cmp.Diff(map[int64]int{1: 1, 2: 1, 3: 2, 10: 1}, api.Stats().Customers); diff != "" {
				t.Errorf("the requests differ (-want +got):\n%s", diff)
			}
		})
	}
}

// Ten thousand customers are read with one request each, over few connections, and with no more requests in
// flight than max_concurrent_requests.
func TestPlural_tenThousand(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("reads ten thousand customers")
	}
	const fleet = 10_000
	for dataSource := range plurals {
		t.Run(dataSource, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Fleet: fleet})
			var peak peakInFlight
			url, connections := serveCounting(t, peak.count(api))
			got := readMany(t, dataSource, pointedAt(url), customerIDsArg(upTo(fleet)...))
			readResult{read: upTo(fleet)}.compare(t, got)
			stats := api.Stats()
			if stats.Requests != fleet || len(stats.Customers) != fleet {
				t.Errorf("%d requests were sent for %d customers, want %d for as many", stats.Requests, len(stats.Customers), fleet)
			}
			if n := peak.Load(); n > 32 {
				t.Errorf("%d requests were in flight, want at most 32", n)
			}
			// On a busy machine, net/http replaces a connection if its writer takes more than 50 ms to report a
			// request: https://cs.opensource.google/go/go/+/go1.25.0:src/net/http/transport.go (wroteRequest).
			if n := connections.Load(); n > 64 {
				t.Errorf("%d connections were opened, want about 32", n)
			}
		})
	}
}
