package fusebill

import "time"

// A Customer is what the overview and the list both tell of a customer. All but the id
// may be nil. Times are UTC. Enumerations may hold values that the vendor adds later.
type Customer struct {
	ID int64
	// Reference is the account's own name for the customer. It is not unique.
	Reference *string
	// Status is Draft, Active, Hold, Suspended or Cancelled.
	Status *string
	// CustomerAccountStatus is Good, PoorStanding or Collection.
	CustomerAccountStatus *string
	// Currency is an ISO 4217 code.
	Currency         *string
	ParentID         *int64
	IsParent         *bool
	CreatedTimestamp *time.Time
}

// customer reads the fields of a [Customer]. The id is 0 where there is none.
func (d *objectDecoder) customer() Customer {
	var customer Customer
	if id := d.integer("id"); id != nil {
		customer.ID = *id
	}
	customer.Reference = d.text("reference")
	customer.Status = d.text("status")
	customer.CustomerAccountStatus = d.text("customerAccountStatus")
	customer.Currency = d.text("currency")
	customer.ParentID = d.integer("parentId")
	customer.IsParent = d.boolean("isParent")
	customer.CreatedTimestamp = d.timestamp("createdTimestamp")
	return customer
}
