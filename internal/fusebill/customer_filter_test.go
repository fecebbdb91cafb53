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

// Each filter alone, and all together, match the customers of the fleet that they should.
func TestClient_Customers_filters(t *testing.T) {
	t.Parallel()
	const fleet = 300
	day := func(n int) time.Time { return time.Date(2019, 11, n, 0, 0, 0, 0, time.UTC) }
	on := func(n int) *time.Time { return pointer(day(n)) }
	none := func(ListedCustomer) bool { return false }
	text := func(p *string) string { return *p }
	filters := map[string]struct {
		filter  CustomerFilter
		matches func(c ListedCustomer) bool
	}{
		"ids": {
			CustomerFilter{IDs: []int64{250, 3, 3, 7, 9999}}, func(c ListedCustomer) bool { return c.ID == 250 || c.ID == 3 || c.ID == 7 },
		},
		"references": {
			CustomerFilter{References: []string{"REF-000007", "ref-000003", "REF-000007", "nobody"}},
			func(c ListedCustomer) bool { return c.ID == 7 },
		},
		"statuses": {
			CustomerFilter{Statuses: []string{"Hold", "Draft"}},
			func(c ListedCustomer) bool { return text(c.Status) == "Hold" || text(c.Status) == "Draft" },
		},
		"account statuses": {
			CustomerFilter{AccountStatuses: []string{"PoorStanding"}},
			func(c ListedCustomer) bool { return text(c.CustomerAccountStatus) == "PoorStanding" },
		},
		"a parent": {
			CustomerFilter{ParentID: pointer(int64(101))}, func(c ListedCustomer) bool { return c.ParentID != nil && *c.ParentID == 101 },
		},
		"created since": {
			CustomerFilter{Created: TimeRange{Since: on(20)}}, func(c ListedCustomer) bool { return !c.CreatedTimestamp.Before(day(20)) },
		},
		"created before": {
			CustomerFilter{Created: TimeRange{Before: on(20)}}, func(c ListedCustomer) bool { return c.CreatedTimestamp.Before(day(20)) },
		},
		"modified within": {
			CustomerFilter{Modified: TimeRange{Since: on(10), Before: on(12)}},
			func(c ListedCustomer) bool {
				return !c.ModifiedTimestamp.Before(day(10)) && c.ModifiedTimestamp.Before(day(12))
			},
		},
		"to the second": {
			CustomerFilter{
				Modified: TimeRange{
					Since: pointer(time.Date(2019, 11, 6, 21, 19, 1, 0, time.UTC)), Before: pointer(time.Date(2019, 11, 7, 4, 19, 1, 0, time.UTC)),
				},
			},
			func(c ListedCustomer) bool { return c.ID == 1 },
		},
		"of a second": {
			CustomerFilter{
				Created: TimeRange{
					Since: pointer(time.Date(2019, 11, 7, 2, 19, 1, 0, time.UTC)), Before: pointer(time.Date(2019, 11, 7, 2, 19, 2, 0, time.UTC)),
				},
			},
			func(c ListedCustomer) bool { return c.ID == 2 },
		},
		"in another zone": {
			CustomerFilter{
				Created: TimeRange{Since: pointer(day(20).In(time.FixedZone("", -5*3600))), Before: pointer(day(21).In(time.FixedZone("", 3600)))},
			},
			func(c ListedCustomer) bool {
				return !c.CreatedTimestamp.Before(day(20)) && c.CreatedTimestamp.Before(day(21))
			},
		},
		"all": {
			CustomerFilter{
				IDs: sequence(100, 200), References: []string{"REF-000112", "REF-000113"}, Statuses: []string{"Active"},
				AccountStatuses: []string{"Good"}, ParentID: pointer(int64(101)),
				Created: TimeRange{on(1), pointer(day(30).AddDate(1, 0, 0))}, Modified: TimeRange{on(1), pointer(day(30).AddDate(1, 0, 0))},
			},
			func(c ListedCustomer) bool { return c.ID == 112 },
		},
		"references and ids": {
			CustomerFilter{References: []string{"REF-000007", "REF-000003"}, IDs: sequence(5, 300)},
			func(c ListedCustomer) bool { return c.ID == 7 },
		},
		"none, equal times":         {CustomerFilter{Created: TimeRange{Since: on(20), Before: on(20)}}, none},
		"none, reversed times":      {CustomerFilter{Modified: TimeRange{Since: on(20), Before: on(10)}}, none},
		"none, before all times":    {CustomerFilter{Created: TimeRange{Before: &time.Time{}}}, none},
		"none, no ids":              {CustomerFilter{IDs: []int64{}}, none},
		"none, no references":       {CustomerFilter{References: []string{}}, none},
		"none, no statuses":         {CustomerFilter{Statuses: []string{}}, none},
		"none, no account statuses": {CustomerFilter{AccountStatuses: []string{}}, none},
	}
	client, _ := listOf(t, fusebilltest.Options{Fleet: fleet}, nil)
	all, err := client.Customers(t.Context(), CustomerFilter{}, fleet+1)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range filters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := client.Customers(t.Context(), test.filter, fleet)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.DeleteFunc(slices.Clone(all), func(c ListedCustomer) bool { return !test.matches(c) })
			if diff := cmp.Diff(idsOf(want), idsOf(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if none := strings.HasPrefix(name, "none"); none != (len(got) == 0) {
				t.Errorf("%d customers match", len(got))
			}
		})
	}
}

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

