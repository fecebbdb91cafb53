// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

func TestAccCustomerOverviewDataSource_failures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault     string
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
		"no_response_before_the_reads_deadline": {
			fault:    "hang",
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
			if test.fault != "" {
				api.InjectFault(1, fusebilltest.Always, fusebilltest.Faults[test.fault])
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
