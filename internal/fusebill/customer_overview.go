package fusebill

import (
	"math/big"
	"strconv"
	"time"
)

// CustomerOverview is the API's short form of a customer, with balances. All but
// the id may be nil, and an empty string is not the same as nil. Fields and types
// are those of the vendor's page on the call.
//
// Decimals have 512 bits of precision, with which Terraform parses numbers.
// Times are UTC. Enumerations may hold values that the vendor adds later.
type CustomerOverview struct {
	Customer
	Title      *string
	FirstName  *string
	MiddleName *string
	LastName   *string
	Suffix     *string
	// PrimaryEmail may hold several addresses joined by "; ".
	PrimaryEmail                   *string
	PrimaryPhone                   *string
	SecondaryEmail                 *string
	SecondaryPhone                 *string
	CompanyName                    *string
	PendingCharges                 *big.Float
	ARBalance                      *big.Float
	UnallocatedPayments            *big.Float
	UnallocatedCredits             *big.Float
	UnallocatedOpeningBalance      *big.Float
	DaysUntilSuspension            *int64
	DaysUntilCancellation          *int64
	CustomerAccountStatusTimestamp *time.Time
	StatusTimestamp                *time.Time
	LifetimeValue                  *big.Float
	MonthlyRecurringRevenue        *big.Float
	NetMonthlyRecurringRevenue     *big.Float
	NextBillingDate                *time.Time
	// SalesforceSynchStatus is Enabled or Disabled.
	SalesforceSynchStatus    *string
	SalesforceID             *string
	QuickbooksID             *int64
	HubSpotID                *int64
	HubSpotCompanyID         *int64
	SageIntacctID            *int64
	NetsuiteID               *string
	GeotabID                 *string
	DigitalRiverID           *string
	AvalaraID                *string
	ParentName               *string
	UnknownPaymentActivityID *int64
	// URI is absolute or a bare path.
	URI *string
}

// decodeCustomerOverview reads the body of an overview that was asked for by
// the given id. It fails with a [DecodeError] whose Found is the server's raw
// text.
func decodeCustomerOverview(body []byte, id int64, options CustomerOverviewOptions) (*CustomerOverview, error) {
	d, err := decodeObject(body)
	if err != nil {
		return nil, err
	}
	overview := &CustomerOverview{
		Customer:                       d.customer(),
		Title:                          d.text("title"),
		FirstName:                      d.text("firstName"),
		MiddleName:                     d.text("middleName"),
		LastName:                       d.text("lastName"),
		Suffix:                         d.text("suffix"),
		PrimaryEmail:                   d.text("primaryEmail"),
		PrimaryPhone:                   d.text("primaryPhone"),
		SecondaryEmail:                 d.text("secondaryEmail"),
		SecondaryPhone:                 d.text("secondaryPhone"),
		CompanyName:                    d.text("companyName"),
		DaysUntilSuspension:            d.integer("daysUntilSuspension"),
		DaysUntilCancellation:          d.integer("daysUntilCancellation"),
		CustomerAccountStatusTimestamp: d.timestamp("customerAccountStatusTimestamp"),
		StatusTimestamp:                d.timestamp("statusTimestamp"),
		NextBillingDate:                d.timestamp("nextBillingDate"),
		SalesforceSynchStatus:          d.text("salesforceSynchStatus"),
		SalesforceID:                   d.text("salesforceId"),
		QuickbooksID:                   d.integer("quickbooksId"),
		HubSpotID:                      d.integer("hubSpotId"),
		HubSpotCompanyID:               d.integer("hubSpotCompanyId"),
		SageIntacctID:                  d.integer("sageIntacctId"),
		NetsuiteID:                     d.text("netsuiteId"),
		GeotabID:                       d.text("geotabId"),
		DigitalRiverID:                 d.text("digitalRiverId"),
		AvalaraID:                      d.text("avalaraId"),
		ParentName:                     d.text("parentName"),
		UnknownPaymentActivityID:       d.integer("unknownPaymentActivityId"),
		URI:                            d.text("uri"),
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
	if overview.ID != id {
		d.reject("id", strconv.FormatInt(id, 10)+", the customer that was asked for")
	}
	if d.err != nil {
		return nil, d.err
	}
	return overview, nil
}
