// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ListID represents the list of customers in [API.InjectFault].
const ListID = -1

// listPath matches the path of the list: https://secure.fusebill.com/v1/customers
var listPath = regexp.MustCompile(`^(?i:/v1/customers/?)$`)

// listFields are the fields of a row of the list. The overview has all of them
// except modifiedTimestamp.
var listFields = []string{
	"id", "uri", "firstName", "middleName", "lastName", "companyName", "suffix", "title", "primaryEmail", "primaryPhone",
	"secondaryEmail", "secondaryPhone", "reference", "status", "customerAccountStatus", "currency", "monthlyRecurringRevenue",
	"netMonthlyRecurringRevenue", "parentId", "isParent", "createdTimestamp", "salesforceId", "netsuiteId", "hubSpotId", "geotabId",
	"modifiedTimestamp",
}

// row is a customer in the list.
type row struct {
	id     int64
	fields map[string]string // The fields that filters compare, as text. Null is empty.
	text   json.RawMessage   // The row as the list returns it.
}

// newRow returns the row of a customer.
func newRow(id int64, overview map[string]any) *row {
	listed := map[string]any{}
	for _, name := range listFields {
		listed[name] = overview[name]
	}
	if listed["modifiedTimestamp"] == nil {
		listed["modifiedTimestamp"] = epoch.Add(time.Duration(id%10_000) * 7 * time.Hour).Format("2006-01-02T15:04:05.999")
	}
	text, err := json.Marshal(listed)
	if err != nil {
		panic(err) // A test has set a value that JSON cannot represent.
	}
	fields := map[string]string{}
	for _, name := range queryNames {
		if value := cmp.Or(listed[name.field], overview[name.field]); value != nil {
			fields[name.field] = fmt.Sprint(value)
		}
	}
	return &row{id: id, fields: fields, text: text}
}

// parseParameters parses a query string that may have the given parameters, each
// at most once. Unlike [net/url.ParseQuery], it accepts a semicolon, which the
// vendor's examples do not escape. The names are case-sensitive because the
// vendor documents one spelling; other names are refused to detect misspellings
// [assumed].
func parseParameters(rawQuery string, names ...string) (map[string]string, error) {
	parameters := map[string]string{}
	for part := range strings.SplitSeq(rawQuery, "&") {
		if part == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(part, "=")
		name, nameErr := url.QueryUnescape(rawName)
		value, valueErr := url.QueryUnescape(rawValue)
		if err := errors.Join(nameErr, valueErr); err != nil {
			return nil, err
		}
		if _, isRepeated := parameters[name]; isRepeated || !slices.Contains(names, name) {
			return nil, fmt.Errorf("the parameter %q is unknown or repeated", name)
		}
		parameters[name] = value
	}
	return parameters, nil
}

// listRequest holds the parameters of a list request.
type listRequest struct {
	filters           []filter
	page, pageSize    int
	order, expression string
}

// parseListRequest parses a query string such as
// "query=Status:Active&pageSize=100&pageNumber=0".
func parseListRequest(rawQuery string) (request listRequest, err error) {
	parameters, err := parseParameters(rawQuery, "query", "pageSize", "pageNumber", "sortOrder", "sortExpression")
	if err != nil {
		return request, err
	}
	if request.filters, err = parseFilters(parameters["query"]); err != nil {
		return request, err
	}
	var sizeErr, pageErr error
	request.pageSize, sizeErr = strconv.Atoi(cmp.Or(parameters["pageSize"], "100"))
	request.page, pageErr = strconv.Atoi(cmp.Or(parameters["pageNumber"], "0"))
	if sizeErr != nil || pageErr != nil || request.pageSize < 1 || request.page < 0 {
		return request, errors.New("the page is invalid")
	}
	request.order, request.expression = parameters["sortOrder"], parameters["sortExpression"]
	_, isKnown := sortExpressions()[request.expression]
	isOrder := request.order == "Ascending" || request.order == "Descending"
	isUnsorted := request.order == "" && request.expression == ""
	if !isUnsorted && (!isKnown || !isOrder) {
		return request, errors.New("the sort order is invalid")
	}
	return request, nil
}

// serveList responds with a page of the matching customers.
func (a *API) serveList(w http.ResponseWriter, r *http.Request) {
	request, err := parseListRequest(r.URL.RawQuery)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	all := a.sortedRows(request.expression)
	var matches []*row
	for _, row := range all {
		if !slices.ContainsFunc(request.filters, func(matches filter) bool { return !matches(row.fields) }) {
			matches = append(matches, row)
		}
	}
	if request.order == "Descending" {
		slices.Reverse(matches)
	}

	page, pageSize := request.page, min(request.pageSize, a.options.PageCap)
	pages := (len(matches) + pageSize - 1) / pageSize
	header := w.Header()
	setNumber := func(name string, value int) { header.Set(name, strconv.Itoa(value)) }
	setNumber("X-PreviousPage", page-1)
	setNumber("X-CurrentPage", page)
	setNumber("X-Count", len(matches))
	setNumber("X-MaxCount", len(all))
	setNumber("X-PageSize", pageSize)
	setNumber("X-MaxPageIndex", pages)
	header.Set("X-SortOrder", request.order)
	header.Set("X-SortExpression", request.expression)
	a.options.ListEnd.setHeaders(header, page, pages)

	texts := []json.RawMessage{}
	if page < pages {
		for _, row := range matches[page*pageSize : min((page+1)*pageSize, len(matches))] {
			texts = append(texts, row.text)
		}
	}
	writeJSON(w, http.StatusOK, texts)
}
