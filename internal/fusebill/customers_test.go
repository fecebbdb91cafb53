// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// listOf returns a client of a simulated API, and calls before for each request.
func listOf(t *testing.T, options fusebilltest.Options, before func(api *fusebilltest.API, r *http.Request),
	changes ...func(*Config)) (*Client, *fusebilltest.API) {
	t.Helper()
	options.Key = testKey
	api := fusebilltest.New(options)
	return newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		if n := len("http://" + r.Host + r.URL.String()); n >= 2000 {
			t.Errorf("a URL is %d bytes long, want less than 2000", n)
		}
		if before != nil {
			before(api, r)
		}
		api.ServeHTTP(w, r)
	}, changes...), api
}

func idsOf(customers []ListedCustomer) []int64 {
	ids := make([]int64, len(customers))
	for i, c := range customers {
		ids[i] = c.ID
	}
	return ids
}

// sequence returns the IDs from first to last, and then others.
func sequence(first, last int64, others ...int64) (ids []int64) {
	for id := first; id <= last; id++ {
		ids = append(ids, id)
	}
	return append(ids, others...)
}

// Every customer is listed once and in order, for each cap on pages and each form of the paging headers.
func TestClient_Customers_pages(t *testing.T) {
	t.Parallel()
	for _, end := range fusebilltest.ListEnds() {
		for pageCap, fleets := range map[int][]int64{100: {0, 1, 98, 99, 100, 249}, 1000: {1000}} {
			for _, fleet := range fleets {
				t.Run(fmt.Sprintf("%s/%d by %d", end, fleet, pageCap), func(t *testing.T) {
					t.Parallel()
					client, api := listOf(t, fusebilltest.Options{Fleet: fleet, PageCap: pageCap, ListEnd: end}, nil)
					got, err := client.Customers(t.Context(), CustomerFilter{}, 10_000)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(sequence(1, fleet, fusebilltest.SampleID), idsOf(got)); diff != "" {
						t.Errorf("(-want +got):\n%.1000s", diff)
					}
					want := (int(fleet) + 1 + pageCap - 1) / pageCap
					if end == fusebilltest.ListEndNoCount || end == fusebilltest.ListEndBare { // Until a page is empty.
						want++
					}
					if n := api.Stats().Requests; n != want {
						t.Errorf("%d requests were sent, want %d", n, want)
					}
				})
			}
		}
	}
}

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

// More matches than are wanted are an error that counts them, before all are read.
func TestClient_Customers_tooMany(t *testing.T) {
	t.Parallel()
	for end, requests := range map[fusebilltest.ListEnd]int{"minus-one": 1, "no-count": 3, "bare": 3} {
		t.Run(string(end), func(t *testing.T) {
			t.Parallel()
			client, api := listOf(t, fusebilltest.Options{Fleet: 249, PageCap: 100, ListEnd: end}, nil)
			got, err := client.Customers(t.Context(), CustomerFilter{}, 200)
			var tooMany *TooManyCustomersError
			if !errors.As(err, &tooMany) || tooMany.Count != 250 || tooMany.Max != 200 || tooMany.AtLeast == (end == "minus-one") {
				t.Errorf("got %d customers and error %v, want that there are 250 and the maximum is 200", len(got), err)
			}
			if n := api.Stats().Requests; n != requests {
				t.Errorf("%d requests were sent, want %d", n, requests)
			}
		})
	}
}

