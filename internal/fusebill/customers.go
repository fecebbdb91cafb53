package fusebill

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

// A ListedCustomer is a row of the list of customers. Nothing else of a row is kept,
// and so nothing personal but the account's own reference.
type ListedCustomer struct {
	Customer
	ModifiedTimestamp *time.Time
}

const (
	// maxPageBytes is the most that is read of one page, after decompression. A row
	// has about 1 KiB.
	maxPageBytes = 32 << 20
	// pageSize is how many customers are asked for at once. The vendor caps that, but
	// never below this.
	pageSize = 1000
	// maxListings is how often the list is read while it keeps changing.
	maxListings = 5
)

// ErrListChanged: the list changed each time while it was read, so that customers may
// have been missed.
var ErrListChanged = errors.New("the list of customers changed each time while it was read")

// A TooManyCustomersError is a list that is longer than was wanted.
type TooManyCustomersError struct {
	// Count is how many customers match, and Max how many were wanted at most.
	Count, Max int
}

func (e *TooManyCustomersError) Error() string {
	return fmt.Sprintf("%d customers match, and %d are wanted at most", e.Count, e.Max)
}

// Customers lists the customers that match the filter, by ascending id and each once.
// There must be no more than most. Its errors are those of
// [Client.CustomerOverview], [TooManyCustomersError] and [ErrListChanged].
//
// Pages are read at once, as many as [Config.MaxConcurrentRequests]. Where what was
// read does not add up, because a customer came, went or changed meanwhile, all of it
// is read again, until it adds up or stays the same.
func (c *Client) Customers(ctx context.Context, filter CustomerFilter, most int) ([]ListedCustomer, error) {
	var last []ListedCustomer
	for try := range maxListings {
		customers, addsUp, err := c.list(ctx, filter, most)
		if err != nil {
			return nil, err
		}
		if addsUp || try > 0 && slices.EqualFunc(customers, last, func(a, b ListedCustomer) bool { return a.ID == b.ID }) {
			return customers, nil
		}
		last = customers
	}
	return nil, ErrListChanged
}

// list reads the list once, and tells whether what came adds up.
func (c *Client) list(ctx context.Context, filter CustomerFilter, most int) (customers []ListedCustomer, addsUp bool, err error) {
	var listings []*listing
	for _, part := range filter.split() {
		listings = append(listings, &listing{filter: part, pages: make([]page, 1)})
	}
	group, pageCtx := errgroup.WithContext(ctx)
	group.SetLimit(c.config.MaxConcurrentRequests)
	for _, l := range listings {
		group.Go(func() error { return c.readPage(pageCtx, l, 0) })
	}
	if err := group.Wait(); err != nil {
		return nil, false, err
	}
	count := 0
	for _, l := range listings {
		count += max(l.pages[0].count, 0)
	}
	if count > most {
		return nil, false, &TooManyCustomersError{Count: count, Max: most}
	}

	group, pageCtx = errgroup.WithContext(ctx)
	group.SetLimit(c.config.MaxConcurrentRequests)
	for _, l := range listings {
		if l.pages[0].count < 0 {
			group.Go(func() error { return c.follow(pageCtx, l) })
			continue
		}
		l.pages = append(l.pages, make([]page, l.pages[0].further())...)
		for number := 1; number < len(l.pages); number++ {
			group.Go(func() error { return c.readPage(pageCtx, l, number) })
		}
	}
	if err := group.Wait(); err != nil {
		return nil, false, err
	}
	addsUp = true
	for _, l := range listings {
		rows, complete := l.rows()
		customers = append(customers, rows...)
		addsUp = addsUp && complete
	}
	customers = byID(customers)
	if len(customers) > most {
		return nil, false, &TooManyCustomersError{Count: len(customers), Max: most}
	}
	return customers, addsUp, nil
}

