package provider

import "time"

// customerStatus shows what gates and policies need: nothing personal, and no
// money.
var customerStatus = view{singular: "customer_status", plural: "statuses", fields: []field[overview]{
	ofOverview(idField),
	ofOverview(statusField),
	ofOverview(customerAccountStatusField),
	statusTimestampField,
	customerAccountStatusTimestampField,
	daysUntilSuspensionField,
	daysUntilCancellationField,
	nextBillingDateField,
	ofOverview(currencyField),
	ofOverview(parentIDField),
	ofOverview(isParentField),
	ofOverview(isActiveField),
	ofOverview(inGoodStandingField),
}}

// The fields that the status shares with the overview, and with nothing else.
var (
	statusTimestampField = timestampField("status_timestamp", "When `status` last changed.",
		func(o *overview) *time.Time { return o.StatusTimestamp })
	customerAccountStatusTimestampField = timestampField("customer_account_status_timestamp", "When `customer_account_status` last changed.",
		func(o *overview) *time.Time { return o.CustomerAccountStatusTimestamp })
	daysUntilSuspensionField = integerField("days_until_suspension", "Days until the system suspends the customer. Null where no suspension is coming.",
		func(o *overview) *int64 { return o.DaysUntilSuspension })
	daysUntilCancellationField = integerField("days_until_cancellation", "Days until the system cancels the customer. Null where no cancellation is coming.",
		func(o *overview) *int64 { return o.DaysUntilCancellation })
	nextBillingDateField = timestampField("next_billing_date", "When the customer is billed next. Null where nothing is planned.",
		func(o *overview) *time.Time { return o.NextBillingDate })
)
