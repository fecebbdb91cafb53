// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	configvar "github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// Every example runs, and has the outputs that it shows. The test fails for an example
// that it has no case of. Those of the guides, the policies and their tests are run
// where the built provider is.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	output := statecheck.ExpectKnownOutputValue
	text, number := knownvalue.StringExact, knownvalue.Int64Exact
	texts := func(values ...string) knownvalue.Check {
		var checks []knownvalue.Check
		for _, value := range values {
			checks = append(checks, text(value))
		}
		return knownvalue.TupleExact(checks)
	}
	cases := map[string]struct {
		variables configvar.Variables
		versions  []tfversion.TerraformVersionCheck
		checks    []statecheck.StateCheck
	}{
		"provider/provider.tf": {
			checks: []statecheck.StateCheck{output("may_be_provisioned", knownvalue.Bool(true))},
		},
		"data-sources/fusebill_customer_overview/data-source.tf": {
			checks: []statecheck.StateCheck{
				output("billing_contact", knownvalue.StringExact("[email protected]")),
				output("owes_anything", knownvalue.Bool(false)),
				output("customer_for_a_year", knownvalue.Bool(true)),
				output("exists", knownvalue.Bool(false)),
			},
		},
		"data-sources/fusebill_customer_overviews/data-source.tf": {
			checks: []statecheck.StateCheck{
				output("companies", knownvalue.ObjectExact(map[string]knownvalue.Check{
					"650084": text("9984242269"), "1": text("Company 1 Ltd."), "3": text("Company 3 Ltd."),
				})),
				output("owed_in_usd", knownvalue.NumberExact(decimal("19999999999999.99"))),
				output("unknown_to_fusebill", knownvalue.ListExact([]knownvalue.Check{number(999999)})),
			},
		},
		"data-sources/fusebill_customer_status/data-source.tf": {
			checks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("terraform_data.stack", tfjsonpath.New("output"), text("customer-650084")),
			},
		},
		"data-sources/fusebill_customer_statuses/data-source.tf": {
			checks: []statecheck.StateCheck{
				output("in_good_standing", texts("1", "2", "650084")),
				output("held_back", knownvalue.ObjectExact(map[string]knownvalue.Check{"6": text("Active, PoorStanding"), "8": text("Suspended, " +
					"Collection")})),
			},
		},
		"data-sources/fusebill_customers/data-source.tf": {
			checks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("terraform_data.stack[0]", tfjsonpath.New("output"), text("customer-2")),
				output("behind", knownvalue.ObjectExact(map[string]knownvalue.Check{"6": text("PoorStanding"), "8": text("Collection")})),
				output("children", knownvalue.ListExact([]knownvalue.Check{number(2)})),
			},
		},
		"ephemeral-resources/fusebill_customer_overview/ephemeral-resource.tf": {
			versions: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(ephemeralSince)},
			checks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("terraform_data.welcome", tfjsonpath.New("id"), knownvalue.NotNull()),
			},
		},
		"quickstart/main.tf": {
			variables: configvar.Variables{"customer_id": configvar.IntegerVariable(fusebilltest.SampleID)},
			checks: []statecheck.StateCheck{
				output("customer", knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"id":     knownvalue.Int64Exact(fusebilltest.SampleID),
					"status": knownvalue.StringExact("Active"),
				})),
			},
		},
	}
	files, err := filepath.Glob("../../examples/*/*.tf")
	if err != nil {
		t.Fatal(err)
	}
	deeper, err := filepath.Glob("../../examples/*/*/*.tf")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, deeper...) {
		name := strings.TrimPrefix(filepath.ToSlash(file), "../../examples/")
		if folder, _, _ := strings.Cut(name, "/"); slices.Contains([]string{"guides", "modules", "policies", "tests"}, folder) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			example, ok := cases[name]
			if !ok {
				t.Fatal("the example is run by no test")
			}
			configuration := readFile(t, file)
			if !strings.Contains(configuration, "required_providers") {
				configuration = config(configuration)
			}
			api := fusebilltest.New(fusebilltest.Options{Fleet: 10})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(pointedAt(serve(t, api))),
				TerraformVersionChecks:   example.versions,
				Steps: []resource.TestStep{{
					Config:            configuration,
					ConfigVariables:   example.variables,
					ConfigStateChecks: example.checks,
				}},
			})
			if strings.HasPrefix(name, "ephemeral-resources/") {
				requireOnlySuccess(t, api, fusebilltest.SampleID) // The state has no values that show the reads.
			}
		})
	}
	if len(files) == 0 || len(deeper) == 0 {
		t.Error("the examples were not found")
	}
}

// The quickstart creates no resources for a customer that is not in good standing.
func TestAccExamples_quickstartHoldsBack(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{Fleet: 10}))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{{
			Config:          readFile(t, "../../examples/quickstart/main.tf"),
			ConfigVariables: configvar.Variables{"customer_id": configvar.IntegerVariable(6)},
			ExpectError:     message("Resource precondition failed", "Customer 6 is Active and in PoorStanding: nothing is provisioned"),
		}},
	})
}

// decimal returns a number at the precision with which Terraform parses them.
func decimal(text string) *big.Float {
	number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	return number
}

// The quickstart accepts a customer that has only the fields that its conditions need.
func TestAccExamples_quickstartWithNulls(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{})
	api.SetCustomer(11, map[string]any{"id": 11, "status": "Active", "customerAccountStatus": "Good"})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(serve(t, api))),
		Steps: []resource.TestStep{{
			Config:          readFile(t, "../../examples/quickstart/main.tf"),
			ConfigVariables: configvar.Variables{"customer_id": configvar.IntegerVariable(11)},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("customer", knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"status":       knownvalue.StringExact("Active"),
					"company_name": knownvalue.Null(),
					"ar_balance":   knownvalue.Null(),
				})),
			},
		}},
	})
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
