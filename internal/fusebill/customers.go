// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

// A ListedCustomer is a row of the list of customers. It omits the personal data of the row except the
// reference. All fields except ID can be nil. Times are UTC.
type ListedCustomer struct {
	Customer
	// Reference is the name of the customer in the account. It is not unique.
	Reference         *string
	CreatedTimestamp  *time.Time
	ModifiedTimestamp *time.Time
}

const (
	// MaxResults is the largest maxResults of [Client.Customers].
	MaxResults = 1_000_000
	// maxListReads is the maximum number of reads of a list that changes during each of them.
	maxListReads = 3
)

// ErrListChanged means that the list changed during each read, and that customers could be missing.
var ErrListChanged = fmt.Errorf("the list of customers changed during each of %d reads", maxListReads)

// errInconsistent means that the list changed during one read.
var errInconsistent = errors.New("the list of customers changed during the read")

// A TooManyCustomersError reports that more customers match than requested.
type TooManyCustomersError struct {
	// Count is the number of customers that match, and Max is the requested maximum.
	Count, Max int
	// AtLeast is true if the API does not report the count. Even more customers can then match.
	AtLeast bool
}

func (e *TooManyCustomersError) Error() string {
	count := strconv.Itoa(e.Count)
	if e.AtLeast {
		count = "at least " + count
	}
	return fmt.Sprintf("%s customers match, which exceeds the maximum of %d", count, e.Max)
}

// Customers returns the customers that match filter, sorted by ID and without duplicates. It drops
// rows that the API returns although they do not match. maxResults must be between 1 and [MaxResults].
// If more customers match, the error is a [*TooManyCustomersError]. The other errors are
// [ErrListChanged] and those of [Client.CustomerOverview].
//
// Pages are read concurrently. If they are inconsistent because customers changed during the read,
// Customers reads the list again. A customer that is created while another is deleted between two
// page requests can be missed.
func (c *Client) Customers(ctx context.Context, filter CustomerFilter, maxResults int) ([]ListedCustomer, error) {
	for range maxListReads {
		customers, err := c.listOnce(ctx, filter, maxResults)
		if !errors.Is(err, errInconsistent) {
			return customers, err
		}
	}
	return nil, ErrListChanged
}

// listOnce reads the list in two phases: the first page of each query, which reports the number of
// rows, and then all other pages.
func (c *Client) listOnce(ctx context.Context, filter CustomerFilter, maxResults int) ([]ListedCustomer, error) {
	var lists []*customerList
	for _, query := range filter.queries(c.maxFilterBytes()) {
		lists = append(lists, &customerList{client: c, filter: query, pages: make([]customerPage, 1)})
	}
	maxRows := maxResults
	if filter.References != nil {
		maxRows = MaxResults // The API also counts the rows that are dropped.
	}

	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(c.config.MaxConcurrentRequests)
	for _, l := range lists {
		group.Go(func() error { return l.readFirst(groupCtx) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	rows := 0
	for _, l := range lists {
		rows += min(l.count, math.MaxInt-rows)
	}
	if rows > maxRows {
		return nil, &TooManyCustomersError{Count: rows, Max: maxRows}
	}

	group, groupCtx = errgroup.WithContext(ctx)
	group.SetLimit(c.config.MaxConcurrentRequests)
	for _, l := range lists {
		l.readOthers(groupCtx, group, maxRows)
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var customers []ListedCustomer
	for _, l := range lists {
		rows, err := l.rows()
		if err != nil {
			return nil, err
		}
		customers = append(customers, rows...)
	}
	filter.IDs = sortedIDs(filter.IDs)
	customers = slices.DeleteFunc(sortedUnique(customers), func(row ListedCustomer) bool { return !filter.matches(&row, exactReference) })
	if len(customers) > maxResults {
		return nil, &TooManyCustomersError{Count: len(customers), Max: maxResults}
	}
	return customers, nil
}

// sortedUnique sorts customers by ID and removes duplicates.
func sortedUnique(customers []ListedCustomer) []ListedCustomer {
	slices.SortFunc(customers, func(a, b ListedCustomer) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(customers, func(a, b ListedCustomer) bool { return a.ID == b.ID })
}
