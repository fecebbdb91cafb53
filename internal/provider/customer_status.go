package provider

import "time"

// customerStatus shows what gates and policies need: nothing personal, and no
// money.
var customerStatus = view{plural: "statuses", fields: []field[overview]{
	idField,
	statusField,
	customerAccountStatusField,
	statusTimestampField,
	customerAccountStatusTimestampField,
	daysUntilSuspensionField,
	daysUntilCancellationField,
	nextBillingDateField,
	currencyField,
	parentIDField,
	isParentField,
	booleanField("is_active", "Whether `status` is `Active`.",
		func(o *overview) *bool { return is(o.Status, "Active") }),
	booleanField("in_good_standing", "Whether `customer_account_status` is `Good`.",
		func(o *overview) *bool { return is(o.CustomerAccountStatus, "Good") }),
}}

// is compares a text that may be missing, which is nothing else then.
func is(text *string, want string) *bool {
	same := text != nil && *text == want
	return &same
}

// The fields that the status shares with the overview.
var (
	idField = integerField("id", "The customer's Fusebill id.",
		func(o *overview) *int64 { return &o.ID })
	statusField = textField("status", "Where the customer is in its life: `Draft` (not billed yet), `Active`, `Hold` (paused by hand), `Suspended` (paused by the system after the grace period "+
		"in poor standing, and lifted by itself) or `Cancelled` (ended; can be undone). Fusebill may add others.",
		func(o *overview) *string { return o.Status })
	customerAccountStatusField = textField("customer_account_status", "How the customer stands with payments: `Good`, `PoorStanding` or `Collection`. Fusebill may add others.",
		func(o *overview) *string { return o.CustomerAccountStatus })
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
	currencyField = textField("currency", "The customer's currency, an ISO 4217 code such as `USD`.",
		func(o *overview) *string { return o.Currency })
	parentIDField = integerField("parent_id", "The Fusebill id of the customer's parent. Null where it has none.",
		func(o *overview) *int64 { return o.ParentID })
	isParentField = booleanField("is_parent", "Whether the customer is the parent of others.",
		func(o *overview) *bool { return o.IsParent })
)
