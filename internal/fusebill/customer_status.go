// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"strconv"
	"time"
)

// CustomerStatus holds the fields of the overview that are neither personal nor financial. All except
// ID can be nil. Times are UTC.
type CustomerStatus struct {
	Customer
	StatusTimestamp                *time.Time
	CustomerAccountStatusTimestamp *time.Time
	DaysUntilSuspension            *int64
	DaysUntilCancellation          *int64
	NextBillingDate                *time.Time
}

// CustomerStatus reads the status of the customer with the given ID. It decodes only the fields of
// the status, and ignores errors in other fields. The caller must not change the result, which
// concurrent reads share.
//
// The error is an [*APIError], a [*DecodeError], a [*RateLimitError], or a [*TransportError].
func (c *Client) CustomerStatus(ctx context.Context, id int64) (*CustomerStatus, error) {
	return shareCustomer(ctx, c, id, CustomerOverviewOptions{WithoutFinancials: true}, decodeCustomerStatus)
}

// decodeCustomerStatus decodes the status of the customer with the given ID.
func decodeCustomerStatus(d *objectDecoder, id int64, _ CustomerOverviewOptions) *CustomerStatus {
	return &CustomerStatus{
		Customer:                       d.requestedCustomer(id),
		StatusTimestamp:                d.timestamp("statusTimestamp"),
		CustomerAccountStatusTimestamp: d.timestamp("customerAccountStatusTimestamp"),
		DaysUntilSuspension:            d.integer("daysUntilSuspension"),
		DaysUntilCancellation:          d.integer("daysUntilCancellation"),
		NextBillingDate:                d.timestamp("nextBillingDate"),
	}
}

// requestedCustomer decodes a [Customer] that must have the given ID.
func (d *objectDecoder) requestedCustomer(id int64) Customer {
	customer := d.customer()
	if customer.ID != id {
		d.rejectValue("id", strconv.FormatInt(id, 10)+", the requested customer")
	}
	return customer
}
