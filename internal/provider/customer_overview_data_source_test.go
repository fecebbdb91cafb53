// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

const overviewAddress = "data.fusebill_customer_overview.x"

// zero is a decimal that is there and 0.
var zero = knownvalue.NumberExact(new(big.Float))

// sampleOverview is the vendor's own sample as Terraform has to see it.
var sampleOverview = map[string]knownvalue.Check{
	"title":                             knownvalue.StringExact("Dr"),
	"first_name":                        knownvalue.StringExact("Foreman"),
	"middle_name":                       knownvalue.StringExact("Mai"),
	"last_name":                         knownvalue.StringExact("Travis"),
	"suffix":                            knownvalue.StringExact("Jr."),
	"primary_email":                     knownvalue.StringExact("[email protected]"),
	"primary_phone":                     knownvalue.StringExact("9934643454"),
	"secondary_email":                   knownvalue.Null(),
	"secondary_phone":                   knownvalue.Null(),
	"company_name":                      knownvalue.StringExact("9984242269"),
	"reference":                         knownvalue.StringExact("100986"),
	"created_timestamp":                 knownvalue.StringExact("2019-11-06T14:19:01Z"),
	"status":                            knownvalue.StringExact("Active"),
	"customer_account_status":           knownvalue.StringExact("Good"),
	"pending_charges":                   zero,
	"ar_balance":                        zero,
	"unallocated_payments":              zero,
	"unallocated_credits":               zero,
	"unallocated_opening_balance":       zero,
	"currency":                          knownvalue.StringExact("USD"),
	"days_until_suspension":             knownvalue.Null(),
	"days_until_cancellation":           knownvalue.Null(),
	"customer_account_status_timestamp": knownvalue.StringExact("2019-11-06T14:19:01Z"),
	"status_timestamp":                  knownvalue.StringExact("2019-11-06T14:19:01Z"),
	"lifetime_value":                    zero,
	"monthly_recurring_revenue":         zero,
	"net_monthly_recurring_revenue":     zero,
	"next_billing_date":                 knownvalue.Null(),
	"salesforce_synch_status":           knownvalue.StringExact("Enabled"),
	"salesforce_id":                     knownvalue.Null(),
	"quickbooks_id":                     knownvalue.Null(),
	"hubspot_id":                        knownvalue.Null(),
	"hubspot_company_id":                knownvalue.Null(),
	"sage_intacct_id":                   knownvalue.Null(),
	"netsuite_id":                       knownvalue.Null(),
	"geotab_id":                         knownvalue.StringExact("1234"),
	"digital_river_id":                  knownvalue.Null(),
	"avalara_id":                        knownvalue.Null(),
	"parent_id":                         knownvalue.Null(),
	"parent_name":                       knownvalue.Null(),
	"is_parent":                         knownvalue.Bool(false),
	"unknown_payment_activity_id":       knownvalue.Null(),
	"id":                                knownvalue.Int64Exact(650084),
	"uri":                               knownvalue.StringExact("https://secure.fusebill.com/v1/CustomerOverview/650084"),
}

// amounts are the overview's decimals.
var amounts = strings.Fields(`pending_charges ar_balance unallocated_payments unallocated_credits unallocated_opening_balance
	lifetime_value monthly_recurring_revenue net_monthly_recurring_revenue`)

// overviewAttributes returns the checks of the data source's attributes.
func overviewAttributes(checks map[string]knownvalue.Check) []statecheck.StateCheck {
	var all []statecheck.StateCheck
	for name, check := range checks {
		all = append(all, statecheck.ExpectKnownValue(overviewAddress, tfjsonpath.New(name), check))
	}
	return all
}

// without returns the checks with some of them turned to null.
func without(checks map[string]knownvalue.Check, names ...string) map[string]knownvalue.Check {
	changed := maps.Clone(checks)
	for _, name := range names {
		changed[name] = knownvalue.Null()
	}
	return changed
}

func TestAccCustomerOverviewDataSource_sample(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{}))
	whole := maps.Clone(sampleOverview)
	maps.Copy(whole, map[string]knownvalue.Check{
		"exists":             knownvalue.Bool(true),
		"customer_id":        knownvalue.Int64Exact(650084),
		"include_financials": knownvalue.Null(),
		"allow_missing":      knownvalue.Null(),
		"timeouts":           knownvalue.Null(),
	})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{{
			Config: config(readOverview(650084) + `
output "whole" {
  value = data.fusebill_customer_overview.x
}
`),
			ConfigStateChecks: append(overviewAttributes(whole),
				statecheck.ExpectKnownOutputValue("whole", knownvalue.ObjectExact(whole))),
		}},
	})
}

func TestAccCustomerOverviewDataSource_withoutFinancials(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{}))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{{
			Config:            config(readOverview(650084, "include_financials = false")),
			ConfigStateChecks: overviewAttributes(without(sampleOverview, amounts...)),
		}},
	})
}

