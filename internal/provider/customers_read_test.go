// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

func textArg(text any) tftypes.Value { return tftypes.NewValue(tftypes.String, text) }

func textsArg(texts ...string) tftypes.Value {
	values := make([]tftypes.Value, len(texts))
	for i, text := range texts {
		values[i] = textArg(text)
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, values)
}

// Each filter is sent as a part of the query, and the result has the customers that match.
func TestCustomers_filters(t *testing.T) {
	t.Parallel()
	sample := int64(fusebilltest.SampleID)
	for name, test := range map[string]struct {
		arguments map[string]tftypes.Value
		queries   []string // In ascending order.
		ids       []int64
	}{
		"none": {queries: []string{""}, ids: append(upTo(20), sample)},
		"ids": {
			arguments: map[string]tftypes.Value{"ids": customerIDsArg(7, 3, 3, 99)["customer_ids"]},
			queries:   []string{"id:3,7,99"}, ids: []int64{3, 7},
		},
		"references": {
			arguments: map[string]tftypes.Value{"references": textsArg("REF-000007", "nobody")},
			queries:   []string{"Reference:REF-000007", "Reference:nobody"}, ids: []int64{7},
		},
		"statuses": {
			arguments: map[string]tftypes.Value{"statuses": textsArg("Hold", "Draft")},
			queries:   []string{"Status:Hold,Draft"}, ids: []int64{7, 10, 17, 20},
		},
		"account_statuses": {
			arguments: map[string]tftypes.Value{"account_statuses": textsArg("Collection")},
			queries:   []string{"AccountStatus:Collection"}, ids: []int64{8, 18},
		},
		"parent_id": {
			arguments: map[string]tftypes.Value{"parent_id": customerIDArg(1)["customer_id"], "created_since": textArg(nil)},
			queries:   []string{"ParentId:1"}, ids: []int64{2, 12},
		},
		"created_since": {
			arguments: map[string]tftypes.Value{"created_since": textArg("2019-11-11T02:19:01Z")},
			queries:   []string{"CreatedTimestamp:2019-11-11T02:19:01|"}, ids: []int64{18, 19, 20},
		},
		"created_before": {
			arguments: map[string]tftypes.Value{"created_before": textArg("2019-11-07T02:19:01Z")},
			queries:   []string{"CreatedTimestamp:|2019-11-07T02:19:01"}, ids: []int64{1, sample},
		},
		"modified_since": {
			arguments: map[string]tftypes.Value{"modified_since": textArg("2019-11-12T10:19:01Z")},
			queries:   []string{"ModifiedTimestamp:2019-11-12T10:19:01|"}, ids: []int64{20, sample},
		},
		"modified_before": {
			arguments: map[string]tftypes.Value{"modified_before": textArg("2019-11-07T06:19:01+02:00")},
			queries:   []string{"ModifiedTimestamp:|2019-11-07T04:19:01"}, ids: []int64{1},
		},
		"one_time": {
			arguments: map[string]tftypes.Value{
				"created_since": textArg("2019-11-11T02:19:01Z"), "created_before": textArg("2019-11-11T03:19:01+01:00"),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Fleet: 20})
			var mutex sync.Mutex
			var queries []string
			p := newProtocol(t, pointedAt(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mutex.Lock()
				queries = append(queries, r.URL.Query().Get("query"))
				mutex.Unlock()
				api.ServeHTTP(w, r)
			}))))
			p.configure(t, nil, false)
			response := p.read(t, "fusebill_customers", test.arguments)
			requireNoDiagnostics(t, response.Diagnostics)
			slices.Sort(queries)
			if diff := cmp.Diff(test.queries, queries); diff != "" {
				t.Errorf("the queries differ (-want +got):\n%s", diff)
			}
			values := attributes(t, p.schemas.DataSourceSchemas["fusebill_customers"], response.State)
			if diff := cmp.Diff(test.ids, integers(t, values["customer_ids"]), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("customer_ids differs (-want +got):\n%s", diff)
			}
			if n := integer(t, values["total_count"]); n != int64(len(test.ids)) {
				t.Errorf("total_count is %d, want %d", n, len(test.ids))
			}
			var customers []tftypes.Value
			if err := values["customers"].As(&customers); err != nil || len(customers) != len(test.ids) {
				t.Fatalf("customers has %d elements, want %d: %v", len(customers), len(test.ids), err)
			}
			for i, customer := range customers {
				if id := integer(t, elements(t, customer)["id"]); id != test.ids[i] {
					t.Errorf("customer %d has the ID %d, want %d", i, id, test.ids[i])
				}
			}
		})
	}
}

// A range of time that ends before it begins is an error on its end, before any request. One that ends when it begins
// is valid, and so is one with an end that is not known yet.
func TestCustomers_timeRange(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, nil)
	unknown := textArg(tftypes.UnknownValue)
	for _, prefix := range []string{"created", "modified"} {
		since, before := prefix+"_since", prefix+"_before"
		for _, valid := range []map[string]tftypes.Value{
			{since: textArg("2026-01-02T00:00:00Z"), before: textArg("2026-01-02T01:00:00+01:00")},
			{since: textArg("2026-01-02T00:00:00Z"), before: textArg("2026-01-02T00:00:01Z")},
			{since: textArg("2026-01-02T00:00:00Z"), before: unknown},
			{since: unknown, before: textArg("2026-01-02T00:00:00Z")},
			{since: textArg("2026-01-02T00:00:00Z")},
			{before: textArg("2026-01-02T00:00:00Z")},
		} {
			requireNoDiagnostics(t, p.validate(t, "fusebill_customers", valid))
		}
		diagnostics := p.validate(t, "fusebill_customers", map[string]tftypes.Value{
			since: textArg("2026-01-02T00:00:00Z"), before: textArg("2026-01-02T00:59:59+01:00"),
		})
		requireDiagnostic(t, diagnostics, "Invalid Time Range",
			before+" (2026-01-02T00:59:59+01:00) must not be before "+since+" (2026-01-02T00:00:00Z).")
		if want := tftypes.NewAttributePath().WithAttributeName(before); !want.Equal(diagnostics[0].Attribute) {
			t.Errorf("the diagnostic is on %s, want %s", diagnostics[0].Attribute, want)
		}
	}
}

// By default, at most ten thousand customers may match. If more match, the error has their number, and the other
// pages are not read.
func TestCustomers_maxResults(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 10_000})
	url := serve(t, api)
	p := newProtocol(t, pointedAt(url))
	p.configure(t, nil, false)
	for _, test := range []struct {
		arguments map[string]tftypes.Value
		maximum   string
	}{
		{nil, "10000"},
		{map[string]tftypes.Value{"max_results": tftypes.NewValue(tftypes.Number, nil)}, "10000"},
		{map[string]tftypes.Value{"max_results": tftypes.NewValue(tftypes.Number, 3)}, "3"},
	} {
		requireDiagnostic(t, p.read(t, "fusebill_customers", test.arguments).Diagnostics, tooManySummary,
			"Unable to read the list of customers from "+strings.TrimPrefix(url, "http://")+". 10001 customers match, which exceeds the "+
				"maximum of "+test.maximum+".\n\nNarrow the filter or increase max_results. Results are never truncated.")
	}
	if n := api.Stats().Requests; n != 3 {
		t.Errorf("%d requests were sent, want one for each read", n)
	}
}
