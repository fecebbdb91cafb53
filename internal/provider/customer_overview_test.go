// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// The fields are the API's 44, with the types that the vendor declares.
func TestCustomerOverviewFields(t *testing.T) {
	t.Parallel()
	want := map[string]attr.Type{}
	for attributeType, names := range map[attr.Type]string{
		types.StringType: `title first_name middle_name last_name suffix primary_email primary_phone secondary_email secondary_phone
			company_name reference status customer_account_status currency salesforce_synch_status salesforce_id
			netsuite_id geotab_id digital_river_id avalara_id parent_name uri
			quickbooks_id hubspot_id hubspot_company_id sage_intacct_id`,
		timetypes.RFC3339Type{}: `created_timestamp customer_account_status_timestamp status_timestamp next_billing_date`,
		types.NumberType: `pending_charges ar_balance unallocated_payments unallocated_credits unallocated_opening_balance
			lifetime_value monthly_recurring_revenue net_monthly_recurring_revenue`,
		types.Int64Type: `days_until_suspension days_until_cancellation parent_id unknown_payment_activity_id id`,
		types.BoolType:  `is_parent`,
	} {
		for name := range strings.FieldsSeq(names) {
			want[name] = attributeType
		}
	}
	got := map[string]attr.Type{}
	for _, f := range customerOverview.fields {
		got[f.name] = f.attribute.GetType()
	}
	if diff := cmp.Diff(want, got); diff != "" || len(customerOverview.fields) != 44 {
		t.Errorf("there are %d fields, want 44 (-want +got):\n%s", len(customerOverview.fields), diff)
	}
}

// zero is a decimal that is there and 0.
var zero = knownvalue.NumberExact(new(big.Float))

// sampleOverview holds the expected attributes of the vendor's sample.
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

// without returns the checks with some of them turned to null.
func without(checks map[string]knownvalue.Check, names ...string) map[string]knownvalue.Check {
	changed := maps.Clone(checks)
	for _, name := range names {
		changed[name] = knownvalue.Null()
	}
	return changed
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

// Every known form of time is read as UTC, and works with Terraform's own
// functions.
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