// A decimal equals the literal that it looks like, which a float64 would break.
func TestAccCustomerOverviewDataSource_exactDecimals(t *testing.T) {
	t.Parallel()
	for _, decimal := range []string{"1234.56", "0.1", "19999999999999.99", "-0.07", "99.95", "60.0000",
		"123456789012345678901234567890.123456789", "0"} {
		t.Run(decimal, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{})
			overview := fusebilltest.Generate(1)
			overview["arBalance"] = json.Number(decimal)
			api.SetCustomer(1, overview)
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(pointedAt(serve(t, api))),
				Steps: []resource.TestStep{{
					Config: config(readOverview(1) + fmt.Sprintf(`
output "exact" {
  value = data.fusebill_customer_overview.x.ar_balance == %s
}

output "near" {
  value = data.fusebill_customer_overview.x.ar_balance == %s + 0.0000000001
}
`, decimal, decimal)),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownOutputValue("exact", knownvalue.Bool(true)),
						statecheck.ExpectKnownOutputValue("near", knownvalue.Bool(false)),
					},
				}},
			})
		})
	}
}

// Every form of time that the API is seen to send comes out in UTC, and works
// with Terraform's own functions.
func TestAccCustomerOverviewDataSource_timestamps(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"2019-11-06T14:19:01":          "2019-11-06T14:19:01Z",
		"2023-03-22T19:21:24.857":      "2023-03-22T19:21:24.857Z",
		"2023-04-13T17:41:39.7648223Z": "2023-04-13T17:41:39.7648223Z",
		"2023-04-13T19:41:39+02:00":    "2023-04-13T17:41:39Z",
	} {
		t.Run(given, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{})
			overview := fusebilltest.Generate(1)
			for _, name := range []string{"createdTimestamp", "statusTimestamp", "customerAccountStatusTimestamp", "nextBillingDate"} {
				overview[name] = given
			}
			api.SetCustomer(1, overview)
			steps := resource.TestStep{Config: config(readOverview(1))}
			for _, name := range []string{"created_timestamp", "status_timestamp", "customer_account_status_timestamp", "next_billing_date"} {
				steps.Config += fmt.Sprintf(`
output "%[1]s_compared" {
  value = timecmp(data.fusebill_customer_overview.x.%[1]s, "2020-01-01T00:00:00Z")
}

output "%[1]s_later" {
  value = timecmp(timeadd(data.fusebill_customer_overview.x.%[1]s, "1h"), data.fusebill_customer_overview.x.%[1]s)
}
`, name)
				order := int64(1)
				if want < "2020" {
					order = -1
				}
				steps.ConfigStateChecks = append(steps.ConfigStateChecks,
					statecheck.ExpectKnownValue(overviewAddress, tfjsonpath.New(name), knownvalue.StringExact(want)),
					statecheck.ExpectKnownOutputValue(name+"_compared", knownvalue.Int64Exact(order)),
					statecheck.ExpectKnownOutputValue(name+"_later", knownvalue.Int64Exact(1)))
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(pointedAt(serve(t, api))),
				Steps:                    []resource.TestStep{steps},
			})
		})
	}
}

func TestAccCustomerOverviewDataSource_missing(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{}))
	var names []string
	for name := range sampleOverview {
		names = append(names, name)
	}
	missing := without(sampleOverview, names...)
	missing["exists"] = knownvalue.Bool(false)
	missing["customer_id"] = knownvalue.Int64Exact(2)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{
			{
				Config:      config(readOverview(2)),
				ExpectError: message("Customer Not Found"),
			},
			{
				Config:            config(readOverview(2, "allow_missing = true")),
				ConfigStateChecks: overviewAttributes(missing),
			},
		},
	})
}

// Only a 404 response in the API's own format means that a customer is missing.
func TestAccCustomerOverviewDataSource_bareNotFound(t *testing.T) {
	t.Parallel()
	url := serve(t, http.NotFoundHandler())
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{{
			Config:      config(readOverview(2, "allow_missing = true")),
			ExpectError: message("not in the format of the Fusebill API, so the customer might exist."),
		}},
	})
}

func TestAccCustomerOverviewDataSource_invalidID(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 10})
	url := serve(t, api)
	for id, want := range map[string]string{
		"0":                     "customer_id must be a positive integer of at most 64 bits, got 0.",
		"-1":                    "customer_id must be a positive integer of at most 64 bits, got -1.",
		"1.5":                   "customer_id must be a positive integer of at most 64 bits, got 1.5.",
		"9223372036854775808":   "Invalid Customer ID",
		"1e300":                 "customer_id must be a positive integer of at most 64 bits, got 1e+300.",
		`"abc"`:                 "a number is required",
		"null":                  "Must set a configuration value for the customer_id attribute",
		"[1]":                   "number required",
		"1.00000000000000001":   "Invalid Customer ID",
		`"https://example.com"`: "a number is required",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(pointedAt(url)),
				Steps: []resource.TestStep{{
					Config:      config(readOverview(id)),
					ExpectError: message(want),
				}},
			})
		})
	}
	t.Cleanup(func() {
		if n := api.Stats().Requests; n != 0 {
			t.Errorf("%d requests were sent for ids that cannot be", n)
		}
	})
}

