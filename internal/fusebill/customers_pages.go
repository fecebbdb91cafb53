// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"golang.org/x/sync/errgroup"
)

const (
	// maxPageBytes is the maximum size of a page after decompression. A row has about 1 KiB.
	maxPageBytes = 32 << 20
	// pageSize is the number of rows of a page. The vendor documents that the API can lower it,
	// but not below this value: https://developer.fusebill.com/reference.
	pageSize = 1000
	// minPageSize is the smallest page size that the client accepts. It limits the number of
	// requests for a list.
	minPageSize = 100
	// maxURLBytes is the maximum length of a URL. The API runs behind IIS, which refuses queries of
	// more than 2,048 bytes: https://learn.microsoft.com/iis/configuration/system.webserver/security/requestfiltering/requestlimits/.
	maxURLBytes = 1999
)

// customerList is the list of customers for one query.
type customerList struct {
	client *Client
	filter CustomerFilter
	pages  []customerPage
	// count is the number of rows that the API reports with the first page. counted is whether it
	// reports one.
	count   int
	counted bool
}

// customerPage is a page of the list.
type customerPage struct {
	rows   []ListedCustomer
	header http.Header
}

// listQuery returns the query of a page. The pages are sorted by the time of creation, which puts
// customers that are created during the read on the last page.
func listQuery(filter CustomerFilter, page int) url.Values {
	query := url.Values{
		"pageSize":       {strconv.Itoa(pageSize)},
		"pageNumber":     {strconv.Itoa(page)},
		"sortOrder":      {"Ascending"},
		"sortExpression": {"createdTimestamp"},
	}
	if text := filter.query(); text != "" {
		query.Set("query", text)
	}
	return query
}

// maxFilterBytes returns the maximum length of a filter in a URL.
func (c *Client) maxFilterBytes() int {
	shortest := c.config.BaseURL.JoinPath("customers")
	shortest.RawQuery = listQuery(CustomerFilter{}, MaxResults).Encode() + "&query="
	return maxURLBytes - len(shortest.String())
}

// readFirst reads the first page. A page that is not full is an error if the API reports more rows.
func (l *customerList) readFirst(ctx context.Context) error {
	if err := l.readPage(ctx, 0); err != nil {
		return err
	}
	first := l.pages[0]
	count, ok := headerNumber(first.header, "X-Count")
	if !ok || count < len(first.rows) {
		return nil // A count below the number of rows is invalid.
	}
	l.count, l.counted = count, true
	full := pageSize
	if stated, ok := headerNumber(first.header, "X-PageSize"); ok && stated >= minPageSize && stated < pageSize {
		full = stated
	}
	if want := min(count, full); len(first.rows) != want && count <= MaxResults {
		return &DecodeError{
			Want:  fmt.Sprintf("a first page of %d customers, since the list has %d", want, count),
			Found: fmt.Sprintf("%d customers", len(first.rows)),
		}
	}
	return nil
}

// readOthers reads the pages after the first one: concurrently if the API reports the number of rows, and
// otherwise one after another.
func (l *customerList) readOthers(ctx context.Context, group *errgroup.Group, maxRows int) {
	if !l.counted {
		group.Go(func() error { return l.readUntilEmpty(ctx, maxRows) })
		return
	}
	if l.count == 0 {
		return
	}
	// Each goroutine writes to its own element of pages, which no longer grows.
	pages := (l.count + len(l.pages[0].rows) - 1) / len(l.pages[0].rows)
	l.pages = append(l.pages, make([]customerPage, pages-1)...)
	for number := 1; number < pages; number++ {
		group.Go(func() error { return l.readPage(ctx, number) })
	}
}

