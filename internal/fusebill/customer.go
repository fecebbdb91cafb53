// SPDX-License-Identifier: MPL-2.0

package fusebill

// Customer holds the fields that the overview, the status, and the list of customers share. All
// except ID can be nil. The vendor can add values to enumerations.
type Customer struct {
	// ID is the ID of the customer in Fusebill.
	ID int64
	// Status is Draft, Active, Hold, Suspended, or Cancelled.
	Status *string
	// CustomerAccountStatus is Good, PoorStanding, or Collection.
	CustomerAccountStatus *string
	// Currency is an ISO 4217 code.
	Currency *string
	// ParentID is the ID of the parent customer in Fusebill.
	ParentID *int64
	IsParent *bool
}

// customer decodes the fields of a [Customer]. The ID is 0 if the object has none.
func (d *objectDecoder) customer() Customer {
	customer := Customer{
		Status:                d.text("status"),
		CustomerAccountStatus: d.text("customerAccountStatus"),
		Currency:              d.text("currency"),
		ParentID:              d.integer("parentId"),
		IsParent:              d.boolean("isParent"),
	}
	if id := d.integer("id"); id != nil {
		customer.ID = *id
	}
	return customer
}