// An ID that is unknown during plan defers the read to apply.
func TestAccCustomerOverviewDataSource_unknownID(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{}))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{{
			Config: config(`
resource "terraform_data" "id" {
  input = 650084
}
` + readOverview("terraform_data.id.output")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(overviewAddress, plancheck.ResourceActionRead),
				plancheck.ExpectUnknownValue(overviewAddress, tfjsonpath.New("status")),
			}},
			ConfigStateChecks: overviewAttributes(sampleOverview),
		}},
	})
}

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
		"a key of the other environment": {
			variables: map[string]string{"FUSEBILL_API_KEY": "MDpzdGFnaW5n"},
			want: []string{
				"Fusebill Authentication Failed", "The key is from the environment variable FUSEBILL_API_KEY.",
				"a production key is not valid in staging",
			},
		},
		"a malformed key": {
			variables: map[string]string{"FUSEBILL_API_KEY": "not-base64"},
			want:      []string{"Fusebill Authentication Failed", "Authorization key is not in the correct format"},
		},
		"another customer": {
			handler: respond(200, `{"id": 12345, "status": "Active"}`),
			want:    []string{"Unexpected Fusebill Response", "field id: expected 1, the requested customer, found 12345."},
		},
		"HTML": {
			handler: respond(200, "<html><body>Sign in</body></html>"),
			want:    []string{"Unexpected Fusebill Response", "Sign in"},
		},
		"a wrong type": {
			handler: respond(200, `{"id": 1, "arBalance": "much"}`),
			want:    []string{"Unexpected Fusebill Response", `field arBalance: expected a decimal number of ordinary size, found a string.`},
		},
		"a redirect": {
			handler: http.RedirectHandler("https://login.example.com/", http.StatusFound),
			want:    []string{"Unexpected Fusebill Response", "redirect to login.example.com", "to avoid sending the API key to another host"},
		},
		"an error of the API": {
			handler:   respond(503, "down for maintenance"),
			variables: map[string]string{"FUSEBILL_MAX_RETRIES": "1"},
			want:      []string{"Unable to Reach Fusebill", "after 2 attempts", "503 Service Unavailable: 20 bytes of text/plain."},
		},
		"a used-up window": {
			handler:  respond(429, ""),
			timeouts: `timeouts = { read = "1s" }`,
			want:     []string{"Fusebill Rate Limit Reached", "the API refuses requests until about"},
		},
		"no response in time": {
			handler:   hang,
			variables: map[string]string{"FUSEBILL_REQUEST_TIMEOUT": "50ms", "FUSEBILL_MAX_RETRIES": "0"},
			want:      []string{"Unable to Reach Fusebill", "The provider's request_timeout is 50ms"},
		},
		"no response before the read's deadline": {
			handler:  hang,
			timeouts: `timeouts = { read = "50ms" }`,
			want:     []string{"Unable to Reach Fusebill", "The read exceeded its timeout."},
		},
		"a timeout that is none": {
			timeouts: `timeouts = { read = "soon" }`,
			want:     []string{`"soon"`},
		},
		"a timeout of zero": {
			timeouts: `timeouts = { read = "0s" }`,
			want:     []string{"Invalid Timeout", "timeouts.read must be greater than zero, got 0s."},
		},
		"a negative timeout": {
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

// Each fault that may pass, twice before a good answer, is survived.
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

// The real API, if there is a key.
func TestAccCustomerOverviewDataSource_realAPI(t *testing.T) {
	t.Parallel()
	key, id := os.Getenv("FUSEBILL_API_KEY"), os.Getenv("FUSEBILL_CUSTOMER_ID")
	if key == "" || id == "" {
		t.Skip("skipped: the real API is read only where FUSEBILL_API_KEY and FUSEBILL_CUSTOMER_ID are set")
	}
	variables := map[string]string{}
	for _, name := range []string{"FUSEBILL_API_KEY", "FUSEBILL_ENVIRONMENT", "FUSEBILL_BASE_URL"} {
		variables[name] = os.Getenv(name)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(variables),
		Steps: []resource.TestStep{{
			Config: config(readOverview(id)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(overviewAddress, tfjsonpath.New("exists"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue(overviewAddress, tfjsonpath.New("status"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(overviewAddress, tfjsonpath.New("created_timestamp"), knownvalue.NotNull()),
			},
		}},
	})
}
