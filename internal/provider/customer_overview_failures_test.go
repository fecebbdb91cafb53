// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

func TestAccCustomerOverviewDataSource_failures(t *testing.T) {
	t.Parallel()
	respond := func(status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
	hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	for name, test := range map[string]struct {
		handler   http.Handler
		variables map[string]string
		timeouts  string
		want      []string
	}{
		"key_of_the_other_environment": {
			variables: map[string]string{"FUSEBILL_API_KEY": "MDpzdGFnaW5n"},
			want: []string{
				"Fusebill Authentication Failed", "The key is from the environment variable FUSEBILL_API_KEY.",
				"a production key is not valid in staging",
			},
		},
		"malformed_key": {
			variables: map[string]string{"FUSEBILL_API_KEY": "not-base64"},
			want:      []string{"Fusebill Authentication Failed", "Authorization key is not in the correct format"},
		},
		"another_customer": {
			handler: respond(200, `{"id": 12345, "status": "Active"}`),
			want:    []string{"Unexpected Fusebill Response", "field id: expected 1, the requested customer, found 12345."},
		},
		"HTML": {
			handler: respond(200, "<html><body>Sign in</body></html>"),
			want:    []string{"Unexpected Fusebill Response", "Sign in"},
		},
		"wrong_type": {
			handler: respond(200, `{"id": 1, "arBalance": "much"}`),
			want:    []string{"Unexpected Fusebill Response", `field arBalance: expected a decimal number of ordinary size, found a string.`},
		},
		"redirect": {
			handler: http.RedirectHandler("https://login.example.com/", http.StatusFound),
			want:    []string{"Unexpected Fusebill Response", "redirect to login.example.com", "to avoid sending the API key to another host"},
		},
		"error_of_the_API": {
			handler:   respond(503, "down for maintenance"),
			variables: map[string]string{"FUSEBILL_MAX_RETRIES": "1"},
			want:      []string{"Unable to Reach Fusebill", "after 2 attempts", "503 Service Unavailable: 20 bytes of text/plain."},
		},
		"used-up_window": {
			handler:  respond(429, ""),
			timeouts: `timeouts = { read = "1s" }`,
			want:     []string{"Fusebill Rate Limit Reached", "the API refuses requests until about"},
		},
		"no_response_in_time": {
			handler:   hang,
			variables: map[string]string{"FUSEBILL_REQUEST_TIMEOUT": "50ms", "FUSEBILL_MAX_RETRIES": "0"},
			want:      []string{"Unable to Reach Fusebill", "The provider's request_timeout is 50ms"},
		},
		"no_response_before_the_reads_deadline": {
			handler:  hang,
			timeouts: `timeouts = { read = "50ms" }`,
			want:     []string{"Unable to Reach Fusebill", "The read exceeded its timeout."},
		},
		"timeout_that_is_none": {
			timeouts: `timeouts = { read = "soon" }`,
			want:     []string{`"soon"`},
		},
		"timeout_of_zero": {
			timeouts: `timeouts = { read = "0s" }`,
			want:     []string{"Invalid Timeout", "timeouts.read must be greater than zero, got 0s."},
		},
		"negative_timeout": {
			timeouts: `timeouts = { read = "-5m" }`,
			want:     []string{"Invalid Timeout", "timeouts.read must be greater than zero, got -5m0s."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Fleet: 1})
			if test.handler != nil {
				api.InjectFault(1, fusebilltest.Always, test.handler)
			}
			variables := pointedAt(serve(t, api))
			maps.Copy(variables, test.variables)
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(variables),
				Steps: []resource.TestStep{{
					Config:      config(readOverview(1, test.timeouts)),
					ExpectError: message(test.want...),
				}},
			})
		})
	}
}

// A read succeeds if each temporary fault occurs twice before a good response.
func TestAccCustomerOverviewDataSource_survives(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{
		"408", "429", "429-bare", "429-retry-after", "500", "500-empty", "500-part", "502-html", "503-retry-after", "504", "close", "cut",
		"chunked", "hang", "slow",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Minute: fusebilltest.Window{Limit: 1000}})
			api.InjectFault(fusebilltest.SampleID, 2, fusebilltest.Faults[fault])
			variables := pointedAt(serve(t, api))
			variables["FUSEBILL_REQUEST_TIMEOUT"] = "5s" // The slow one takes two.
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(variables),
				Steps: []resource.TestStep{{
					Config:            config(readOverview(fusebilltest.SampleID)),
					ConfigStateChecks: overviewAttributes(sampleOverview),
				}},
			})
		})
	}
}
