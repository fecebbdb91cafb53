// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"math/big"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// NewCustomerOverviewDataSource returns the data source fusebill_customer_overview.
func NewCustomerOverviewDataSource() datasource.DataSource {
	return &singularDataSource[fusebill.CustomerOverview]{
		typeName: "customer_overview",
		description: "Reads the overview of a customer: contact, status, balances, and revenue. The state contains all of these. " +
			"Uses one API request.",
		customerKind: customerOverview,
	}
}

// NewCustomerOverviewsDataSource returns the data source fusebill_customer_overviews.
func NewCustomerOverviewsDataSource() datasource.DataSource {
	return &pluralDataSource[fusebill.CustomerOverview]{
		typeName: "customer_overviews",
		description: "Reads the overviews of many customers: contacts, statuses, balances, and revenue. The state contains all of these. " +
			"Uses one API request for each customer.",
		singular:     "customer_overview",
		results:      "overviews",
		customerKind: customerOverview,
	}
}

var customerOverview = customerKind[fusebill.CustomerOverview]{
	fields:        customerOverviewFields(),
	hasFinancials: true,
	read: func(ctx context.Context, client *fusebill.Client, id int64, options customerOptions) (*fusebill.CustomerOverview, error) {
		return client.CustomerOverview(ctx, id, fusebill.CustomerOverviewOptions{WithoutFinancials: !options.includeFinancials})
	},
}

// customerOverviewFields returns the 44 fields of an overview: those of the status, and the others.
func customerOverviewFields() []field[fusebill.CustomerOverview] {
	var fields []field[fusebill.CustomerOverview]
	for _, f := range customerStatusFields {
		fields = append(fields, embedField(f, func(o *fusebill.CustomerOverview) *fusebill.CustomerStatus { return &o.CustomerStatus }))
	}
	fields = append(fields, contactFields...)
	fields = append(fields, financialFields...)
	return append(fields, otherSystemFields...)
}

// contactFields are the personal fields of an overview, and other names of the customer.
var contactFields = []field[fusebill.CustomerOverview]{
	textField("title", "Form of address of the contact, such as `Dr`.",
		func(o *fusebill.CustomerOverview) *string { return o.Title }),
	textField("first_name", "First name of the contact.",
		func(o *fusebill.CustomerOverview) *string { return o.FirstName }),
	textField("middle_name", "Middle name of the contact.",
		func(o *fusebill.CustomerOverview) *string { return o.MiddleName }),
	textField("last_name", "Last name of the contact.",
		func(o *fusebill.CustomerOverview) *string { return o.LastName }),
	textField("suffix", "Suffix of the contact's name, such as `Jr.`.",
		func(o *fusebill.CustomerOverview) *string { return o.Suffix }),
	textField("primary_email", "Email address of the contact. Can be several addresses, joined by `; `.",
		func(o *fusebill.CustomerOverview) *string { return o.PrimaryEmail }),
	textField("primary_phone", "Phone number of the contact, as entered.",
		func(o *fusebill.CustomerOverview) *string { return o.PrimaryPhone }),
	textField("secondary_email", "Second email address of the contact.",
		func(o *fusebill.CustomerOverview) *string { return o.SecondaryEmail }),
	textField("secondary_phone", "Second phone number of the contact, as entered.",
		func(o *fusebill.CustomerOverview) *string { return o.SecondaryPhone }),
	textField("company_name", "Name of the customer's company.",
		func(o *fusebill.CustomerOverview) *string { return o.CompanyName }),
	referenceField(func(o *fusebill.CustomerOverview) *string { return o.Reference }),
	createdTimestampField(func(o *fusebill.CustomerOverview) *time.Time { return o.CreatedTimestamp }),
	textField("parent_name", "Name of the parent customer.",
		func(o *fusebill.CustomerOverview) *string { return o.ParentName }),
	textField("uri", "URI of the overview in the API, absolute or a path.",
		func(o *fusebill.CustomerOverview) *string { return o.URI }),
}

