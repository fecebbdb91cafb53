package fusebilltest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ListID stands for the list of customers where a customer's id is wanted, as in
// [API.Fail].
const ListID = -1

var listPath = regexp.MustCompile(`^(?i:/v1/customers/?)$`)

// listFields are the fields of a row of the list. All but modifiedTimestamp are the
// overview's.
var listFields = []string{
	"id", "uri", "firstName", "middleName", "lastName", "companyName", "suffix", "title", "primaryEmail", "primaryPhone",
	"secondaryEmail", "secondaryPhone", "reference", "status", "customerAccountStatus", "currency", "monthlyRecurringRevenue",
	"netMonthlyRecurringRevenue", "parentId", "isParent", "createdTimestamp", "salesforceId", "netsuiteId", "hubSpotId", "geotabId",
	"modifiedTimestamp",
}

// A listEnd sets the headers by which a client could tell that a page is the last
// one, of which the vendor leaves open what they say.
type listEnd func(header http.Header, page, pages int)

// ListEnds are the forms of the last page's headers.
var ListEnds = map[string]func(header http.Header, page, pages int){
	"minus-one": nextPage(func(page, pages int) int {
		if page+1 >= pages {
			return -1
		}
		return page + 1
	}),
	"zero": nextPage(func(page, pages int) int {
		if page+1 >= pages {
			return 0
		}
		return page + 1
	}),
	"same":   nextPage(func(page, pages int) int { return min(page+1, max(pages-1, 0)) }),
	"beyond": nextPage(func(page, _ int) int { return page + 1 }),
	"absent": func(header http.Header, page, pages int) {
		if page+1 < pages {
			header.Set("X-NextPage", strconv.Itoa(page+1))
		}
	},
	// Neither of the counts is there.
	"no-count": func(header http.Header, page, pages int) {
		header.Del("X-Count")
		header.Del("X-MaxCount")
		header.Set("X-NextPage", strconv.Itoa(page+1))
	},
	// There are no headers at all, as behind a gateway that lets only known ones through.
	"bare": func(header http.Header, _, _ int) {
		for name := range header {
			if strings.HasPrefix(name, "X-") && !strings.HasPrefix(name, "X-Rate-Limit-") {
				header.Del(name)
			}
		}
	},
	// X-MaxPageIndex is the last page's number, and not how many there are.
	"last-index": func(header http.Header, page, pages int) {
		header.Set("X-MaxPageIndex", strconv.Itoa(max(pages-1, 0)))
		header.Set("X-NextPage", strconv.Itoa(min(page+1, max(pages-1, 0))))
	},
}

func nextPage(next func(page, pages int) int) listEnd {
	return func(header http.Header, page, pages int) { header.Set("X-NextPage", strconv.Itoa(next(page, pages))) }
}

// listed is a row of the list.
type listed struct {
	fields map[string]any
	text   json.RawMessage
}