// readUntilEmpty reads pages until a page is empty, or is the last one by its X-NextPage. The vendor
// does not document the X-NextPage of the last page.
func (l *customerList) readUntilEmpty(ctx context.Context, maxRows int) error {
	rows := 0
	for number := 0; ; number++ {
		page := l.pages[number]
		rows += len(page.rows)
		if rows > maxRows {
			return &TooManyCustomersError{Count: rows, Max: maxRows, AtLeast: true}
		}
		next, ok := headerNumber(page.header, "X-NextPage")
		if len(page.rows) == 0 || ok && next <= number {
			return nil
		}
		if number > 0 && page.rows[0].ID == l.pages[number-1].rows[0].ID {
			return &DecodeError{Want: fmt.Sprintf("page %d of the list", number), Found: "the page before it"}
		}
		l.pages = append(l.pages, customerPage{})
		if err := l.readPage(ctx, number+1); err != nil {
			return err
		}
		if len(page.rows) < minPageSize && len(l.pages[number+1].rows) > 0 {
			return &DecodeError{
				Want:  fmt.Sprintf("at least %d customers on page %d of the list, since it is not the last", minPageSize, number),
				Found: fmt.Sprintf("%d customers", len(page.rows)),
			}
		}
	}
}

// readPage reads a page and stores it.
func (l *customerList) readPage(ctx context.Context, number int) error {
	resp, err := l.client.get(ctx, resource{
		path: "customers", query: listQuery(l.filter, number), maxBytes: maxPageBytes,
		logFields: map[string]any{"page": strconv.Itoa(number)},
	})
	if err != nil {
		return err
	}
	rows, decodeErr := decodeCustomers(resp)
	if decodeErr != nil {
		return l.client.redactFound(decodeErr)
	}
	if err := l.filter.checkApplied(rows); err != nil {
		return err
	}
	l.pages[number] = customerPage{rows: rows, header: resp.header}
	return nil
}

// checkApplied returns an error if the API ignored the filter: none of the rows of a page match it.
func (f CustomerFilter) checkApplied(rows []ListedCustomer) error {
	sameReference := looseReference()
	for i := range rows {
		if f.matches(&rows[i], sameReference) {
			return nil
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return &DecodeError{
		Want:  "customers that match the filter",
		Found: fmt.Sprintf("%d customers that do not match it, such as customer %d", len(rows), rows[0].ID),
	}
}

// rows returns the rows of all pages, sorted by ID and without duplicates. It returns errInconsistent if
// their number is not the one that the API reports.
func (l *customerList) rows() ([]ListedCustomer, error) {
	var rows []ListedCustomer
	for _, page := range l.pages {
		if count, ok := headerNumber(page.header, "X-Count"); l.counted && ok && count != l.count {
			return nil, errInconsistent
		}
		rows = append(rows, page.rows...)
	}
	rows = sortedUnique(rows)
	if l.counted && len(rows) != l.count {
		return nil, errInconsistent
	}
	return rows, nil
}

// headerNumber returns the number in a header, and whether the header has one.
func headerNumber(header http.Header, name string) (number int, ok bool) {
	number, err := strconv.Atoi(header.Get(name))
	return number, err == nil
}

// decodeCustomers decodes a page of the list.
func decodeCustomers(resp *response) ([]ListedCustomer, *DecodeError) {
	var raws []json.RawMessage
	if err := json.Unmarshal(resp.body, &raws); err != nil || raws == nil {
		return nil, resp.unexpected("one JSON array")
	}
	rows := make([]ListedCustomer, len(raws))
	for i, raw := range raws {
		d := decodeObject(raw)
		if d == nil {
			return nil, &DecodeError{Row: i + 1, Want: "a JSON object", Found: jsonType(raw)}
		}
		rows[i] = ListedCustomer{
			Customer:          d.customer(),
			Reference:         d.text("reference"),
			CreatedTimestamp:  d.timestamp("createdTimestamp"),
			ModifiedTimestamp: d.timestamp("modifiedTimestamp"),
		}
		if rows[i].ID < 1 {
			d.rejectValue("id", "the ID of a customer")
		}
		if d.err != nil {
			d.err.Row = i + 1
			return nil, d.err
		}
	}
	return rows, nil
}
