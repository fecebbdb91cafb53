// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
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
