package fusebilltest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// list asks for the list of customers, and gives the answer with the ids on it.
func list(t *testing.T, api *API, query url.Values) (answer *httptest.ResponseRecorder, ids []int64) {
	t.Helper()
	answer = get(t, api, "/v1/customers?"+query.Encode(), "Basic "+Key)
	if answer.Code != http.StatusOK {
		return answer, nil
	}
	var rows []struct{ ID int64 }
	if err := json.Unmarshal(answer.Body.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return answer, ids
}

// The query language is the documented one.
func TestAPI_listQueries(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 20})
	nameless := Generate(4)
	nameless["reference"] = nil
	api.SetCustomer(4, nameless)
	for query, want := range map[string][]int64{
		"id:3,7,99":                    {3, 7},
		"ID:3":                         {3},
		"status:Hold,draft":            {7, 10, 17, 20},
		"accountStatus:PoorStanding":   {6, 16},
		"parentId:1":                   {2, 12},
		"reference:REF-000003":         {3},
		"reference:ref-000003":         {3},
		"reference:REF-00001*":         {10, 11, 12, 13, 14, 15, 16, 17, 18, 19},
		"reference:*3":                 {3, 13},
		"reference:[empty]":            {4},
		"companyName:Company 5 Ltd.":   {5},
		"createdTimestamp:2019-11-11|": {18, 19, 20},
		"createdTimestamp:|2019-11-07": {1, SampleID},
		"modifiedTimestamp:2019-11-06T21:19:01.857|2019-11-07T04:19:01.857": {1},
		"status:Active;accountStatus:Good;reference:REF-00001*":             {11, 12, 13, 14, 15},
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			_, got := list(t, api, url.Values{"query": {query}, "sortOrder": {"Ascending"}, "sortExpression": {"id"}})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What the API does not know is refused, so that a client that is wrong finds out.
func TestAPI_listRefuses(t *testing.T) {
	t.Parallel()
	for _, query := range []url.Values{
		{"query": {"shoeSize:45"}}, {"query": {"status"}}, {"query": {"status:"}}, {"query": {"createdTimestamp:2019-11-11"}}, {"query": {"createdTimestamp:soon|"}},
		{"pageSize": {"0"}}, {"pageSize": {"many"}}, {"pageNumber": {"-1"}}, {"sortOrder": {"Ascending"}}, {"sortOrder": {"Up"}, "sortExpression": {"id"}},
	} {
		t.Run(query.Encode(), func(t *testing.T) {
			t.Parallel()
			if answer, _ := list(t, New(Options{}), query); answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), `"HttpStatusCode":400`) {
				t.Errorf("got %d: %s", answer.Code, answer.Body)
			}
		})
	}
}

// Pages are of the size that is asked for, up to the cap, and say where they are.
func TestAPI_listPages(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 24, PageCap: 10})
	all := []int64{SampleID}
	for id := int64(24); id > 0; id-- {
		all = append(all, id)
	}
	for page, want := range [][]int64{all[:10], all[10:20], all[20:], nil} {
		answer, got := list(t, api, url.Values{"pageSize": {"1000"}, "pageNumber": {strconv.Itoa(page)}})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("page %d (-want +got):\n%s", page, diff)
		}
		headers := map[string]string{}
		for name := range answer.Header() {
			if strings.HasPrefix(name, "X-") {
				headers[name] = answer.Header().Get(name)
			}
		}
		next := "-1"
		if page < 2 {
			next = strconv.Itoa(page + 1)
		}
		wantHeaders := map[string]string{
			"X-Nextpage": next, "X-Previouspage": strconv.Itoa(page - 1), "X-Currentpage": strconv.Itoa(page), "X-Count": "25", "X-Maxcount": "25",
			"X-Pagesize": "10", "X-Maxpageindex": "3", "X-Sortorder": "", "X-Sortexpression": "",
		}
		if diff := cmp.Diff(wantHeaders, headers); diff != "" {
			t.Errorf("page %d (-want +got):\n%s", page, diff)
		}
	}
}

// The forms of the list's end differ in what they say on the last page of two.
func TestAPI_listEnds(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for end := range ListEnds {
		answer, _ := list(t, New(Options{Fleet: 19, PageCap: 10, ListEnd: end}), url.Values{"pageSize": {"10"}, "pageNumber": {"1"}})
		header := answer.Header()
		got[end] = fmt.Sprintf("next %s, pages %s, count %s", header.Get("X-NextPage"), header.Get("X-MaxPageIndex"), header.Get("X-Count"))
	}
	want := map[string]string{
		"minus-one":  "next -1, pages 2, count 20",
		"zero":       "next 0, pages 2, count 20",
		"same":       "next 1, pages 2, count 20",
		"beyond":     "next 2, pages 2, count 20",
		"absent":     "next , pages 2, count 20",
		"no-count":   "next 2, pages 2, count ",
		"last-index": "next 1, pages 1, count 20",
		"bare":       "next , pages , count ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A row has the documented fields, and none that only the overview has.
func TestAPI_listRow(t *testing.T) {
	t.Parallel()
	answer, _ := list(t, New(Options{Fleet: 1}), url.Values{"query": {"id:1"}})
	var rows []map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &rows); err != nil || len(rows) != 1 {
		t.Fatalf("got error %v and %s", err, answer.Body)
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(listFields)), slices.Sorted(maps.Keys(rows[0]))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, field := range []string{"arBalance", "daysUntilSuspension", "nextBillingDate", "statusTimestamp"} {
		if _, ok := rows[0][field]; ok {
			t.Errorf("the row has %s, which only the overview has", field)
		}
	}
}

// Changes of customers show in the list, and so do faults and limits.
func TestAPI_listFollows(t *testing.T) {
	t.Parallel()
	api := New(Options{Minute: Window{Limit: 3}})
	if _, got := list(t, api, nil); !slices.Equal(got, []int64{SampleID}) {
		t.Errorf("got %v, want the sample", got)
	}
	api.SetCustomer(5, Generate(5))
	if _, got := list(t, api, nil); !slices.Equal(got, []int64{SampleID, 5}) {
		t.Errorf("got %v, want the sample and 5", got)
	}
	api.Fail(ListID, Always, Faults["409"])
	for _, want := range []int{409, 429} {
		if answer, _ := list(t, api, nil); answer.Code != want {
			t.Errorf("got %d, want %d", answer.Code, want)
		}
	}
}