// A customer who leaves the list while it is read moves others from page to page:
// none of them is lost, and none is listed twice.
func TestClient_Customers_moves(t *testing.T) {
	t.Parallel()
	setStatus := func(api *fusebilltest.API, id int64, status string) {
		overview := fusebilltest.Generate(id)
		overview["status"] = status
		api.SetCustomer(id, overview)
	}
	var started atomic.Bool
	client, _ := listOf(t, fusebilltest.Options{Fleet: 300, PageCap: 100}, func(api *fusebilltest.API, r *http.Request) {
		if r.URL.Query().Get("pageNumber") != "0" && started.CompareAndSwap(false, true) {
			setStatus(api, 1, "Cancelled") // On the first page, which has been read.
			setStatus(api, 10, "Active")
			setStatus(api, 20, "Active")
		}
	})
	got, err := client.Customers(t.Context(), CustomerFilter{Statuses: []string{"Active"}}, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	want := []int64{10, 20}
	for id := int64(2); id <= 300; id++ {
		if digit := id % 10; digit >= 1 && digit <= 6 {
			want = append(want, id)
		}
	}
	want = append(want, fusebilltest.SampleID)
	slices.Sort(want)
	if diff := cmp.Diff(want, idsOf(got)); diff != "" {
		t.Errorf("(-want +got):\n%.1000s", diff)
	}
}

// A list that changes during each read is an error, and not a list with gaps.
func TestClient_Customers_changesDuringEachRead(t *testing.T) {
	t.Parallel()
	next := atomic.Int64{}
	next.Store(5000)
	client, api := listOf(t, fusebilltest.Options{Fleet: 250, PageCap: 100}, func(api *fusebilltest.API, r *http.Request) {
		if r.URL.Query().Get("pageNumber") == "1" {
			id := next.Add(1)
			api.SetCustomer(id, fusebilltest.Generate(id))
		}
	}, func(c *Config) { c.MaxConcurrentRequests = 1 }) // Or a read could miss the change, and be like the last.
	got, err := client.Customers(t.Context(), CustomerFilter{}, 10_000)
	if !errors.Is(err, ErrListChanged) {
		t.Errorf("got %d customers and error %v, want %v", len(got), err, ErrListChanged)
	}
	if n := api.Stats().Requests; n != 3*maxListReads {
		t.Errorf("%d requests were sent, want %d", n, 3*maxListReads)
	}
}

// A count that does not fit neither crashes, nor loses customers, nor hangs.
func TestClient_Customers_wrongCount(t *testing.T) {
	t.Parallel()
	for count, want := range map[string]string{
		"2":                    "",
		"0":                    "",
		"-1":                   "",
		"1":                    "",
		"many":                 "",
		"7":                    "body: expected a first page of 7 customers, since the list has 7, found 2 customers",
		"2000000000":           "2000000000 customers match, which exceeds the maximum of 10",
		"9223372036854775807":  "9223372036854775807 customers match, which exceeds the maximum of 10",
		"9223372036854775808":  "",
		"-9223372036854775808": "",
	} {
		t.Run(count, func(t *testing.T) {
			t.Parallel()
			client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Count", count)
				if r.URL.Query().Get("pageNumber") == "0" {
					_, _ = w.Write([]byte(`[{"id": 2}, {"id": 1}]`))
				} else {
					_, _ = w.Write([]byte(`[]`))
				}
			})
			got, err := client.Customers(t.Context(), CustomerFilter{}, 10)
			switch {
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("got %d customers and error %v, want %q", len(got), err, want)
			case want == "" && (err != nil || !slices.Equal(idsOf(got), []int64{1, 2})):
				t.Errorf("got %v and error %v, want 1 and 2", idsOf(got), err)
			}
		})
	}
}

// A server that counts without bounds, or that always returns the same page, takes neither memory nor
// requests.
func TestClient_Customers_endless(t *testing.T) {
	t.Parallel()
	filters := map[string]CustomerFilter{
		"all":                {},
		"ids":                {IDs: sequence(1, 100)},
		"references":         {References: []string{"a"}},
		"references and ids": {IDs: []int64{1, 2}, References: []string{"a", "b"}},
	}
	for name, filter := range filters {
		for _, count := range []string{"", "2000000000", strconv.Itoa(math.MaxInt)} {
			t.Run(name+"/"+count, func(t *testing.T) {
				t.Parallel()
				requests := atomic.Int32{}
				client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
					requests.Add(1)
					if count != "" {
						w.Header().Set("X-Count", count)
					}
					_, reference, _ := strings.Cut(r.URL.Query().Get("query"), "Reference:")
					_, _ = fmt.Fprintf(w, `[{"id": 1, "reference": %q}]`, reference)
				})
				got, err := client.Customers(t.Context(), filter, 10)
				var tooMany *TooManyCustomersError
				var decodeError *DecodeError
				if count == "" && !errors.As(err, &decodeError) || count != "" && !errors.As(err, &tooMany) {
					t.Errorf("got %d customers and error %v", len(got), err)
				}
				most := int32(max(1, len(filter.References)))
				if count == "" {
					most *= 2 // The second page is the same.
				}
				if n := requests.Load(); n > most {
					t.Errorf("%d requests were sent, want at most %d", n, most)
				}
			})
		}
	}
}

