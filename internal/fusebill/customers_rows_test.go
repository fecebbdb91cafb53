// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// A row is decoded as the overview is.
func TestClient_Customers_row(t *testing.T) {
	t.Parallel()
	client, _ := listOf(t, fusebilltest.Options{Fleet: 2}, nil)
	got, err := client.Customers(t.Context(), CustomerFilter{IDs: []int64{2}}, 10)
	if err != nil {
		t.Fatal(err)
	}
	want := []ListedCustomer{{
		Customer: Customer{
			ID: 2, Status: pointer("Active"), CustomerAccountStatus: pointer("Good"), Currency: pointer("EUR"),
			ParentID: pointer(int64(1)), IsParent: pointer(false),
		},
		Reference:         pointer("REF-000002"),
		CreatedTimestamp:  pointer(time.Date(2019, 11, 7, 2, 19, 1, 0, time.UTC)),
		ModifiedTimestamp: pointer(time.Date(2019, 11, 7, 4, 19, 1, 857e6, time.UTC)),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Rows that the API returns although they do not match are dropped. A page of which no row matches
// means that the API ignored the filter.
func TestClient_Customers_dropsRows(t *testing.T) {
	t.Parallel()
	const rows = `[
		{"id": 1, "reference": "REF-é", "status": "Active"},
		{"id": 2, "reference": "ref-é", "status": "Active"},
		{"id": 3, "reference": "REF-e", "status": "Active"},
		{"id": 4, "reference": "ＲＥＦ－é", "status": "Active"},
		{"id": 5, "reference": "REF-é ", "status": "Active"},
		{"id": 6, "reference": "REF-é2", "status": "Active"},
		{"id": 7, "status": "Hold"}
	]`
	for name, test := range map[string]struct {
		filter CustomerFilter
		want   []int64
		err    string
		rows   string // Those above by default.
	}{
		"exact":      {filter: CustomerFilter{References: []string{"REF-é"}}, want: []int64{1}},
		"decomposed": {filter: CustomerFilter{References: []string{"REF-e\u0301"}}, want: []int64{}},
		"other case": {filter: CustomerFilter{References: []string{"Ref-É"}}, want: []int64{}},
		"ligature": {
			filter: CustomerFilter{References: []string{"ref-ﬁ"}}, want: []int64{}, rows: `[{"id": 1, "reference": "ref-fi"}]`,
		},
		"sharp s": {
			filter: CustomerFilter{References: []string{"Strasse"}}, want: []int64{}, rows: `[{"id": 1, "reference": "Straße"}]`,
		},
		"stroke": {
			filter: CustomerFilter{References: []string{"Lodz"}}, want: []int64{},
			rows: `[{"id": 1, "reference": "Łódź"}]`,
		},
		"kana":                {filter: CustomerFilter{References: []string{"カ"}}, want: []int64{}, rows: `[{"id": 1, "reference": "ｶ"}]`},
		"another":             {filter: CustomerFilter{References: []string{"REF"}}, err: "7 customers that do not match it, such as customer 1"},
		"status of one":       {filter: CustomerFilter{Statuses: []string{"Hold"}}, want: []int64{7}},
		"status of none":      {filter: CustomerFilter{Statuses: []string{"Draft"}}, err: "7 customers that do not match it, such as customer 1"},
		"IDs of some":         {filter: CustomerFilter{IDs: []int64{7, 3, 9}}, want: []int64{3, 7}},
		"reference and no ID": {filter: CustomerFilter{References: []string{"REF-é"}, IDs: []int64{2}}, want: []int64{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
				if test.rows != "" {
					w.Header().Set("X-Count", "1")
					respond(http.StatusOK, test.rows)(w, r)
					return
				}
				w.Header().Set("X-Count", "7")
				respond(http.StatusOK, rows)(w, r)
			}).Customers(t.Context(), test.filter, 100)
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Fatalf("got error %v, want %q", err, test.err)
			}
			if diff := cmp.Diff(test.want, idsOf(got), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The maximum is that of the customers that match, and not that of the rows that the API counts.
func TestClient_Customers_droppedRowsDoNotCount(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Count", "2")
		respond(http.StatusOK, `[{"id": 1, "reference": "a"}, {"id": 2, "reference": "A"}]`)(w, r)
	})
	got, err := client.Customers(t.Context(), CustomerFilter{References: []string{"a"}}, 1)
	if diff := cmp.Diff([]int64{1}, idsOf(got)); diff != "" || err != nil {
		t.Errorf("got error %v, and (-want +got):\n%s", err, diff)
	}
}

// A response that is not the requested list is an error.
func TestClient_Customers_refuses(t *testing.T) {
	t.Parallel()
	at := func(seconds int64) *time.Time { return pointer(time.Unix(seconds, 0)) }
	const ignored = "expected customers that match the filter, found 1 customers that do not match it, such as customer 1"
	for name, test := range map[string]struct {
		filter CustomerFilter
		body   string
		want   string
	}{
		"an object":         {CustomerFilter{}, `{"id": 1}`, `body: expected one JSON array, found an object, 9 bytes of text/plain`},
		"null":              {CustomerFilter{}, `null`, `body: expected one JSON array, found null, 4 bytes of text/plain`},
		"nothing":           {CustomerFilter{}, ``, `body: expected one JSON array, found an empty body`},
		"HTML":              {CustomerFilter{}, `<html>Sign in`, `body: expected one JSON array, found Sign in`},
		"a cut list":        {CustomerFilter{}, `[{"id": 1},`, `body: expected one JSON array, found 11 bytes of text/plain`},
		"a list of numbers": {CustomerFilter{}, `[1]`, `row 1: expected a JSON object, found a number`},
		"a list of lists":   {CustomerFilter{}, `[{"id": 1}, [2]]`, `row 2: expected a JSON object, found an array`},
		"a list of null":    {CustomerFilter{}, `[null]`, `row 1: expected a JSON object, found null`},
		"no id":             {CustomerFilter{}, `[{"id": 1}, {}]`, `row 2, field id: expected the ID of a customer, found nothing`},
		"an id of 0":        {CustomerFilter{}, `[{"id": 0}]`, `row 1, field id: expected the ID of a customer, found 0`},
		"a wrong type":      {CustomerFilter{}, `[{"id": 1, "status": []}]`, `row 1, field status: expected a string, found an array`},
		"a wrong time": {
			CustomerFilter{}, `[{"id": 1, "modifiedTimestamp": "soon"}]`,
			`row 1, field modifiedTimestamp: expected a timestamp such as 2019-11-06T14:19:01Z, found a string`,
		},
		"invalid UTF-8": {
			CustomerFilter{}, "[{\"id\": 1, \"reference\": \"\xff\"}]",
			`row 1, field reference: expected valid UTF-8 text, found other bytes`,
		},
		"endless": {
			CustomerFilter{}, "[" + strings.Repeat(" ", maxPageBytes) + "]", `body: expected at most 33554432 bytes, found more`,
		},
		"another id":        {CustomerFilter{IDs: []int64{2}}, `[{"id": 1}]`, ignored},
		"another status":    {CustomerFilter{Statuses: []string{"Active"}}, `[{"id": 1, "status": "Hold"}]`, ignored},
		"no status":         {CustomerFilter{Statuses: []string{"Active"}}, `[{"id": 1}]`, ignored},
		"another standing":  {CustomerFilter{AccountStatuses: []string{"Good"}}, `[{"id": 1, "customerAccountStatus": "Collection"}]`, ignored},
		"another reference": {CustomerFilter{References: []string{"a"}}, `[{"id": 1, "reference": "ab"}]`, ignored},
		"no reference":      {CustomerFilter{References: []string{"a"}}, `[{"id": 1}]`, ignored},
		"another parent":    {CustomerFilter{ParentID: pointer(int64(5))}, `[{"id": 1, "parentId": 6}]`, ignored},
		"no parent":         {CustomerFilter{ParentID: pointer(int64(5))}, `[{"id": 1}]`, ignored},
		"created too early": {CustomerFilter{Created: TimeRange{Since: at(1e9)}}, `[{"id": 1, "createdTimestamp": "2001-01-01"}]`, ignored},
		"changed at the end": {
			CustomerFilter{Modified: TimeRange{Before: at(978307200)}}, `[{"id": 1, "modifiedTimestamp": "2001-01-01"}]`, ignored,
		},
		"never created": {CustomerFilter{Created: TimeRange{Since: at(0)}}, `[{"id": 1}]`, ignored},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				got, err := simulated(respond(200, test.body)).Customers(t.Context(), test.filter, 10)
				var decodeError *DecodeError
				if !errors.As(err, &decodeError) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %d customers and error %v, want a DecodeError with %q", len(got), err, test.want)
				}
			})
		})
	}
}

// Any body of a page results in customers with IDs, or in a DecodeError.
func FuzzDecodeCustomers(f *testing.F) {
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(f.Context(), http.MethodGet, "/v1/customers?"+url.Values{"pageSize": {"3"}}.Encode(), nil)
	request.Header.Set("Authorization", "Basic "+testKey)
	fusebilltest.New(fusebilltest.Options{Key: testKey, Fleet: 3}).ServeHTTP(recorder, request)
	f.Add(recorder.Body.Bytes())
	for _, body := range []string{``, `null`, `[]`, `[{}]`, `[null]`, `[{"id": 1}]`, `[{"id": "1"}, {"id": 1e400000000}]`, `{"id": 1}`,
		`[[]]`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		customers, err := decodeCustomers(responseOf(body))
		if err != nil && customers != nil {
			t.Errorf("got %v and error %v, want an error alone", customers, err)
		}
		for _, c := range customers {
			if c.ID < 1 {
				t.Errorf("a customer has the ID %d", c.ID)
			}
		}
	})
}
