package fusebill

import (
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

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// listOf gives a client of a simulated API, and lets something happen before each
// request.
func listOf(t *testing.T, options fusebilltest.Options, before func(api *fusebilltest.API, r *http.Request), changes ...func(*Config)) (*Client, *fusebilltest.API) {
	t.Helper()
	options.Key = testKey
	api := fusebilltest.New(options)
	return newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.String()) > 8<<10 {
			t.Errorf("a URL is %d bytes long, want 8192 at most", len(r.URL.String()))
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

// sequence gives the ids from first to last, and then others.
func sequence(first, last int64, others ...int64) (ids []int64) {
	for id := first; id <= last; id++ {
		ids = append(ids, id)
	}
	return append(ids, others...)
}

// Every customer is listed once and in order, whatever the API's cap on pages and
// whatever it says of the end.
func TestClient_Customers_pages(t *testing.T) {
	t.Parallel()
	for _, end := range fusebilltest.ListEnds() {
		for _, fleet := range []int64{0, 1, 98, 99, 100, 999, 2499} {
			for _, pageCap := range []int{100, 1000} {
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
					if end == "no-count" || end == "bare" { // To an empty page, and twice, for nothing else tells that it is all.
						want = 2 * (want + 1)
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
			ID: 2, Reference: pointer("REF-000002"), Status: pointer("Active"), CustomerAccountStatus: pointer("Good"), Currency: pointer("EUR"),
			ParentID: pointer(int64(1)), IsParent: pointer(false), CreatedTimestamp: pointer(time.Date(2019, 11, 7, 2, 19, 1, 0, time.UTC)),
		},
		ModifiedTimestamp: pointer(time.Date(2019, 11, 7, 4, 19, 1, 857e6, time.UTC)),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Each filter alone and all together give exactly what the fleet holds.
func TestClient_Customers_filters(t *testing.T) {
	t.Parallel()
	const fleet = 300
	day := func(n int) time.Time { return time.Date(2019, 11, n, 0, 0, 0, 0, time.UTC) }
	text := func(p *string) string { return *p }
	filters := map[string]struct {
		filter  CustomerFilter
		matches func(c ListedCustomer) bool
	}{
		"ids":              {CustomerFilter{IDs: []int64{250, 3, 3, 7, 9999}}, func(c ListedCustomer) bool { return c.ID == 250 || c.ID == 3 || c.ID == 7 }},
		"references":       {CustomerFilter{References: []string{"REF-000007", "ref-000003", "REF-000007", "nobody"}}, func(c ListedCustomer) bool { return c.ID == 7 || c.ID == 3 }},
		"statuses":         {CustomerFilter{Statuses: []string{"Hold", "Draft"}}, func(c ListedCustomer) bool { return text(c.Status) == "Hold" || text(c.Status) == "Draft" }},
		"account statuses": {CustomerFilter{AccountStatuses: []string{"PoorStanding"}}, func(c ListedCustomer) bool { return text(c.CustomerAccountStatus) == "PoorStanding" }},
		"a parent":         {CustomerFilter{ParentID: 101}, func(c ListedCustomer) bool { return c.ParentID != nil && *c.ParentID == 101 }},
		"created since":    {CustomerFilter{Created: TimeRange{Since: day(20)}}, func(c ListedCustomer) bool { return !c.CreatedTimestamp.Before(day(20)) }},
		"created before":   {CustomerFilter{Created: TimeRange{Before: day(20)}}, func(c ListedCustomer) bool { return c.CreatedTimestamp.Before(day(20)) }},
		"modified within": {
			CustomerFilter{Modified: TimeRange{Since: day(10), Before: day(12)}},
			func(c ListedCustomer) bool {
				return !c.ModifiedTimestamp.Before(day(10)) && c.ModifiedTimestamp.Before(day(12))
			},
		},
		"to the millisecond": {
			CustomerFilter{Modified: TimeRange{Since: time.Date(2019, 11, 6, 21, 19, 1, 857e6, time.UTC), Before: time.Date(2019, 11, 7, 4, 19, 1, 857e6, time.UTC)}},
			func(c ListedCustomer) bool { return c.ID == 1 },
		},
		"in another zone": {
			CustomerFilter{Created: TimeRange{Since: day(20).In(time.FixedZone("", -5*3600)), Before: day(21).In(time.FixedZone("", 3600))}},
			func(c ListedCustomer) bool {
				return !c.CreatedTimestamp.Before(day(20)) && c.CreatedTimestamp.Before(day(21))
			},
		},
		"all": {
			CustomerFilter{
				IDs: sequence(100, 200), References: []string{"REF-000112", "REF-000113"}, Statuses: []string{"Active"}, AccountStatuses: []string{"Good"}, ParentID: 101,
				Created: TimeRange{day(1), day(30).AddDate(1, 0, 0)}, Modified: TimeRange{day(1), day(30).AddDate(1, 0, 0)},
			},
			func(c ListedCustomer) bool { return c.ID == 112 },
		},
		"references and ids": {
			CustomerFilter{References: []string{"REF-000007", "REF-000003"}, IDs: sequence(5, 300)},
			func(c ListedCustomer) bool { return c.ID == 7 },
		},
		"within a second": {
			CustomerFilter{Modified: TimeRange{Since: time.Date(2019, 11, 6, 21, 19, 1, 858e6, time.UTC), Before: time.Date(2019, 11, 7, 4, 19, 1, 856e6, time.UTC)}},
			func(ListedCustomer) bool { return false },
		},
		"nobody by ids":              {CustomerFilter{IDs: []int64{}}, func(ListedCustomer) bool { return false }},
		"nobody by references":       {CustomerFilter{References: []string{}}, func(ListedCustomer) bool { return false }},
		"nobody by statuses":         {CustomerFilter{Statuses: []string{}}, func(ListedCustomer) bool { return false }},
		"nobody by account statuses": {CustomerFilter{AccountStatuses: []string{}}, func(ListedCustomer) bool { return false }},
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
			if none := strings.HasPrefix(name, "nobody") || name == "within a second"; none != (len(got) == 0) {
				t.Errorf("%d customers match", len(got))
			}
		})
	}
}

// Ids go in as few requests as URLs of 8 KiB allow, and each is asked for once.
func TestClient_Customers_manyIDs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ids  []int64
		most int // requests
	}{
		"a thousand":           {sequence(1, 1000), 1},
		"ten thousand":         {sequence(1, 10_000), 10},
		"a thousand long ones": {sequence(9_000_000_000_000_000_000, 9_000_000_000_000_000_999, 5), 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, api := listOf(t, fusebilltest.Options{Fleet: 10_000}, nil)
			got, err := client.Customers(t.Context(), CustomerFilter{IDs: test.ids}, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.DeleteFunc(slices.Sorted(slices.Values(test.ids)), func(id int64) bool { return id > 10_000 })
			if diff := cmp.Diff(want, idsOf(got)); diff != "" {
				t.Errorf("(-want +got):\n%.500s", diff)
			}
			if n := api.Stats().Requests; n > test.most {
				t.Errorf("%d requests were sent, want %d at most", n, test.most)
			}
		})
	}
}

// Ids do not multiply the queries that references take, and one reference in two
// spellings is asked for once.
func TestClient_Customers_fewQueries(t *testing.T) {
	t.Parallel()
	client, api := listOf(t, fusebilltest.Options{Fleet: 10_000}, nil)
	filter := CustomerFilter{IDs: sequence(1, 5000), References: []string{"REF-000007", "ref-000007", " REF-000007", "REF-009000"}}
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
			client, api := listOf(t, fusebilltest.Options{Fleet: 2499, ListEnd: end}, nil)
			got, err := client.Customers(t.Context(), CustomerFilter{}, 2000)
			tooMany := (*TooManyCustomersError)(nil)
			if !errors.As(err, &tooMany) || tooMany.Count != 2500 || tooMany.Max != 2000 || tooMany.OrMore == (end == "minus-one") {
				t.Errorf("got %d customers and error %v, want that there are 2500 where 2000 were wanted", len(got), err)
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
	client, _ := listOf(t, fusebilltest.Options{Fleet: 1000, PageCap: 100}, func(api *fusebilltest.API, r *http.Request) {
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
	for id := int64(2); id <= 1000; id++ {
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

// A list that changes each time is an error in the end, and no answer with holes.
func TestClient_Customers_neverStill(t *testing.T) {
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
	if n := api.Stats().Requests; n != 3*maxListings {
		t.Errorf("%d requests were sent, want %d", n, 3*maxListings)
	}
}

// A count that does not fit is no reason to crash, to lose customers, or to hang.
func TestClient_Customers_wrongCount(t *testing.T) {
	t.Parallel()
	for count, want := range map[string]string{
		"2":                    "",
		"0":                    "",
		"-1":                   "",
		"1":                    "",
		"many":                 "",
		"7":                    "the body is not a list of 7 customers, as many as its X-Count says: 2 customers, each time",
		"9223372036854775807":  "9223372036854775807 customers match",
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

// A server that counts without bounds, or that gives the same page for ever, takes
// neither memory nor time.
func TestClient_Customers_endless(t *testing.T) {
	t.Parallel()
	filters := map[string]CustomerFilter{
		"everybody":      {},
		"ids":            {IDs: sequence(1, 3000)},
		"more than ours": {IDs: []int64{1, 2}, References: []string{"a", "b"}},
	}
	for name, filter := range filters {
		for _, count := range []string{"", strconv.Itoa(math.MaxInt)} {
			t.Run(name+" "+count, func(t *testing.T) {
				t.Parallel()
				requests := atomic.Int32{}
				client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
					requests.Add(1)
					if count != "" {
						w.Header().Set("X-Count", count)
					}
					first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Query().Get("query"), "id:"), ",")
					if _, err := strconv.Atoi(first); err != nil {
						first = "1"
					}
					reference := strings.TrimPrefix(r.URL.Query().Get("query"), "reference:")
					_, _ = fmt.Fprintf(w, `[{"id": %s, "reference": %q}]`, first, reference)
				})
				got, err := client.Customers(t.Context(), filter, 10)
				tooMany, decodeError := (*TooManyCustomersError)(nil), (*DecodeError)(nil)
				if count == "" && !errors.As(err, &decodeError) || count != "" && !errors.As(err, &tooMany) {
					t.Errorf("got %d customers and error %v", len(got), err)
				}
				if n := requests.Load(); n > 10 {
					t.Errorf("%d requests were sent", n)
				}
			})
		}
	}
}

// Nothing that is not the list that was asked for passes for it: an API that does not
// know a filter might ignore it.
func TestClient_Customers_refuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(" ", maxPageBytes)
	for name, test := range map[string]struct {
		filter CustomerFilter
		body   string
		want   string
	}{
		"an object":           {CustomerFilter{}, `{"id": 1}`, `the body is not one JSON array: 9 bytes of JSON`},
		"null":                {CustomerFilter{}, `null`, `the body is not one JSON array: null`},
		"nothing":             {CustomerFilter{}, ``, `the body is not one JSON array`},
		"HTML":                {CustomerFilter{}, `<html>`, `the body is not one JSON array: <html>`},
		"a cut list":          {CustomerFilter{}, `[{"id": 1},`, `the body is not one JSON array`},
		"a list of numbers":   {CustomerFilter{}, `[1]`, `field the whole of row 0 is not one JSON object`},
		"no id":               {CustomerFilter{}, `[{"id": 1}, {}]`, `field id of row 1 is not a customer's id: nothing`},
		"an id of 0":          {CustomerFilter{}, `[{"id": 0}]`, `field id of row 0 is not a customer's id: 0`},
		"a wrong type":        {CustomerFilter{}, `[{"id": 1, "status": []}]`, `field status of row 0 is not a string: []`},
		"a wrong time":        {CustomerFilter{}, `[{"id": 1, "modifiedTimestamp": "soon"}]`, `field modifiedTimestamp of row 0 is not a timestamp`},
		"endless":             {CustomerFilter{}, "[" + long + "]", `at most 33554432 bytes long`},
		"another id":          {CustomerFilter{IDs: []int64{2}}, `[{"id": 1}]`, `customer 1 is on it`},
		"another status":      {CustomerFilter{Statuses: []string{"Active"}}, `[{"id": 1, "status": "Hold"}]`, `customer 1 is on it`},
		"no status":           {CustomerFilter{Statuses: []string{"Active"}}, `[{"id": 1}]`, `customer 1 is on it`},
		"another standing":    {CustomerFilter{AccountStatuses: []string{"Good"}}, `[{"id": 1, "customerAccountStatus": "Collection"}]`, `customer 1 is on it`},
		"another reference":   {CustomerFilter{References: []string{"a"}}, `[{"id": 1, "reference": "ab"}]`, `customer 1 is on it`},
		"another parent":      {CustomerFilter{ParentID: 5}, `[{"id": 1, "parentId": 6}]`, `customer 1 is on it`},
		"no parent":           {CustomerFilter{ParentID: 5}, `[{"id": 1}]`, `customer 1 is on it`},
		"created too early":   {CustomerFilter{Created: TimeRange{Since: time.Unix(1e9, 0)}}, `[{"id": 1, "createdTimestamp": "2001-01-01"}]`, `customer 1 is on it`},
		"changed at the end":  {CustomerFilter{Modified: TimeRange{Before: time.Unix(978307200, 0)}}, `[{"id": 1, "modifiedTimestamp": "2001-01-01"}]`, `customer 1 is on it`},
		"never created":       {CustomerFilter{Created: TimeRange{Since: time.Unix(0, 0)}}, `[{"id": 1}]`, `customer 1 is on it`},
		"the key":             {CustomerFilter{}, `[{"id": 1, "status": ["` + testKey + `"]}]`, `["***"]`},
		"the key, not a list": {CustomerFilter{}, `"` + testKey + `"`, `"***"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := newTestClient(t, respond(200, test.body)).Customers(t.Context(), test.filter, 10)
			if decodeError := (*DecodeError)(nil); !errors.As(err, &decodeError) || !strings.Contains(err.Error(), test.want) {
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
			api := fusebilltest.New(fusebilltest.Options{Key: testKey, Fleet: 500, PageCap: 100})
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
		"":               "it is empty",
		" ":              "it is empty",
		"a;b":            `it has the character ';'`,
		"a,b":            `it has the character ','`,
		"a:b":            `it has the character ':'`,
		"a|b":            `it has the character '|'`,
		"*":              `it has the character '*'`,
		"[empty]":        "it stands for having no reference",
		"[Empty]":        "it stands for having no reference",
		"REF-1":          "",
		"Müller & Söhne": "",
		"100% [a]/b?c#d": "",
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

// Whatever the body of a page, it gives customers with ids, or a DecodeError.
func FuzzDecodeCustomers(f *testing.F) {
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(f.Context(), http.MethodGet, "/v1/customers?"+url.Values{"pageSize": {"3"}}.Encode(), nil)
	request.Header.Set("Authorization", "Basic "+testKey)
	fusebilltest.New(fusebilltest.Options{Key: testKey, Fleet: 3}).ServeHTTP(recorder, request)
	f.Add(recorder.Body.Bytes())
	for _, body := range []string{``, `null`, `[]`, `[{}]`, `[null]`, `[{"id": 1}]`, `[{"id": "1"}, {"id": 1e400000000}]`, `{"id": 1}`, `[[]]`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		customers, err := decodeCustomers(body)
		if decodeError := (*DecodeError)(nil); err != nil && (!errors.As(err, &decodeError) || customers != nil) {
			t.Errorf("got %v and error %v, want nothing and a DecodeError", customers, err)
		}
		for _, c := range customers {
			if c.ID < 1 {
				t.Error("a customer has the id " + strconv.FormatInt(c.ID, 10))
			}
		}
	})
}