// list gives all customers by ascending id.
func (a *API) list() []listed {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.listed == nil {
		ids := slices.Collect(maps.Keys(a.customers))
		for id := int64(1); id <= a.options.Fleet; id++ {
			if a.customers[id] == nil {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		for _, id := range ids {
			overview := a.customers[id]
			if overview == nil {
				overview = Generate(id)
			}
			fields := map[string]any{}
			for _, name := range listFields {
				fields[name] = overview[name]
			}
			if fields["modifiedTimestamp"] == nil {
				fields["modifiedTimestamp"] = epoch.Add(time.Duration(id%10_000) * 7 * time.Hour).Format("2006-01-02T15:04:05.999")
			}
			text, _ := json.Marshal(fields) // They came from JSON, or are plain.
			a.listed = append(a.listed, listed{fields, text})
		}
	}
	return a.listed
}

// serveList answers with a page of the customers that the query matches.
func (a *API) serveList(w http.ResponseWriter, r *http.Request) {
	if handler := a.nextFailure(ListID); handler != nil {
		handler.ServeHTTP(w, r)
		return
	}
	query := r.URL.Query()
	filters, err := parseQuery(query.Get("query"))
	pageSize, sizeErr := strconv.Atoi(cmp.Or(query.Get("pageSize"), "100"))
	page, pageErr := strconv.Atoi(cmp.Or(query.Get("pageNumber"), "0"))
	order, expression := query.Get("sortOrder"), query.Get("sortExpression")
	switch {
	case err != nil:
		writeError(w, http.StatusBadRequest, err.Error())
		return
	case sizeErr != nil || pageErr != nil || pageSize < 1 || page < 0:
		writeError(w, http.StatusBadRequest, "The page is invalid.")
		return
	case (order == "") != (expression == ""), order != "" && (!strings.EqualFold(expression, "id") || order != "Ascending" && order != "Descending"):
		writeError(w, http.StatusBadRequest, "The sort order is invalid.")
		return
	}

	all := a.list()
	var matches []listed
	for _, customer := range all {
		if !slices.ContainsFunc(filters, func(matches filter) bool { return !matches(customer.fields) }) {
			matches = append(matches, customer)
		}
	}
	if order != "Ascending" { // Whoever wants an order has to ask for it.
		slices.Reverse(matches)
	}
	pageSize = min(pageSize, cmp.Or(a.options.PageCap, 1000))
	pages := (len(matches) + pageSize - 1) / pageSize
	header := w.Header()
	for name, value := range map[string]int{
		"X-PreviousPage": page - 1, "X-CurrentPage": page, "X-Count": len(matches), "X-MaxCount": len(all), "X-PageSize": pageSize, "X-MaxPageIndex": pages,
	} {
		header.Set(name, strconv.Itoa(value))
	}
	header.Set("X-SortOrder", order)
	header.Set("X-SortExpression", expression)
	ListEnds[cmp.Or(a.options.ListEnd, "minus-one")](header, page, pages)
	rows := []json.RawMessage{}
	for i := page * pageSize; i < min((page+1)*pageSize, len(matches)); i++ {
		rows = append(rows, matches[i].text)
	}
	writeJSON(w, http.StatusOK, rows)
}

// A filter tells whether a customer matches.
type filter func(fields map[string]any) bool

// queryFields are the names of the query language that are simulated, with the
// row's names of the same, and how their values are compared.
var queryFields = map[string]struct {
	field string
	parse func(field, value string) (filter, error)
}{
	"id":                {"id", anyOf},
	"parentid":          {"parentId", anyOf},
	"status":            {"status", anyOf},
	"accountstatus":     {"customerAccountStatus", anyOf},
	"reference":         {"reference", like},
	"companyname":       {"companyName", like},
	"primaryemail":      {"primaryEmail", like},
	"createdtimestamp":  {"createdTimestamp", within},
	"modifiedtimestamp": {"modifiedTimestamp", within},
}

// parseQuery reads the list call's query, such as "Status:Active,Hold;ParentId:7".
func parseQuery(query string) (filters []filter, err error) {
	if query == "" {
		return nil, nil
	}
	for term := range strings.SplitSeq(query, ";") {
		name, value, ok := strings.Cut(term, ":")
		known, isKnown := queryFields[strings.ToLower(name)]
		if !ok || !isKnown || value == "" {
			return nil, fmt.Errorf("the query parameter %q is invalid", term)
		}
		f, err := known.parse(known.field, value)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	return filters, nil
}

// text gives a field as the query language sees it; null is an empty text.
func text(fields map[string]any, field string) string {
	if fields[field] == nil {
		return ""
	}
	return fmt.Sprint(fields[field])
}

// anyOf compares with alternatives.
func anyOf(field, value string) (filter, error) {
	alternatives := map[string]bool{}
	for alternative := range strings.SplitSeq(strings.ToLower(value), ",") {
		alternatives[alternative] = true
	}
	return func(fields map[string]any) bool { return alternatives[strings.ToLower(text(fields, field))] }, nil
}

// like compares text, in which an asterisk stands for anything, and [empty] for
// nothing.
func like(field, value string) (filter, error) {
	if value == "[empty]" {
		value = ""
	}
	pattern := strings.NewReplacer(`\`, `\\`, "[", `\[`, "?", `\?`).Replace(strings.ToLower(value))
	return func(fields map[string]any) bool {
		matched, err := path.Match(pattern, strings.ToLower(text(fields, field)))
		return matched && err == nil
	}, nil
}

// within compares times with a range of which the lower end is included and the
// upper one not; either may be left out.
func within(field, value string) (filter, error) {
	from, to, ok := strings.Cut(value, "|")
	least, fromErr := parseTime(from)
	most, toErr := parseTime(to)
	if !ok || fromErr != nil || toErr != nil {
		return nil, fmt.Errorf("the range %q is invalid", value)
	}
	return func(fields map[string]any) bool {
		t, err := parseTime(text(fields, field))
		return err == nil && !t.IsZero() && !t.Before(least) && (to == "" || t.Before(most))
	}, nil
}

// parseTime reads a time in UTC, which is zero where the text is empty.
func parseTime(text string) (t time.Time, err error) {
	if text == "" {
		return t, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", time.RFC3339} {
		if t, err = time.Parse(layout, text); err == nil {
			break
		}
	}
	return t, err
}