// financialFields are the eight decimals of an overview.
var financialFields = []field[fusebill.CustomerOverview]{
	decimalField("pending_charges", "Charges that are not yet invoiced, in `currency`.",
		func(o *fusebill.CustomerOverview) *big.Float { return o.PendingCharges }),
	decimalField("ar_balance", "Accounts receivable balance: the amount that the customer owes, in `currency`. "+
		"A negative balance is a credit.",
		func(o *fusebill.CustomerOverview) *big.Float { return o.ARBalance }),
	decimalField("unallocated_payments", "Payments that are not allocated to an invoice, in `currency`.",
		func(o *fusebill.CustomerOverview) *big.Float { return o.UnallocatedPayments }),
	decimalField("unallocated_credits", "Credits that are not allocated to an invoice, in `currency`.",
		func(o *fusebill.CustomerOverview) *big.Float { return o.UnallocatedCredits }),
	decimalField("unallocated_opening_balance", "Unallocated portion of the customer's opening balance, in `currency`.",
		func(o *fusebill.CustomerOverview) *big.Float { return o.UnallocatedOpeningBalance }),
	decimalField("lifetime_value", "Total revenue from the customer to date, in `currency`.",
		func(o *fusebill.CustomerOverview) *big.Float { return o.LifetimeValue }),
	decimalField("monthly_recurring_revenue", "Monthly recurring revenue before discounts, in `currency`.",
		func(o *fusebill.CustomerOverview) *big.Float { return o.MonthlyRecurringRevenue }),
	decimalField("net_monthly_recurring_revenue", "Monthly recurring revenue after discounts, in `currency`.",
		func(o *fusebill.CustomerOverview) *big.Float { return o.NetMonthlyRecurringRevenue }),
}

// otherSystemFields are the IDs of the customer in other systems, which are strings because some systems
// use letters. The last one is an ID in Fusebill.
var otherSystemFields = []field[fusebill.CustomerOverview]{
	textField("salesforce_synch_status", "Whether synchronization with Salesforce is enabled for the customer: `Enabled` or `Disabled`.",
		func(o *fusebill.CustomerOverview) *string { return o.SalesforceSynchStatus }),
	textField("salesforce_id", "ID of the customer in Salesforce.",
		func(o *fusebill.CustomerOverview) *string { return o.SalesforceID }),
	textField("quickbooks_id", "ID of the customer in QuickBooks.",
		func(o *fusebill.CustomerOverview) *string { return o.QuickbooksID }),
	textField("hubspot_id", "ID of the contact in HubSpot.",
		func(o *fusebill.CustomerOverview) *string { return o.HubSpotID }),
	textField("hubspot_company_id", "ID of the company in HubSpot.",
		func(o *fusebill.CustomerOverview) *string { return o.HubSpotCompanyID }),
	textField("sage_intacct_id", "ID of the customer in Sage Intacct.",
		func(o *fusebill.CustomerOverview) *string { return o.SageIntacctID }),
	textField("netsuite_id", "ID of the customer in NetSuite.",
		func(o *fusebill.CustomerOverview) *string { return o.NetsuiteID }),
	textField("geotab_id", "ID of the customer in Geotab.",
		func(o *fusebill.CustomerOverview) *string { return o.GeotabID }),
	textField("digital_river_id", "ID of the customer in Digital River.",
		func(o *fusebill.CustomerOverview) *string { return o.DigitalRiverID }),
	textField("avalara_id", "ID of the customer in Avalara.",
		func(o *fusebill.CustomerOverview) *string { return o.AvalaraID }),
	integerField("unknown_payment_activity_id", "ID in Fusebill of a payment with an unknown outcome. "+
		"Null if the customer has none.",
		func(o *fusebill.CustomerOverview) *int64 { return o.UnknownPaymentActivityID }),
}
