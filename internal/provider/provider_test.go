// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// readOverview returns a data source that reads a customer, with further arguments.
func readOverview(id any, arguments ...string) string {
	return fmt.Sprintf(`
data "fusebill_customer_overview" "x" {
  customer_id = %v
  %s
}
`, id, strings.Join(arguments, "\n  "))
}

// Each wrong argument is an error on itself, before anything is sent.
func TestAccProvider_invalidArguments(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments string
		variables map[string]string
		want      []string
	}{
		"no_key": {
			want: []string{
				missingKeySummary,
				"Unable to read customer 1 without an API key. The key is not set. Set the provider argument api_key or the environment variable " +
					"FUSEBILL_API_KEY.",
			},
		},
		"empty_key": {
			arguments: `api_key = ""`,
			variables: map[string]string{"FUSEBILL_API_KEY": fusebilltest.Key},
			want:      []string{missingKeySummary, "The provider argument api_key is empty."},
		},
		"scheme_alone": {
			arguments: `api_key = "Basic "`,
			want:      []string{missingKeySummary, "The provider argument api_key is empty."},
		},
		"newline_in_the_key": {
			arguments: `api_key = "hidden\nhidden"`,
			want: []string{
				apiKeyArgument.invalidSummary, "api_key",
				"Invalid value of the provider argument api_key: character 7 is not allowed in an HTTP header",
			},
		},
		"control_character_in_the_variable": {
			variables: map[string]string{"FUSEBILL_API_KEY": "hidden\x01"},
			want:      []string{apiKeyArgument.invalidSummary, "Invalid value of the environment variable FUSEBILL_API_KEY: "},
		},
		"sandbox": {
			arguments: `environment = "sandbox"`,
			want:      []string{environmentArgument.invalidSummary, `environment = "sandbox"`, `sandbox and TestDrive accounts are in "production"`},
		},
		"sandbox_by_variable": {
			variables: map[string]string{"FUSEBILL_ENVIRONMENT": "sandbox"},
			want:      []string{environmentArgument.invalidSummary, "Invalid value of the environment variable FUSEBILL_ENVIRONMENT: "},
		},
		"http_to_a_remote_host": {
			arguments: `base_url = "http://fusebill.example.com"`,
			want:      []string{baseURLArgument.invalidSummary, "base_url =", "http would send the API key to fusebill.example.com unencrypted"},
		},
		"user_info": {
			arguments: `base_url = "https://user:pass@example.com"`,
			want:      []string{baseURLArgument.invalidSummary, "must not contain a user name or password"},
		},
		"query": {
			arguments: `base_url = "https://example.com?x=1"`,
			want:      []string{baseURLArgument.invalidSummary, "must not contain a query"},
		},
		"base_URL_and_environment": {
			arguments: "base_url = \"https://example.com\"\n environment = \"staging\"",
			want: []string{
				baseURLArgument.invalidSummary,
				"Invalid value of the provider argument base_url: conflicts with the provider argument environment; remove one of them.",
			},
		},
		"base_URL_and_environment_by_variable": {
			variables: map[string]string{"FUSEBILL_ENVIRONMENT": "staging", "FUSEBILL_BASE_URL": "https://example.com"},
			want: []string{
				baseURLArgument.invalidSummary,
				"Invalid value of the environment variable FUSEBILL_BASE_URL: conflicts with the environment variable FUSEBILL_ENVIRONMENT; " +
					"remove one of them.",
			},
		},
		"no_duration": {
			arguments: `request_timeout = "30"`,
			want:      []string{requestTimeoutArgument.invalidSummary, "request_timeout =", `must be a duration such as 30s or 1m30s, got "30"`},
		},
		"duration_of_0": {
			arguments: `request_timeout = "0s"`,
			want:      []string{requestTimeoutArgument.invalidSummary, `must be greater than zero, got "0s"`},
		},
		"fraction_of_a_retry": {
			arguments: `max_retries = 1.5`,
			want:      []string{maxRetriesArgument.invalidSummary, "max_retries =", `must be an integer between 0 and 100, got "1.5"`},
		},
		"no_concurrency": {
			arguments: `max_concurrent_requests = 0`,
			want:      []string{maxConcurrentRequestsArgument.invalidSummary, `must be an integer between 1 and 1000, got "0"`},
		},
		"no_requests": {
			arguments: `requests_per_minute = 0`,
			want:      []string{requestsPerMinuteArgument.invalidSummary, `must be an integer between 1 and 2147483647, got "0"`},
		},
		"all_in_reserve": {
			arguments: `rate_limit_reserve_percent = 91`,
			want:      []string{rateLimitReserveArgument.invalidSummary, `must be an integer between 0 and 90, got "91"`},
		},
		"no_number_by_variable": {
			variables: map[string]string{"FUSEBILL_RATE_LIMIT_RESERVE_PERCENT": "10%"},
			want: []string{
				rateLimitReserveArgument.invalidSummary, "Invalid value of the environment variable FUSEBILL_RATE_LIMIT_RESERVE_PERCENT: ",
			},
		},
		"no_duration_by_variable": {
			variables: map[string]string{"FUSEBILL_REQUEST_TIMEOUT": "soon"},
			want:      []string{requestTimeoutArgument.invalidSummary, "Invalid value of the environment variable FUSEBILL_REQUEST_TIMEOUT: "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(test.variables),
				Steps: []resource.TestStep{{
					Config:      config(fmt.Sprintf("provider \"fusebill\" {\n %s\n}\n%s", test.arguments, readOverview(1))),
					ExpectError: message(test.want...),
				}},
			})
		})
	}
}

