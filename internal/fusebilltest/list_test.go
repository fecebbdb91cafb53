// SPDX-License-Identifier: MPL-2.0

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

// list requests the list of customers and returns the response and its IDs.
func list(t *testing.T, api *API, rawQuery string) (response *httptest.ResponseRecorder, ids []int64) {
	t.Helper()
	response = get(t, api, "/v1/customers?"+rawQuery, authorization)
	if response.Code != http.StatusOK {
		return response, nil
	}
	var rows []struct{ ID int64 }
	if err := json.Unmarshal(response.Body.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return response, ids
}

func TestAPI_listFilters(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 20})
	withoutReference := Generate(4)
	withoutReference["reference"] = nil
	api.SetCustomer(4, withoutReference)
	withSlash := Generate(5)
	withSlash["companyName"] = "A/B?"
	api.SetCustomer(5, withSlash)
	for query, want := range map[string][]int64{
		"id:3,7,99":                    {3, 7},
		"Status:Hold,draft":            {7, 10, 17, 20},
		"AccountStatus:PoorStanding":   {6, 16},
		"ParentId:1":                   {2, 12},
		"Reference:REF-000003":         {3},
		"Reference:ref-000003":         {3},
		"Reference:REF-00001*":         {10, 11, 12, 13, 14, 15, 16, 17, 18, 19},
		"Reference:*3":                 {3, 13},
		"Reference:[empty]":            {4},
		"CompanyName:Company 6 Ltd.":   {6},
		"CompanyName:A*?":              {5},
		"CreatedTimestamp:2019-11-11|": {18, 19, 20},
		"CreatedTimestamp:|2019-11-07": {1, SampleID},
		"Arbalance:1234.56":            {1, 11},
		"Arbalance:|-1":                {5, 15},
		"MonthlyRecurringRevenue:0":    {6, 16, SampleID},
		"ModifiedTimestamp:2019-11-06T21:19:01.857|2019-11-07T04:19:01.857": {1},
		"Status:Active;AccountStatus:Good;Reference:REF-00001*":             {11, 12, 13, 14, 15},
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			for _, escaped := range []string{url.QueryEscape(query), strings.ReplaceAll(query, " ", "+")} {
				_, got := list(t, api, "query="+escaped+"&sortOrder=Ascending&sortExpression=id")
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("query=%s (-want +got):\n%s", escaped, diff)
				}
			}
		})
	}
}

