// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"net/http"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

const overviewAddress = "data.fusebill_customer_overview.x"

// overviewAttributes returns the checks of the data source's attributes.
func overviewAttributes(checks map[string]knownvalue.Check) []statecheck.StateCheck {
	var all []statecheck.StateCheck
	for name, check := range checks {
		all = append(all, statecheck.ExpectKnownValue(overviewAddress, tfjsonpath.New(name), check))
	}
	return all
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

// The real API, if there is a key.
func TestAccCustomerOverviewDataSource_realAPI(t *testing.T) {
	t.Parallel()
	key, id := os.Getenv("FUSEBILL_API_KEY"), os.Getenv("FUSEBILL_CUSTOMER_ID")
	if key == "" || id == "" {
		t.Skip("skipped: the real API is read only if FUSEBILL_API_KEY and FUSEBILL_CUSTOMER_ID are set")
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
