package provider

import (
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

type customer = fusebill.Customer

// The fields of a customer that several surfaces have. The descriptions follow the
// vendor's page.
var (
	idField = integerField("id", "The customer's Fusebill id.",
		func(c *customer) *int64 { return &c.ID })
	statusField = textField("status", "Where the customer is in its life: `Draft` (not billed yet), `Active`, `Hold` (paused by hand), `Suspended` (paused by the system after the grace period "+
		"in poor standing, and lifted by itself) or `Cancelled` (ended; can be undone). Fusebill may add others.",
		func(c *customer) *string { return c.Status })
	customerAccountStatusField = textField("customer_account_status", "How the customer stands with payments: `Good`, `PoorStanding` or `Collection`. Fusebill may add others.",
		func(c *customer) *string { return c.CustomerAccountStatus })
	currencyField = textField("currency", "The customer's currency, an ISO 4217 code such as `USD`.",
		func(c *customer) *string { return c.Currency })
	parentIDField = integerField("parent_id", "The Fusebill id of the customer's parent. Null where it has none.",
		func(c *customer) *int64 { return c.ParentID })
	isParentField = booleanField("is_parent", "Whether the customer is the parent of others.",
		func(c *customer) *bool { return c.IsParent })
	isActiveField = booleanField("is_active", "Whether `status` is `Active`.",
		func(c *customer) *bool { return is(c.Status, "Active") })
	inGoodStandingField = booleanField("in_good_standing", "Whether `customer_account_status` is `Good`.",
		func(c *customer) *bool { return is(c.CustomerAccountStatus, "Good") })
	referenceField = textField("reference", "The account's own name for the customer, such as a number in another system. It is not unique; only `id` is.",
		func(c *customer) *string { return c.Reference })
	createdTimestampField = timestampField("created_timestamp", "When the customer was created.",
		func(c *customer) *time.Time { return c.CreatedTimestamp })
)

// is compares a text that may be missing, which is nothing else then.
func is(text *string, want string) *bool {
	same := text != nil && *text == want
	return &same
}
