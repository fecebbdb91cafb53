package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	configvar "github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// Every example runs, and gives what it is there for. The test fails for an
// example that it has no case of.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	output := statecheck.ExpectKnownOutputValue
	cases := map[string]struct {
		variables configvar.Variables
		checks    []statecheck.StateCheck
	}{
		"provider/provider.tf": {},
		"data-sources/fusebill_customer_overview/data-source.tf": {
			checks: []statecheck.StateCheck{
				output("billing_contact", knownvalue.StringExact("[email protected]")),
				output("owes_anything", knownvalue.Bool(false)),
				output("customer_for_a_year", knownvalue.Bool(true)),
				output("exists", knownvalue.Bool(false)),
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
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(pointedAt(serve(t, fusebilltest.New(fusebilltest.Options{})))),
				Steps: []resource.TestStep{{
					Config:            configuration,
					ConfigVariables:   example.variables,
					ConfigStateChecks: example.checks,
				}},
			})
		})
	}
	if len(files) == 0 || len(deeper) == 0 {
		t.Error("the examples were not found")
	}
}

// The quickstart provisions nothing for a customer who is not in good standing.
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

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
