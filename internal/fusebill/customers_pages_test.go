// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

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
				if requests.Add(1) > 1 {
					w.WriteHeader(http.StatusConflict) // Ends the read.
					return
				}
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

// Without a count, the list ends with an empty page, or with one that states that there is no next one.
func TestClient_Customers_nextPageWithoutCount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		next     string // X-NextPage of the first page.
		requests int32
	}{
		"absent":      {"", 2},
		"none":        {"-1", 1},
		"the same":    {"0", 1},
		"another one": {"1", 2},
		"no number":   {"one", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				if r.URL.Query().Get("pageNumber") != "0" {
					respond(http.StatusOK, `[]`)(w, r)
					return
				}
				if test.next != "" {
					w.Header().Set("X-NextPage", test.next)
				}
				respond(http.StatusOK, `[{"id": 1}, {"id": 2}]`)(w, r)
			})
			// As many customers as requested are not too many.
			got, err := client.Customers(t.Context(), CustomerFilter{}, 2)
			if diff := cmp.Diff(sequence(1, 2), idsOf(got)); diff != "" || err != nil {
				t.Errorf("got error %v, and (-want +got):\n%s", err, diff)
			}
			if n := requests.Load(); n != test.requests {
				t.Errorf("%d requests were sent, want %d", n, test.requests)
			}
		})
	}
}
