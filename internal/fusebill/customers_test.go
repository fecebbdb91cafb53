// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"errors"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// A customer that leaves the list during a read moves others from page to page:
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

// An error of one page is the error of the list, and has the same type as for an overview.
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
