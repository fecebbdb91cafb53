package fusebill

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
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
	// maxRows is how many customers are read at most to find those that match, where the
	// API can be asked for more of them only.
	maxRows = 1_000_000
)

// ErrListChanged: the list changed each time while it was read, so that customers may
// have been missed.
var ErrListChanged = errors.New("the list of customers changed each time while it was read")

// A TooManyCustomersError is a list that is longer than was wanted.
type TooManyCustomersError struct {
	// Count is how many customers match, and Max how many were wanted at most.
	Count, Max int
	// OrMore tells that the API does not count them, and that more may match.
	OrMore bool
}

func (e *TooManyCustomersError) Error() string {
	more := ""
	if e.OrMore {
		more = " or more"
	}
	return fmt.Sprintf("%d%s customers match, and %d are wanted at most", e.Count, more, e.Max)
}

// Customers lists the customers that match the filter, by ascending id and each once.
// There must be no more than most. Its errors are those of
// [Client.CustomerOverview], [TooManyCustomersError] and [ErrListChanged].
//
// Pages are read at once, as many as [Config.MaxConcurrentRequests]. Where what was
// read does not add up, because a customer came or went meanwhile, all of it is read
// again, until it adds up or stays the same; one that comes as another goes, between
// two pages, is not noticed. A list that stays shorter than the API says is a
// [DecodeError].
func (c *Client) Customers(ctx context.Context, filter CustomerFilter, most int) ([]ListedCustomer, error) {
	var last []ListedCustomer
	for try := range maxListings {
		customers, doubt, err := c.list(ctx, filter, most)
		if err != nil {
			return nil, err
		}
		same := try > 0 && slices.EqualFunc(customers, last, func(a, b ListedCustomer) bool { return a.ID == b.ID })
		switch {
		case doubt == nil, same && errors.Is(doubt, errUnsure):
			return customers, nil
		case same:
			return nil, doubt
		}
		last = customers
	}
	return nil, ErrListChanged
}

// errUnsure: nothing tells that all customers were read, but that they are the same the
// next time.
var errUnsure = errors.New("the API does not count the customers, or not always alike")

// list reads the list once. Where what came may not be all, doubt tells why.
func (c *Client) list(ctx context.Context, filter CustomerFilter, most int) (customers []ListedCustomer, doubt, err error) {
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
		return nil, nil, err
	}
	limit := most
	if !filter.exact() {
		limit = max(most, maxRows)
	}
	count := 0
	for _, l := range listings {
		count += min(max(l.pages[0].count, 0), math.MaxInt-count)
	}
	if count > limit {
		return nil, nil, &TooManyCustomersError{Count: count, Max: limit}
	}

	group, pageCtx = errgroup.WithContext(ctx)
	group.SetLimit(c.config.MaxConcurrentRequests)
	for _, l := range listings {
		if l.pages[0].count == untold {
			group.Go(func() error { return c.follow(pageCtx, l, limit) })
			continue
		}
		l.pages = append(l.pages, make([]page, l.pages[0].further())...)
		for number := 1; number < len(l.pages); number++ {
			group.Go(func() error { return c.readPage(pageCtx, l, number) })
		}
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	for _, l := range listings {
		rows := l.rows()
		customers = append(customers, rows...)
		doubt = cmp.Or(doubt, l.doubt(len(rows)))
	}
	customers = byID(customers)
	if !filter.exact() {
		customers = slices.DeleteFunc(customers, func(customer ListedCustomer) bool { return !filter.matches(&customer) })
	}
	if len(customers) > most {
		return nil, nil, &TooManyCustomersError{Count: len(customers), Max: most}
	}
	return customers, doubt, nil
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
	// count is how many customers match, or untold.
	count int
	// next is the next page's number, or untold. What the last page says of it is not
	// documented.
	next int
}

// untold is a number that the API does not tell.
const untold = math.MinInt

// further is how many pages come after a first one that tells the count, by the
// number of customers on it.
func (p page) further() int {
	if len(p.customers) == 0 {
		return 0
	}
	return max(0, (p.count-1)/len(p.customers))
}

// rows gives a listing's customers by ascending id, each once.
func (l *listing) rows() []ListedCustomer {
	var customers []ListedCustomer
	for _, p := range l.pages {
		customers = append(customers, p.customers...)
	}
	return byID(customers)
}

// doubt tells why a listing with so many customers may lack some, or is nil.
func (l *listing) doubt(customers int) error {
	count := l.pages[0].count
	changed := slices.ContainsFunc(l.pages, func(p page) bool { return p.count != count })
	switch {
	case count != untold && customers < count:
		return &DecodeError{Want: fmt.Sprintf("a list of %d customers, as many as its X-Count says", count), Found: fmt.Sprintf("%d customers, each time", customers)}
	case changed, count != untold && customers > count, count == untold && len(l.pages) > 1:
		return errUnsure
	default:
		return nil
	}
}

// follow reads the pages after the first one where nothing tells how many there are:
// an empty page ends the list, and so does one that says of the next page that it is
// no later one. More customers than the limit are an error, and so is a page that comes
// again.
func (c *Client) follow(ctx context.Context, l *listing, limit int) error {
	rows := 0
	for number := 0; ; number++ {
		last := l.pages[number]
		rows += len(last.customers)
		switch {
		case rows > limit:
			return &TooManyCustomersError{Count: rows, Max: limit, OrMore: true}
		case number > 0 && len(last.customers) > 0 && last.customers[0].ID == l.pages[number-1].customers[0].ID:
			return &DecodeError{Want: "page " + strconv.Itoa(number) + " of the list", Found: "the page before it"}
		case len(last.customers) == 0, last.next <= number && last.next != untold:
			return nil
		}
		l.pages = append(l.pages, page{})
		if err := c.readPage(ctx, l, number+1); err != nil {
			return err
		}
	}
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
		if !l.filter.matches(&customers[i]) { // An API that does not know a filter might well ignore it.
			return &DecodeError{Want: "a list of the customers that were asked for", Found: fmt.Sprintf("customer %d is on it", customers[i].ID)}
		}
	}
	l.pages[number] = page{customers: customers, count: headerNumber(header, "X-Count"), next: headerNumber(header, "X-NextPage")}
	return nil
}

// headerNumber reads a header that holds a number, or untold where there is none.
func headerNumber(header http.Header, name string) int {
	n, err := strconv.Atoi(header.Get(name))
	if err != nil {
		return untold
	}
	return n
}

// decodeCustomers reads a page of the list. It fails with a [DecodeError] whose Found
// is the server's raw text.
func decodeCustomers(body []byte) ([]ListedCustomer, error) {
	var rows []json.RawMessage
	if err := json.Unmarshal(body, &rows); err != nil || rows == nil {
		return nil, &DecodeError{Want: "one JSON array", Found: impersonal(body)}
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
