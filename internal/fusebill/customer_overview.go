// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"math/big"
	"time"
)

// CustomerOverview is the overview of a customer. All fields except ID can be nil. An empty string
// differs from nil. Decimals have a precision of 512 bits, like Terraform's numbers. Times are UTC.
type CustomerOverview struct {
	CustomerStatus
	Title      *string
	FirstName  *string
	MiddleName *string
	LastName   *string
	Suffix     *string
	// PrimaryEmail can contain several addresses, joined by "; ".
	PrimaryEmail   *string
	PrimaryPhone   *string
	SecondaryEmail *string
	SecondaryPhone *string
	CompanyName    *string
	// Reference is the name of the customer in the account. It is not unique.
	Reference                  *string
	CreatedTimestamp           *time.Time
	PendingCharges             *big.Float
	ARBalance                  *big.Float
	UnallocatedPayments        *big.Float
	UnallocatedCredits         *big.Float
	UnallocatedOpeningBalance  *big.Float
	LifetimeValue              *big.Float
	MonthlyRecurringRevenue    *big.Float
	NetMonthlyRecurringRevenue *big.Float
	// SalesforceSynchStatus is Enabled or Disabled.
	SalesforceSynchStatus *string
	// The IDs in other systems are text: the vendor's pages disagree about their types, and some of
	// these systems use letters.
	SalesforceID     *string
	QuickbooksID     *string
	HubSpotID        *string
	HubSpotCompanyID *string
	SageIntacctID    *string
	NetsuiteID       *string
	GeotabID         *string
	DigitalRiverID   *string
	AvalaraID        *string
	ParentName       *string
	// UnknownPaymentActivityID is the ID in Fusebill of a payment with an unknown outcome.
	UnknownPaymentActivityID *int64
	// URI is absolute or a path.
	URI *string
}

// CustomerOverviewOptions are the options of [Client.CustomerOverview].
type CustomerOverviewOptions struct {
	// WithoutFinancials asks the API to omit the eight decimals. They are nil even if the API
	// returns them.
	WithoutFinancials bool
}

// CustomerOverview reads the overview of the customer with the given ID. The caller must not change
// the result, which concurrent reads share.
//
// The error is an [*APIError], a [*DecodeError], a [*RateLimitError], or a [*TransportError].
func (c *Client) CustomerOverview(ctx context.Context, id int64, options CustomerOverviewOptions) (*CustomerOverview, error) {
	return shareCustomer(ctx, c, id, options, decodeCustomerOverview)
}

// decodeCustomerOverview decodes the overview of the customer with the given ID.
func decodeCustomerOverview(d *objectDecoder, id int64, options CustomerOverviewOptions) *CustomerOverview {
	overview := &CustomerOverview{
		CustomerStatus:           *decodeCustomerStatus(d, id, options),
		Title:                    d.text("title"),
		FirstName:                d.text("firstName"),
		MiddleName:               d.text("middleName"),
		LastName:                 d.text("lastName"),
		Suffix:                   d.text("suffix"),
		PrimaryEmail:             d.text("primaryEmail"),
		PrimaryPhone:             d.text("primaryPhone"),
		SecondaryEmail:           d.text("secondaryEmail"),
		SecondaryPhone:           d.text("secondaryPhone"),
		CompanyName:              d.text("companyName"),
		Reference:                d.text("reference"),
		CreatedTimestamp:         d.timestamp("createdTimestamp"),
		SalesforceSynchStatus:    d.text("salesforceSynchStatus"),
		SalesforceID:             d.text("salesforceId"),
		QuickbooksID:             d.text("quickbooksId"),
		HubSpotID:                d.text("hubSpotId"),
		HubSpotCompanyID:         d.text("hubSpotCompanyId"),
		SageIntacctID:            d.text("sageIntacctId"),
		NetsuiteID:               d.text("netsuiteId"),
		GeotabID:                 d.text("geotabId"),
		DigitalRiverID:           d.text("digitalRiverId"),
		AvalaraID:                d.text("avalaraId"),
		ParentName:               d.text("parentName"),
		UnknownPaymentActivityID: d.integer("unknownPaymentActivityId"),
		URI:                      d.text("uri"),
	}
	if !options.WithoutFinancials {
		overview.PendingCharges = d.decimal("pendingCharges")
		overview.ARBalance = d.decimal("arBalance")
		overview.UnallocatedPayments = d.decimal("unallocatedPayments")
		overview.UnallocatedCredits = d.decimal("unallocatedCredits")
		overview.UnallocatedOpeningBalance = d.decimal("unallocatedOpeningBalance")
		overview.LifetimeValue = d.decimal("lifetimeValue")
		overview.MonthlyRecurringRevenue = d.decimal("monthlyRecurringRevenue")
		overview.NetMonthlyRecurringRevenue = d.decimal("netMonthlyRecurringRevenue")
	}
	return overview
}
