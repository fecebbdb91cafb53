// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// echo returns a configuration that stores the result of an ephemeral resource, for the test alone.
func echo(arguments string) string {
	return `
terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
    echo = {
      source = "fusebill/echo" # The test harness serves all providers under one namespace.
    }
  }
}

ephemeral "fusebill_customer_overview" "x" {
  ` + arguments + `
}

provider "echo" {
  data = ephemeral.fusebill_customer_overview.x
}

resource "echo" "x" {}
`
}

func TestAccCustomerOverviewEphemeralResource(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{}))
	sample := func(exists bool, changed map[string]knownvalue.Check) map[string]knownvalue.Check {
		whole := maps.Clone(sampleOverview)
		maps.Copy(whole, map[string]knownvalue.Check{
			"exists":             knownvalue.Bool(exists),
			"customer_id":        knownvalue.Int64Exact(fusebilltest.SampleID),
			"include_financials": knownvalue.Null(),
			"allow_missing":      knownvalue.Null(),
			"timeouts":           knownvalue.Null(),
		})
		maps.Copy(whole, changed)
		return whole
	}
	missing := map[string]knownvalue.Check{"customer_id": knownvalue.Int64Exact(2), "allow_missing": knownvalue.Bool(true)}
	for name := range sampleOverview {
		missing[name] = knownvalue.Null()
	}
	withoutFinancials := map[string]knownvalue.Check{"include_financials": knownvalue.Bool(false)}
	for _, name := range amounts {
		withoutFinancials[name] = knownvalue.Null()
	}
	for name, test := range map[string]struct {
		arguments string
		want      map[string]knownvalue.Check
		err       []string
	}{
		"sample": {arguments: "customer_id = 650084", want: sample(true, nil)},
		"without_financials": {
			arguments: "customer_id = 650084\n  include_financials = false",
			want:      sample(true, withoutFinancials),
		},
		"with_timeouts": {
			arguments: `customer_id = 650084` + "\n" + `timeouts = { open = "1m" }`,
			want: sample(true, map[string]knownvalue.Check{
				"timeouts": knownvalue.ObjectExact(map[string]knownvalue.Check{"open": knownvalue.StringExact("1m")}),
			}),
		},
		"missing_which_is_allowed": {arguments: "customer_id = 2\n  allow_missing = true", want: sample(false, missing)},
		"missing":                  {arguments: "customer_id = 2", err: []string{"Customer Not Found", "Unable to read customer 2 from"}},
		"invalid_id": {
			arguments: "customer_id = 0",
			err:       []string{"Invalid Customer ID", "customer_id must be a positive integer of at most 64 bits, got 0."},
		},
		"invalid_timeout": {arguments: `customer_id = 650084` + "\n" + `timeouts = { open = "soon" }`, err: []string{`"soon"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			providers := factories(pointedAt(url))
			providers["echo"] = echoprovider.NewProviderServer()
			step := resource.TestStep{Config: echo(test.arguments)}
			if test.err != nil {
				step.ExpectError = message(test.err...)
			} else {
				step.ConfigStateChecks = []statecheck.StateCheck{
					statecheck.ExpectKnownValue("echo.x", tfjsonpath.New("data"), knownvalue.ObjectExact(test.want)),
				}
			}
			resource.Test(t, resource.TestCase{
				TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(ephemeralSince)},
				ProtoV6ProviderFactories: providers,
				Steps:                    []resource.TestStep{step},
			})
		})
	}
}
