// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// sampleStatus is the status of the vendor's sample, for all data sources that have it.
var sampleStatus = func() map[string]knownvalue.Check {
	status := map[string]knownvalue.Check{"is_active": knownvalue.Bool(true), "in_good_standing": knownvalue.Bool(true)}
	for name := range strings.FieldsSeq(`id status customer_account_status status_timestamp
		customer_account_status_timestamp days_until_suspension
		days_until_cancellation next_billing_date currency parent_id is_parent`) {
		status[name] = sampleOverview[name]
	}
	return status
}()

func TestAccCustomerStatusDataSource_sample(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{}))
	whole := maps.Clone(sampleStatus)
	maps.Copy(whole, map[string]knownvalue.Check{
		"exists":        knownvalue.Bool(true),
		"customer_id":   knownvalue.Int64Exact(fusebilltest.SampleID),
		"allow_missing": knownvalue.Null(),
		"timeouts":      knownvalue.Null(),
	})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{{
			Config: config(`
data "fusebill_customer_status" "x" {
  customer_id = 650084
}

output "whole" {
  value = data.fusebill_customer_status.x
}
`),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("whole", knownvalue.ObjectExact(whole))},
		}},
	})
}

// is_active and in_good_standing are true only for the statuses Active and Good, and never null for a customer that
// exists.
func TestCustomerStatusDataSource_derived(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status, account any
		active, good    bool
	}{
		"active_and_good":    {"Active", "Good", true, true},
		"active_but_poor":    {"Active", "PoorStanding", true, false},
		"suspended_but_good": {"Suspended", "Good", false, true},
		"new_words":          {"Dormant", "Excellent", false, false},
		"other_cases":        {"active", "good", false, false},
		"null":               {nil, nil, false, false},
		"empty":              {"", "", false, false},
		"cancelled_collects": {"Cancelled", "Collection", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{})
			api.SetCustomer(1, map[string]any{"id": 1, "status": test.status, "customerAccountStatus": test.account})
			p := newProtocol(t, pointedAt(serve(t, api)))
			p.configure(t, nil, false)
			read := p.read(t, "fusebill_customer_status", customerIDArg(1))
			requireNoDiagnostics(t, read.Diagnostics)
			values := attributes(t, p.schemas.DataSourceSchemas["fusebill_customer_status"], read.State)
			for name, want := range map[string]bool{"is_active": test.active, "in_good_standing": test.good, "exists": true} {
				var got *bool
				if err := values[name].As(&got); err != nil || got == nil || *got != want {
					t.Errorf("%s is %s, want %t", name, values[name], want)
				}
			}
		})
	}
}

func TestAccCustomerStatusDataSource_missing(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{}))
	read := func(arguments string) string {
		return config(fmt.Sprintf(`
data "fusebill_customer_status" "x" {
  customer_id = 2
  %s
}

output "whole" {
  value = data.fusebill_customer_status.x
}
`, arguments))
	}
	missing := map[string]knownvalue.Check{
		"customer_id":   knownvalue.Int64Exact(2),
		"exists":        knownvalue.Bool(false),
		"allow_missing": knownvalue.Bool(true),
		"timeouts":      knownvalue.Null(),
	}
	for name := range sampleStatus {
		missing[name] = knownvalue.Null()
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{
			{
				Config:      read(""),
				ExpectError: message("Customer Not Found", "Unable to read customer 2 from"),
			},
			{
				Config:            read("allow_missing = true"),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("whole", knownvalue.ObjectExact(missing))},
			},
		},
	})
}