// A filter with an empty list or an empty range matches no customer, and requires no request.
func TestCustomerFilter_MatchesNone(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	later := noon.Add(time.Second)
	for name, test := range map[string]struct {
		filter CustomerFilter
		want   bool
	}{
		"no filter":           {CustomerFilter{}, false},
		"no IDs":              {CustomerFilter{IDs: []int64{}}, true},
		"no references":       {CustomerFilter{References: []string{}}, true},
		"no statuses":         {CustomerFilter{Statuses: []string{}}, true},
		"no account statuses": {CustomerFilter{AccountStatuses: []string{}}, true},
		"one of each": {
			CustomerFilter{IDs: []int64{1}, References: []string{"a"}, Statuses: []string{"Active"}, AccountStatuses: []string{"Good"}}, false,
		},
		"equal times of creation":      {CustomerFilter{Created: TimeRange{&noon, &noon}}, true},
		"reversed times of creation":   {CustomerFilter{Created: TimeRange{&later, &noon}}, true},
		"a second of creation":         {CustomerFilter{Created: TimeRange{&noon, &later}}, false},
		"created since":                {CustomerFilter{Created: TimeRange{Since: &noon}}, false},
		"created before":               {CustomerFilter{Created: TimeRange{Before: &noon}}, false},
		"equal times of the change":    {CustomerFilter{Modified: TimeRange{&noon, &noon}}, true},
		"reversed times of the change": {CustomerFilter{Modified: TimeRange{&later, &noon}}, true},
		"a second of the change":       {CustomerFilter{Modified: TimeRange{&noon, &later}}, false},
	} {
		if got := test.filter.MatchesNone(); got != test.want {
			t.Errorf("%s: MatchesNone = %t, want %t", name, got, test.want)
		}
	}
}

func TestValidateReference(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]string{
		"":                        "it is empty",
		" ":                       "it is empty",
		"a;b":                     `it contains ';'`,
		"a,b":                     `it contains ','`,
		"a:b":                     `it contains ':'`,
		"a|b":                     `it contains '|'`,
		"*":                       `it contains '*'`,
		"[empty]":                 "it means a customer without a reference",
		"[Empty]":                 "it means a customer without a reference",
		"REF-1":                   "",
		"Müller & Söhne":          "",
		"100% [a]/b?c#d":          "",
		strings.Repeat("a", 1000): "",
		strings.Repeat("a", 1001): "it is too long for a URL",
		strings.Repeat("é", 166):  "",
		strings.Repeat("é", 167):  "it is too long for a URL",
	} {
		err := ValidateReference(reference)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("of %q got %v, want %q", reference, err, want)
		}
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