// byID gives customers by ascending id, each once.
func byID(customers []ListedCustomer) []ListedCustomer {
	slices.SortFunc(customers, func(a, b ListedCustomer) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(customers, func(a, b ListedCustomer) bool { return a.ID == b.ID })
}

// A listing is one query of the list, with its pages.
type listing struct {
	filter CustomerFilter
	pages  []page
}

// A page is a page of the list.
type page struct {
	customers []ListedCustomer
	// count is how many customers match, and next the next page's number; -1 where
	// the API does not tell.
	count, next int
}

// further is how many pages come after a first one that tells the count, by the
// number of customers on it.
func (p page) further() int {
	if len(p.customers) == 0 {
		return 0
	}
	return (p.count - 1) / len(p.customers)
}

// rows gives a listing's customers, and whether they are as many as each of the pages
// counts.
func (l *listing) rows() (customers []ListedCustomer, complete bool) {
	complete = true
	for _, p := range l.pages {
		customers = append(customers, p.customers...)
		complete = complete && p.count == l.pages[0].count
	}
	customers = byID(customers)
	return customers, complete && (l.pages[0].count < 0 || len(customers) == l.pages[0].count)
}

// follow reads the pages after the first one where nothing tells how many there are.
// What the last page says of the next one is not documented: an empty page ends the
// list, and so does one that names no later one.
func (c *Client) follow(ctx context.Context, l *listing) error {
	for number := 0; len(l.pages[number].customers) > 0 && l.pages[number].next > number; number++ {
		l.pages = append(l.pages, page{})
		if err := c.readPage(ctx, l, number+1); err != nil {
			return err
		}
	}
	return nil
}

// readPage reads a page of a listing into its place.
func (c *Client) readPage(ctx context.Context, l *listing, number int) error {
	query := url.Values{
		"pageSize": {strconv.Itoa(pageSize)}, "pageNumber": {strconv.Itoa(number)},
		"sortOrder": {"Ascending"}, "sortExpression": {"id"},
	}
	if text := l.filter.query(); text != "" {
		query.Set("query", text)
	}
	body, header, err := c.get(ctx, "customers", query, &call{logged: map[string]any{"page": number}, maxBytes: maxPageBytes})
	if err != nil {
		return err
	}
	customers, err := decodeCustomers(body)
	if err != nil {
		return c.quoteDecodeError(err)
	}
	for i := range customers {
		if !l.filter.matches(&customers[i]) {
			return &DecodeError{Want: "a list of the customers that were asked for", Found: fmt.Sprintf("customer %d is on it", customers[i].ID)}
		}
	}
	l.pages[number] = page{customers: customers, count: headerNumber(header, "X-Count"), next: headerNumber(header, "X-NextPage")}
	return nil
}

// headerNumber reads a header that holds a count; -1 where there is none.
func headerNumber(header http.Header, name string) int {
	n, err := strconv.Atoi(header.Get(name))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// decodeCustomers reads a page of the list. It fails with a [DecodeError] whose Found
// is the server's raw text.
func decodeCustomers(body []byte) ([]ListedCustomer, error) {
	var rows []json.RawMessage
	if err := json.Unmarshal(body, &rows); err != nil || rows == nil {
		return nil, &DecodeError{Want: "one JSON array", Found: string(body)}
	}
	customers := make([]ListedCustomer, len(rows))
	for i, row := range rows {
		d, err := decodeObject(row)
		if err == nil {
			customers[i] = ListedCustomer{Customer: d.customer(), ModifiedTimestamp: d.timestamp("modifiedTimestamp")}
			if customers[i].ID < 1 {
				d.reject("id", "a customer's id")
			}
			err = d.err
		}
		if decodeError := (*DecodeError)(nil); errors.As(err, &decodeError) {
			decodeError.Field = fmt.Sprintf("%s of row %d", cmp.Or(decodeError.Field, "the whole"), i)
			return nil, decodeError
		}
	}
	return customers, nil
}
