// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"bytes"
	"maps"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// Each attempt is one entry of the log, with what remains of the rate limits, and without the body.
func TestClient_log(t *testing.T) {
	t.Parallel()
	type entry = map[string]any
	received := func(fields entry) entry {
		all := entry{
			"@level": "debug", "@message": "Received Fusebill response", "@module": "provider",
			"attempt": 1.0, "customer_id": "1", "duration_ms": 250.0, "status": 200.0,
		}
		maps.Copy(all, fields)
		return all
	}
	failed := func(attempt float64, text string) entry {
		return entry{
			"@level": "debug", "@message": "Fusebill request failed", "@module": "provider",
			"attempt": attempt, "customer_id": "1", "duration_ms": 250.0, "error": text,
		}
	}
	for name, test := range map[string]struct {
		headers []string
		fault   http.HandlerFunc
		want    []entry
	}{
		"without rate limits": {want: []entry{received(nil)}},
		"minute":              {headers: []string{"Minute"}, want: []entry{received(entry{"remaining_minute": "7"})}},
		"day":                 {headers: []string{"Day"}, want: []entry{received(entry{"remaining_day": "7"})}},
		"status":              {fault: fusebilltest.Faults["401"], want: []entry{received(entry{"status": 401.0})}},
		"closed connection": {
			fault: fusebilltest.Faults["close"],
			want:  []entry{failed(1, "read tcp: connection reset by peer"), failed(2, "read tcp: connection reset by peer")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: 1, Latency: 250 * time.Millisecond})
				if test.fault != nil {
					api.InjectFault(1, fusebilltest.Always, test.fault)
				}
				client := simulated(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					for _, name := range test.headers {
						w.Header().Set("X-Rate-Limit-Remaining-"+name, "7")
					}
					api.ServeHTTP(w, r)
				}), withRetries(1))
				var output bytes.Buffer
				_, _ = client.CustomerStatus(tflogtest.RootLogger(t.Context(), &output), 1) // The log is the same with an error.
				got, err := tflogtest.MultilineJSONDecode(&output)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("the log differs (-want +got):\n%s", diff)
				}
			})
		})
	}
}
