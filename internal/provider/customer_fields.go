// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// The fields that the overview, the status, and the list share. The descriptions follow the
// vendor's reference: https://developer.fusebill.com/reference.
var (
	idField = integerField("id", "ID of the customer in Fusebill.",
		func(c *fusebill.Customer) *int64 { return &c.ID })
	statusField = textField("status", "Status of the customer: `Draft` (not yet billed), `Active`, `Hold` (paused manually), "+
		"`Suspended` (paused by Fusebill when the grace period in poor standing ends; reversed automatically on payment), "+
		"or `Cancelled` (can be reactivated). Fusebill may add statuses.",
		func(c *fusebill.Customer) *string { return c.Status })
	customerAccountStatusField = textField("customer_account_status", "Payment standing of the customer: `Good`, `PoorStanding`, "+
		"or `Collection`. Fusebill may add statuses.",
		func(c *fusebill.Customer) *string { return c.CustomerAccountStatus })
	currencyField = textField("currency", "Currency of the customer, an ISO 4217 code such as `USD`.",
		func(c *fusebill.Customer) *string { return c.Currency })
	parentIDField = integerField("parent_id", "ID of the parent customer in Fusebill. Null if the customer has no parent.",
		func(c *fusebill.Customer) *int64 { return c.ParentID })
	isParentField = booleanField("is_parent", "Whether the customer is the parent of other customers.",
		func(c *fusebill.Customer) *bool { return c.IsParent })
	isActiveField = booleanField("is_active", "Whether `status` is `Active`.",
		func(c *fusebill.Customer) *bool { return equals(c.Status, "Active") })
	inGoodStandingField = booleanField("in_good_standing", "Whether `customer_account_status` is `Good`.",
		func(c *fusebill.Customer) *bool { return equals(c.CustomerAccountStatus, "Good") })
)

// referenceField and createdTimestampField are fields of the overview and the list, but not of a status.

func referenceField[T any](value func(*T) *string) field[T] {
	return textField("reference", "Customer reference assigned by your organization, such as a number from another system. "+
		"Not guaranteed to be unique.", value)
}

func createdTimestampField[T any](value func(*T) *time.Time) field[T] {
	return timestampField("created_timestamp", "Time at which the customer was created.", value)
}

// equals returns whether text is equal to want. Nil is not equal.
func equals(text *string, want string) *bool {
	equal := text != nil && *text == want
	return &equal
}