// Each argument wins over its environment variable, which is not even parsed, and base_url over
// FUSEBILL_ENVIRONMENT.
func TestAccProvider_argumentsWin(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 1})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(map[string]string{
			"FUSEBILL_API_KEY":                    "MDp3cm9uZw==",
			"FUSEBILL_ENVIRONMENT":                "staging",
			"FUSEBILL_BASE_URL":                   "invalid",
			"FUSEBILL_REQUEST_TIMEOUT":            "1ns",
			"FUSEBILL_MAX_RETRIES":                "invalid",
			"FUSEBILL_MAX_CONCURRENT_REQUESTS":    "invalid",
			"FUSEBILL_REQUESTS_PER_MINUTE":        "invalid",
			"FUSEBILL_RATE_LIMIT_RESERVE_PERCENT": "invalid",
		}),
		Steps: []resource.TestStep{{
			Config: config(fmt.Sprintf(`
provider "fusebill" {
  api_key                    = " Basic %s\n"
  base_url                   = %q
  request_timeout            = "30s"
  max_retries                = 0
  max_concurrent_requests    = 1
  requests_per_minute        = 1000
  rate_limit_reserve_percent = 0
}
`, fusebilltest.Key, serve(t, api)) + readOverview(1)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.fusebill_customer_overview.x", tfjsonpath.New("company_name"), knownvalue.StringExact("Company "+
					"1 Ltd.")),
			},
		}},
	})
	requireOnlySuccess(t, api, 1)
}

// requireOnlySuccess ends the test unless the API got requests for one customer only, and responded to
// each of them with 200.
func requireOnlySuccess(t *testing.T, api *fusebilltest.API, id int64) {
	t.Helper()
	got := api.Stats()
	want := fusebilltest.Stats{
		Requests: got.Requests, Customers: map[int64]int{id: got.Requests}, Statuses: map[int]int{http.StatusOK: got.Requests},
	}
	if diff := cmp.Diff(want, got); diff != "" || got.Requests == 0 {
		t.Fatalf("%d requests, which differ (-want +got):\n%s", got.Requests, diff)
	}
}

// The provider can be configured before its arguments are known, as long as
// nothing has to be read by it.
func TestAccProvider_unknownArguments(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 1})
	url := serve(t, api)
	provider := fmt.Sprintf(`
resource "terraform_data" "key" {
  input = %q
}

provider "fusebill" {
  api_key  = terraform_data.key.output
  base_url = %q
}
`, fusebilltest.Key, url)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(nil),
		Steps: []resource.TestStep{
			{
				Config:      config(provider + readOverview(1)),
				ExpectError: message("Unable to read customer 1 during plan, because these provider arguments are not yet known: api_key."),
			},
			{
				PreConfig: func() {
					if n := api.Stats().Requests; n != 0 {
						t.Errorf("%d requests with an unknown key, want none", n)
					}
				},
				Config: config(provider + readOverview("length(terraform_data.key.output) > 0 ? 1 : 2")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("data.fusebill_customer_overview.x", plancheck.ResourceActionRead),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("data.fusebill_customer_overview.x", tfjsonpath.New("company_name"), knownvalue.StringExact("Company "+
						"1 Ltd.")),
				},
			},
		},
	})
	requireOnlySuccess(t, api, 1)
}

// Configuring sends nothing, and a read one request: N reads by one provider are
// N requests over one connection.
func TestProvider_oneRequestPerRead(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 5})
	agents := make(chan string, 5)
	url, connections := serveCounting(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agents <- r.UserAgent()
		api.ServeHTTP(w, r)
	}))
	p := newProtocol(t, pointedAt(url))
	p.configure(t, nil, false)
	if n := connections.Load(); n != 0 {
		t.Errorf("configuring opened %d connections", n)
	}
	for id := int64(1); id <= 5; id++ {
		requireNoDiagnostics(t, p.read(t, "fusebill_customer_overview", customerIDArg(id)).Diagnostics)
	}
	want := fusebilltest.Stats{Requests: 5, Customers: map[int64]int{1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, Statuses: map[int]int{200: 5}}
	if diff := cmp.Diff(want, api.Stats()); diff != "" || connections.Load() != 1 {
		t.Errorf("%d connections, want 1, and (-want +got):\n%s", connections.Load(), diff)
	}
	if len(agents) == 0 {
		t.Fatal("no request was sent")
	}
	if got, want := <-agents, "terraform-provider-fusebill/test (+https://github.com/fusebill/terraform-provider-fusebill) "+
		"Terraform/1.11.4"; got != want {
		t.Errorf("the User-Agent is %q, want %q", got, want)
	}
}

// Validation asks for no environment variable and no key.
func TestProvider_validates(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, nil)
	validated, err := p.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: object(t,
		p.schemas.Provider, nil)})
	if err != nil {
		t.Fatal(err)
	}
	requireNoDiagnostics(t, validated.Diagnostics)
}