// A first page that is not full, although the API counts more rows, costs one request.
func TestClient_Customers_shortFirstPage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rows, count int
		pageSize    string
		want        string
	}{
		"one of many":            {rows: 1, count: 10_000, want: "a first page of 1000 customers, since the list has 10000, found 1 customers"},
		"none of many":           {rows: 0, count: 10_000, want: "a first page of 1000 customers, since the list has 10000, found 0 customers"},
		"none of one":            {rows: 0, count: 1, want: "a first page of 1 customers, since the list has 1, found 0 customers"},
		"one less than a page":   {rows: 999, count: 1001, want: "a first page of 1000 customers"},
		"capped, one less":       {rows: 499, count: 10_000, pageSize: "500", want: "a first page of 500 customers"},
		"capped too low":         {rows: 1, count: 10_000, pageSize: "1", want: "a first page of 1000 customers"},
		"capped without reason":  {rows: 1, count: 10_000, pageSize: "many", want: "a first page of 1000 customers"},
		"more than it may have":  {rows: 1001, count: 10_000, want: "a first page of 1000 customers"},
		"largest possible count": {rows: 1, count: MaxResults, want: "a first page of 1000 customers"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := atomic.Int32{}
			client := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				w.Header().Set("X-Count", strconv.Itoa(test.count))
				if test.pageSize != "" {
					w.Header().Set("X-PageSize", test.pageSize)
				}
				rows := make([]map[string]int, test.rows)
				for i := range rows {
					rows[i] = map[string]int{"id": i + 1}
				}
				_ = json.NewEncoder(w).Encode(rows)
			})
			got, err := client.Customers(t.Context(), CustomerFilter{}, MaxResults)
			var decodeError *DecodeError
			if !errors.As(err, &decodeError) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %d customers and error %v, want a DecodeError with %q", len(got), err, test.want)
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests were sent, want 1", n)
			}
		})
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

// X-Count on the first page alone is enough.
func TestClient_Customers_countOnFirstPage(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Key: testKey, Fleet: 250, PageCap: 100})
	client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		api.ServeHTTP(headerRemover{ResponseWriter: w, name: "X-Count", keep: r.URL.Query().Get("pageNumber") == "0"}, r)
	})
	got, err := client.Customers(t.Context(), CustomerFilter{}, 1000)
	if err != nil || len(got) != 251 || api.Stats().Requests != 3 {
		t.Errorf("got %d customers and error %v after %d requests, want 251 after 3", len(got), err, api.Stats().Requests)
	}
}

// headerRemover removes a header from a response unless it is to be kept.
type headerRemover struct {
	http.ResponseWriter
	name string
	keep bool
}

func (r headerRemover) WriteHeader(status int) {
	if !r.keep {
		r.Header().Del(r.name)
	}
	r.ResponseWriter.WriteHeader(status)
}

// Without a count, a page that is not full is the last one.
func TestClient_Customers_smallPagesWithoutCount(t *testing.T) {
	t.Parallel()
	requests := atomic.Int64{}
	client := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `[{"id": %d}]`, requests.Add(1))
	})
	got, err := client.Customers(t.Context(), CustomerFilter{}, 10_000)
	var decodeError *DecodeError
	if !errors.As(err, &decodeError) || !strings.Contains(err.Error(), "at least 100 customers on page 0 of the list") ||
		requests.Load() != 2 {
		t.Errorf("got %d customers and error %v after %d requests, want a DecodeError after 2", len(got), err, requests.Load())
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
			got, err := newTestClient(t, respond(200, test.body)).Customers(t.Context(), test.filter, 10)
			var decodeError *DecodeError
			if !errors.As(err, &decodeError) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %d customers and error %v, want a DecodeError with %q", len(got), err, test.want)
			}
		})
	}
}

// What fails one page fails the list, with the error that it would be of an overview.
func TestClient_Customers_fails(t *testing.T) {
	t.Parallel()
	for fault, kind := range map[string]error{"401": ErrUnauthorized, "500": ErrUnavailable, "404": ErrNotFound} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Key: testKey, Fleet: 300, PageCap: 100})
			client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("pageNumber") == "3" {
					fusebilltest.Faults[fault](w, r)
					return
				}
				api.ServeHTTP(w, r)
			})
			got, err := client.Customers(t.Context(), CustomerFilter{}, 10_000)
			if !errors.Is(err, kind) || got != nil {
				t.Errorf("got %d customers and error %v, want %v", len(got), err, kind)
			}
		})
	}
}

func TestValidateReference(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]string{
		"":                       "it is empty",
		" ":                      "it is empty",
		"a;b":                    `it contains ';'`,
		"a,b":                    `it contains ','`,
		"a:b":                    `it contains ':'`,
		"a|b":                    `it contains '|'`,
		"*":                      `it contains '*'`,
		"[empty]":                "it means a customer without a reference",
		"[Empty]":                "it means a customer without a reference",
		"REF-1":                  "",
		"Müller & Söhne":         "",
		"100% [a]/b?c#d":         "",
		strings.Repeat("é", 166): "",
		strings.Repeat("é", 167): "it is too long for a URL",
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
