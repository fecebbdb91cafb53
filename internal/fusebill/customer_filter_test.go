// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"slices"
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
