// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// plurals are the plural data sources that read by ID, with the attribute that contains
// the results.
var plurals = map[string]string{
	"fusebill_customer_overviews": "overviews",
	"fusebill_customer_statuses":  "statuses",
}

// readPlural returns a data source that reads customers, with further arguments, and
// all of it as an output.
func readPlural(dataSource, ids string, arguments ...string) string {
	return config(fmt.Sprintf(`
data "%[1]s" "x" {
  customer_ids = %[2]s
  %[3]s
}

output "whole" {
  value = data.%[1]s.x
}
`, dataSource, ids, strings.Join(arguments, "\n  ")))
}

func TestAccPlural_sample(t *testing.T) {
	t.Parallel()
	samples := map[string]map[string]knownvalue.Check{
		"fusebill_customer_overviews": sampleOverview,
		"fusebill_customer_statuses":  sampleStatus,
	}
	for dataSource, attribute := range plurals {
		t.Run(dataSource, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Fleet: 2})
			whole := map[string]knownvalue.Check{
				"customer_ids": knownvalue.ListExact([]knownvalue.Check{
					knownvalue.Int64Exact(fusebilltest.SampleID), knownvalue.Int64Exact(2), knownvalue.Int64Exact(fusebilltest.SampleID),
				}),
				attribute: knownvalue.MapExact(map[string]knownvalue.Check{
					"650084": knownvalue.ObjectExact(samples[dataSource]),
					"2": knownvalue.ObjectPartial(map[string]knownvalue.Check{
						"id": knownvalue.Int64Exact(2), "status": knownvalue.StringExact("Active"),
					}),
				}),
				"missing_customer_ids": knownvalue.ListExact(nil),
				"allow_missing":        knownvalue.Null(),
				"timeouts":             knownvalue.ObjectExact(map[string]knownvalue.Check{"read": knownvalue.StringExact("1m")}),
			}
			if dataSource == "fusebill_customer_overviews" {
				whole["include_financials"] = knownvalue.Null()
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(pointedAt(serve(t, api))),
				Steps: []resource.TestStep{{
					Config:            readPlural(dataSource, "[650084, 2, 650084]", `timeouts = { read = "1m" }`),
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("whole", knownvalue.ObjectExact(whole))},
				}},
			})
		})
	}
}

func TestAccCustomerOverviewsDataSource_withoutFinancials(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{}))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{{
			Config: readPlural("fusebill_customer_overviews", "[650084]", "include_financials = false"),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValueAtPath("whole",
				tfjsonpath.New("overviews").AtMapKey("650084"), knownvalue.ObjectExact(without(sampleOverview, amounts...)))},
		}},
	})
}

// An empty list has empty results, and sends no request.
func TestAccPlural_empty(t *testing.T) {
	t.Parallel()
	for dataSource, attribute := range plurals {
		t.Run(dataSource, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(pointedAt(serve(t, api))),
				Steps: []resource.TestStep{{
					Config: readPlural(dataSource, "[]"),
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("whole",
						knownvalue.ObjectPartial(map[string]knownvalue.Check{
							attribute:              knownvalue.MapExact(nil),
							"missing_customer_ids": knownvalue.ListExact(nil),
						}))},
				}},
			})
			if n := api.Stats().Requests; n != 0 {
				t.Errorf("%d requests were sent, want none", n)
			}
		})
	}
}

// Each invalid ID is an error on its place in the list, before any request.
func TestAccPlural_invalidIDs(t *testing.T) {
	t.Parallel()
	for dataSource := range plurals {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 10})
		url := serve(t, api)
		for ids, want := range map[string][]string{
			"[1, 0]":                        {"customer_ids[1] must be a positive integer of at most 64 bits, got 0."},
			"[-1]":                          {"customer_ids[0] must be a positive integer of at most 64 bits, got -1."},
			"[1.5]":                         {"customer_ids[0] must be a positive integer of at most 64 bits, got 1.5."},
			"[1, 2, null]":                  {"customer_ids[2] must be a positive integer of at most 64 bits, got null."},
			"[9223372036854775808]":         {"Invalid Customer ID"},
			`["abc"]`:                       {"a number is required"},
			"null":                          {"Must set a configuration value for the customer_ids attribute"},
			"7":                             {"list of number required"},
			"[terraform_data.id.output, 0]": {"customer_ids[1] must be a positive integer of at most 64 bits, got 0."},
		} {
			t.Run(dataSource+" "+ids, func(t *testing.T) {
				t.Parallel()
				resource.Test(t, resource.TestCase{
					ProtoV6ProviderFactories: factories(pointedAt(url)),
					Steps: []resource.TestStep{{
						Config:      readPlural(dataSource, ids) + "\nresource \"terraform_data\" \"id\" {\n  input = 1\n}\n",
						ExpectError: message(want...),
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
}

// IDs that are unknown during plan defer the read to apply.
func TestAccPlural_unknownIDs(t *testing.T) {
	t.Parallel()
	for dataSource, attribute := range plurals {
		for _, ids := range []string{"[650084, terraform_data.ids.output[0]]", "terraform_data.ids.output"} {
			t.Run(dataSource+" "+ids, func(t *testing.T) {
				t.Parallel()
				url := serve(t, fusebilltest.New(fusebilltest.Options{}))
				address := "data." + dataSource + ".x"
				resource.Test(t, resource.TestCase{
					ProtoV6ProviderFactories: factories(pointedAt(url)),
					Steps: []resource.TestStep{{
						Config: readPlural(dataSource, ids) + "\nresource \"terraform_data\" \"ids\" {\n  input = [650084]\n}\n",
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
							plancheck.ExpectResourceAction(address, plancheck.ResourceActionRead),
							plancheck.ExpectUnknownValue(address, tfjsonpath.New(attribute)),
						}},
						ConfigStateChecks: []statecheck.StateCheck{
							statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute).AtMapKey("650084").AtMapKey("status"),
								knownvalue.StringExact("Active")),
						},
					}},
				})
			})
		}
	}
}
