// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// IDs are sent in as few requests as URLs under 2,000 bytes allow, and each is sent once.
func TestClient_Customers_manyIDs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ids  []int64
		most int // requests
	}{
		"a thousand":           {sequence(1, 1000), 4},
		"ten thousand":         {sequence(1, 10_000), 38},
		"a thousand long ones": {sequence(9_000_000_000_000_000_000, 9_000_000_000_000_000_999, 5), 13},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, api := listOf(t, fusebilltest.Options{}, nil)
			exists := func(id int64) bool { return id <= 10_000 && id%33 == 5 }
			for id := range int64(10_000) {
				if exists(id) {
					api.SetCustomer(id, fusebilltest.Generate(id))
				}
			}
			got, err := client.Customers(t.Context(), CustomerFilter{IDs: test.ids}, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.DeleteFunc(slices.Sorted(slices.Values(test.ids)), func(id int64) bool { return !exists(id) })
			if diff := cmp.Diff(want, idsOf(got)); diff != "" {
				t.Errorf("(-want +got):\n%.500s", diff)
			}
			if n := api.Stats().Requests; n > test.most {
				t.Errorf("%d requests were sent, want %d at most", n, test.most)
			}
		})
	}
}

// A URL has as many IDs as fit, to the byte.
func TestClient_Customers_fullURL(t *testing.T) {
	t.Parallel()
	for last, want := range map[int64]int{10_000_000_000: 1, 100_000_000_000: 2} {
		t.Run(strconv.FormatInt(last, 10), func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{})
			filter := CustomerFilter{Statuses: []string{"Active"}, IDs: sequence(1_000_000, 1_000_182, last)}
			if _, err := simulated(api).Customers(t.Context(), filter, 1000); err != nil {
				t.Fatal(err)
			}
			if n := api.Stats().Requests; n != want {
				t.Errorf("%d requests were sent, want %d", n, want)
			}
		})
	}
}

// A URL has at least one ID, even if it is too long without any.
func TestClient_Customers_longBaseURL(t *testing.T) {
	t.Parallel()
	base, err := ParseBaseURL("https://api.example.com/" + strings.Repeat("x", 2000))
	if err != nil {
		t.Fatal(err)
	}
	var queries []string
	client := simulated(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.Query().Get("query"))
		respond(http.StatusOK, "[]")(w, r)
	}), func(c *Config) { c.BaseURL, c.MaxConcurrentRequests = base, 1 })
	if _, err := client.Customers(t.Context(), CustomerFilter{IDs: []int64{3, 1, 2}}, 10); err != nil {
		t.Fatal(err)
	}
	slices.Sort(queries)
	if diff := cmp.Diff([]string{"id:1", "id:2", "id:3"}, queries); diff != "" {
		t.Errorf("the queries differ (-want +got):\n%s", diff)
	}
}

// IDs do not multiply the queries of references, and a reference is queried once.
func TestClient_Customers_fewQueries(t *testing.T) {
	t.Parallel()
	client, api := listOf(t, fusebilltest.Options{}, nil)
	for _, id := range []int64{7, 9000} {
		api.SetCustomer(id, fusebilltest.Generate(id))
	}
	filter := CustomerFilter{IDs: sequence(1, 5000), References: []string{"REF-000007", "REF-000007", "REF-009000"}}
	got, err := client.Customers(t.Context(), filter, 1)
	if diff := cmp.Diff([]int64{7}, idsOf(got)); diff != "" || err != nil {
		t.Errorf("got error %v, and (-want +got):\n%s", err, diff)
	}
	if n := api.Stats().Requests; n != 2 {
		t.Errorf("%d requests were sent, want 2", n)
	}
}

// The queries are those that the vendor documents, to the letter.
func TestClient_Customers_query(t *testing.T) {
	t.Parallel()
	at := func(hour int) *time.Time {
		return pointer(time.Date(2026, 1, 31, hour, 0, 0, 0, time.FixedZone("", 3600)))
	}
	const paging = "pageNumber=0&pageSize=1000&sortExpression=createdTimestamp&sortOrder=Ascending"
	query := func(text string) string {
		return "/v1/customers?pageNumber=0&pageSize=1000&query=" + text + "&sortExpression=createdTimestamp&sortOrder=Ascending"
	}
	for name, test := range map[string]struct {
		filter CustomerFilter
		want   string
	}{
		"none":             {filter: CustomerFilter{}, want: "/v1/customers?" + paging},
		"ids":              {filter: CustomerFilter{IDs: []int64{9, 2, 9}}, want: query("id%3A2%2C9")},
		"reference":        {filter: CustomerFilter{References: []string{"A B"}}, want: query("Reference%3AA+B")},
		"statuses":         {filter: CustomerFilter{Statuses: []string{"Active", "Hold"}}, want: query("Status%3AActive%2CHold")},
		"account statuses": {filter: CustomerFilter{AccountStatuses: []string{"Good"}}, want: query("AccountStatus%3AGood")},
		"parent":           {filter: CustomerFilter{ParentID: pointer(int64(5))}, want: query("ParentId%3A5")},
		"created": {
			filter: CustomerFilter{Created: TimeRange{Since: at(1)}}, want: query("CreatedTimestamp%3A2026-01-31T00%3A00%3A00%7C"),
		},
		"modified": {
			filter: CustomerFilter{Modified: TimeRange{Before: at(2)}}, want: query("ModifiedTimestamp%3A%7C2026-01-31T01%3A00%3A00"),
		},
		"all": {
			filter: CustomerFilter{
				Statuses: []string{"Active"}, AccountStatuses: []string{"Good"}, ParentID: pointer(int64(5)), IDs: []int64{1},
				Created: TimeRange{Since: at(1), Before: at(2)}, Modified: TimeRange{Since: at(3), Before: at(4)},
			},
			want: query("Status%3AActive%3BAccountStatus%3AGood%3BParentId%3A5" +
				"%3BCreatedTimestamp%3A2026-01-31T00%3A00%3A00%7C2026-01-31T01%3A00%3A00" +
				"%3BModifiedTimestamp%3A2026-01-31T02%3A00%3A00%7C2026-01-31T03%3A00%3A00%3Bid%3A1"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
				got = r.RequestURI
				respond(http.StatusOK, "[]")(w, r)
			})
			if _, err := client.Customers(t.Context(), test.filter, 10); err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("the request is to\n%s, want\n%s", got, test.want)
			}
		})
	}
}

// References with characters that mean something in a URL arrive as they are.
func TestClient_Customers_oddReferences(t *testing.T) {
	t.Parallel()
	for _, reference := range []string{"100% [a]/b?c#d", "Müller & Söhne", "a+b=c", `"quoted"`} {
		t.Run(reference, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Key: testKey, Fleet: 5})
			overview := fusebilltest.Generate(3)
			overview["reference"] = reference
			api.SetCustomer(3, overview)
			got, err := newTestClient(t, api.ServeHTTP).Customers(t.Context(), CustomerFilter{References: []string{reference}}, 10)
			if diff := cmp.Diff([]int64{3}, idsOf(got)); diff != "" || err != nil {
				t.Errorf("got error %v, and (-want +got):\n%s", err, diff)
			}
		})
	}
}
