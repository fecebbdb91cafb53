package provider

import (
	"math/big"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

type overview = fusebill.CustomerOverview

// ofOverview makes a customer's field one of its overview.
func ofOverview(f field[customer]) field[overview] {
	return of(f, func(o *overview) *customer { return &o.Customer })
}

// customerOverview shows all that there is.
var customerOverview = view{singular: "customer_overview", plural: "overviews", fields: customerOverviewFields, financials: true}

// customerOverviewFields are the 44 fields of a customer's overview, in the order
// of the vendor's page. The descriptions follow that page.
var customerOverviewFields = []field[overview]{
	textField("title", "The contact's form of address, such as `Dr`.",
		func(o *overview) *string { return o.Title }),
	textField("first_name", "The contact's first name.",
		func(o *overview) *string { return o.FirstName }),
	textField("middle_name", "The contact's middle name.",
		func(o *overview) *string { return o.MiddleName }),
	textField("last_name", "The contact's last name.",
		func(o *overview) *string { return o.LastName }),
	textField("suffix", "What follows the contact's name, such as `Jr.`.",
		func(o *overview) *string { return o.Suffix }),
	textField("primary_email", "The contact's email address. Fusebill allows several here, joined by `; `.",
		func(o *overview) *string { return o.PrimaryEmail }),
	textField("primary_phone", "The contact's phone number, as it was entered.",
		func(o *overview) *string { return o.PrimaryPhone }),
	textField("secondary_email", "The contact's second email address.",
		func(o *overview) *string { return o.SecondaryEmail }),
	textField("secondary_phone", "The contact's second phone number, as it was entered.",
		func(o *overview) *string { return o.SecondaryPhone }),
	textField("company_name", "The name of the customer's company.",
		func(o *overview) *string { return o.CompanyName }),
	ofOverview(referenceField),
	ofOverview(createdTimestampField),
	ofOverview(statusField),
	ofOverview(customerAccountStatusField),
	decimalField("pending_charges", "Charges that are not invoiced yet, in `currency`.",
		func(o *overview) *big.Float { return o.PendingCharges }),
	decimalField("ar_balance", "The balance of accounts receivable: what the customer owes, in `currency`. Below zero is a credit.",
		func(o *overview) *big.Float { return o.ARBalance }),
	decimalField("unallocated_payments", "Payments that are not allocated to an invoice, in `currency`.",
		func(o *overview) *big.Float { return o.UnallocatedPayments }),
	decimalField("unallocated_credits", "Credits that are not allocated to an invoice, in `currency`.",
		func(o *overview) *big.Float { return o.UnallocatedCredits }),
	decimalField("unallocated_opening_balance", "What is left unallocated of the balance that the customer came with, in `currency`.",
		func(o *overview) *big.Float { return o.UnallocatedOpeningBalance }),
	ofOverview(currencyField),
	daysUntilSuspensionField,
	daysUntilCancellationField,
	customerAccountStatusTimestampField,
	statusTimestampField,
	decimalField("lifetime_value", "What the customer has brought in since the beginning, in `currency`.",
		func(o *overview) *big.Float { return o.LifetimeValue }),
	decimalField("monthly_recurring_revenue", "Recurring revenue per month before discounts, in `currency`.",
		func(o *overview) *big.Float { return o.MonthlyRecurringRevenue }),
	decimalField("net_monthly_recurring_revenue", "Recurring revenue per month after discounts, in `currency`.",
		func(o *overview) *big.Float { return o.NetMonthlyRecurringRevenue }),
	nextBillingDateField,
	textField("salesforce_synch_status", "Whether the customer is kept in step with Salesforce: `Enabled` or `Disabled`.",
		func(o *overview) *string { return o.SalesforceSynchStatus }),
	textField("salesforce_id", "The customer's id in Salesforce.",
		func(o *overview) *string { return o.SalesforceID }),
	integerField("quickbooks_id", "The customer's id in QuickBooks.",
		func(o *overview) *int64 { return o.QuickbooksID }),
	integerField("hubspot_id", "The contact's id in HubSpot.",
		func(o *overview) *int64 { return o.HubSpotID }),
	integerField("hubspot_company_id", "The company's id in HubSpot.",
		func(o *overview) *int64 { return o.HubSpotCompanyID }),
	integerField("sage_intacct_id", "The customer's id in Sage Intacct.",
		func(o *overview) *int64 { return o.SageIntacctID }),
	textField("netsuite_id", "The customer's id in NetSuite.",
		func(o *overview) *string { return o.NetsuiteID }),
	textField("geotab_id", "The customer's id in Geotab.",
		func(o *overview) *string { return o.GeotabID }),
	textField("digital_river_id", "The customer's id in Digital River.",
		func(o *overview) *string { return o.DigitalRiverID }),
	textField("avalara_id", "The customer's id in Avalara.",
		func(o *overview) *string { return o.AvalaraID }),
	ofOverview(parentIDField),
	textField("parent_name", "The name of the customer's parent.",
		func(o *overview) *string { return o.ParentName }),
	ofOverview(isParentField),
	integerField("unknown_payment_activity_id", "The id of a payment of the customer whose outcome is unknown. Null where there is none.",
		func(o *overview) *int64 { return o.UnknownPaymentActivityID }),
	ofOverview(idField),
	textField("uri", "The overview's address in the API, absolute or a bare path.",
		func(o *overview) *string { return o.URI }),
}