func TestAPI_listSort(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 3})
	for expression, want := range map[string][]int64{
		"id":                      {1, 2, 3, SampleID},
		"createdTimestamp":        {SampleID, 1, 2, 3},
		"CreatedTimestamp":        {SampleID, 1, 2, 3},
		"ModifiedTimestamp":       {1, 2, 3, SampleID},
		"Status":                  {1, 2, 3, SampleID},
		"ParentId":                {1, 3, SampleID, 2},
		"Reference":               {SampleID, 1, 2, 3},
		"CompanyName":             {SampleID, 1, 2, 3},
		"Arbalance":               {SampleID, 2, 1, 3},
		"MonthlyRecurringRevenue": {1, SampleID, 3, 2},
	} {
		t.Run(expression, func(t *testing.T) {
			t.Parallel()
			_, got := list(t, api, "sortOrder=Ascending&sortExpression="+expression)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Ascending (-want +got):\n%s", diff)
			}
			_, got = list(t, api, "sortOrder=Descending&sortExpression="+expression)
			slices.Reverse(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Descending, reversed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAPI_listErrors asserts that names and values are matched exactly.
func TestAPI_listErrors(t *testing.T) {
	t.Parallel()
	for _, rawQuery := range []string{
		"query=shoeSize:45", "query=status:Active", "query=ID:1", "query=Id:1", "query=accountStatus:Good", "query=createdTimestamp:2019-11-11|",
		"query=Status", "query=Status:", "query=CreatedTimestamp:2019-11-11", "query=CreatedTimestamp:soon|", "query=Arbalance:much",
		"query=id:1;", "query=id:1&query=id:2", "Query=id:1", "pagesize=10", "page=1", "query=%zz",
		"pageSize=0", "pageSize=many", "pageNumber=-1", "sortOrder=Ascending", "sortExpression=id", "sortOrder=Up&sortExpression=id",
		"sortOrder=ascending&sortExpression=id", "sortOrder=Ascending&sortExpression=Id", "sortOrder=Ascending&sortExpression=companyName",
	} {
		t.Run(rawQuery, func(t *testing.T) {
			t.Parallel()
			response, _ := list(t, New(Options{}), rawQuery)
			if response.Code != http.StatusBadRequest || !strings.Contains(response.Body.String(), `"HttpStatusCode":400`) {
				t.Errorf("got status %d and body %s, want 400 and the envelope", response.Code, response.Body)
			}
		})
	}
}

// TestAPI_queryTooLong asserts the limit of IIS for the query string.
func TestAPI_queryTooLong(t *testing.T) {
	t.Parallel()
	api := New(Options{Minute: Window{Limit: 9}})
	prefix := "query=id:"
	for length, want := range map[int]int{2048: 200, 2049: 404} {
		response, _ := list(t, api, prefix+strings.Repeat("1", length-len(prefix)))
		if response.Code != want {
			t.Errorf("%d bytes: got status %d, want %d", length, response.Code, want)
		}
		if want == 404 && (!strings.Contains(response.Body.String(), "404.15") || response.Header().Get("X-Rate-Limit-Limit-Minute") != "") {
			t.Errorf("%d bytes: got headers %v and body %s, want the page of IIS", length, response.Header(), response.Body)
		}
	}
}

func TestAPI_listPages(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 24, PageCap: 10})
	all := []int64{SampleID}
	for id := int64(24); id > 0; id-- {
		all = append(all, id)
	}
	for page, want := range [][]int64{all[:10], all[10:20], all[20:], nil} {
		response, got := list(t, api, "pageSize=1000&pageNumber="+strconv.Itoa(page))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("page %d (-want +got):\n%s", page, diff)
		}
		headers := map[string]string{}
		for name := range response.Header() {
			if strings.HasPrefix(name, "X-") {
				headers[name] = response.Header().Get(name)
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
	if _, got := list(t, api, "pageSize=1000&pageNumber=9223372036854775807"); got != nil {
		t.Errorf("last possible page: got %v, want no customers", got)
	}
}

// TestListEnds asserts the headers of the last of two pages.
func TestListEnds(t *testing.T) {
	t.Parallel()
	got := map[ListEnd]string{}
	for _, end := range ListEnds() {
		response, _ := list(t, New(Options{Fleet: 19, PageCap: 10, ListEnd: end}), "pageSize=10&pageNumber=1")
		header := response.Header()
		got[end] = fmt.Sprintf("next %s, pages %s, count %s", header.Get("X-NextPage"), header.Get("X-MaxPageIndex"), header.Get("X-Count"))
	}
	want := map[ListEnd]string{
		ListEndMinusOne:  "next -1, pages 2, count 20",
		ListEndZero:      "next 0, pages 2, count 20",
		ListEndSame:      "next 1, pages 2, count 20",
		ListEndBeyond:    "next 2, pages 2, count 20",
		ListEndAbsent:    "next , pages 2, count 20",
		ListEndNoCount:   "next 2, pages 2, count ",
		ListEndLastIndex: "next 1, pages 1, count 20",
		ListEndBare:      "next , pages , count ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAPI_listRow asserts that a row has the documented fields only.
func TestAPI_listRow(t *testing.T) {
	t.Parallel()
	response, _ := list(t, New(Options{Fleet: 1}), "query=id:1")
	var rows []map[string]any
	if err := json.Unmarshal(response.Body.Bytes(), &rows); err != nil || len(rows) != 1 {
		t.Fatalf("got error %v and body %s, want one row", err, response.Body)
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

// TestAPI_listState asserts that the list reflects customers, faults, and limits.
func TestAPI_listState(t *testing.T) {
	t.Parallel()
	api := New(Options{Minute: Window{Limit: 3}})
	if _, got := list(t, api, ""); !slices.Equal(got, []int64{SampleID}) {
		t.Errorf("got %v, want the sample", got)
	}
	api.SetCustomer(5, Generate(5))
	if _, got := list(t, api, ""); !slices.Equal(got, []int64{SampleID, 5}) {
		t.Errorf("got %v, want the sample and 5", got)
	}
	api.InjectFault(ListID, Always, Faults["409"])
	for _, want := range []int{409, 429} {
		if response, _ := list(t, api, ""); response.Code != want {
			t.Errorf("got status %d, want %d", response.Code, want)
		}
	}
}
