// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"bytes"
	"encoding/json"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// number is a decimal as Terraform parses one, through cty.
func number(text string) *big.Float {
	f, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	return f
}

var compareNumbers = cmp.Comparer(func(a, b *big.Float) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Cmp(b) == 0 && a.Prec() == b.Prec())
})

func pointer[T any](value T) *T { return &value }

// responseOf returns a response with status 200 and the given body.
func responseOf(body []byte) *response {
	resp := &response{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}}
	resp.read(bytes.NewReader(body), maxOverviewBytes)
	return resp
}

// decodeOverview decodes the overview of a customer from a body.
func decodeOverview(body []byte, id int64, options CustomerOverviewOptions) (*CustomerOverview, *DecodeError) {
	return decodeCustomer(responseOf(body), id, options, decodeCustomerOverview)
}

// The vendor's own sample, in which three strings are numbers.
func TestDecodeCustomerOverview_sample(t *testing.T) {
	t.Parallel()
	got, err := decodeOverview(fusebilltest.SampleJSON(), 650084, CustomerOverviewOptions{})
	if err != nil {
		t.Fatal(err)
	}
	when := time.Date(2019, 11, 6, 14, 19, 1, 0, time.UTC)
	want := &CustomerOverview{
		CustomerStatus: CustomerStatus{
			Customer: Customer{
				ID:                    650084,
				Status:                pointer("Active"),
				CustomerAccountStatus: pointer("Good"),
				Currency:              pointer("USD"),
				IsParent:              pointer(false),
			},
			CustomerAccountStatusTimestamp: &when,
			StatusTimestamp:                &when,
		},
		Reference:                  pointer("100986"),
		CreatedTimestamp:           &when,
		Title:                      pointer("Dr"),
		FirstName:                  pointer("Foreman"),
		MiddleName:                 pointer("Mai"),
		LastName:                   pointer("Travis"),
		Suffix:                     pointer("Jr."),
		PrimaryEmail:               pointer("[email protected]"),
		PrimaryPhone:               pointer("9934643454"),
		CompanyName:                pointer("9984242269"),
		PendingCharges:             number("0"),
		ARBalance:                  number("0"),
		UnallocatedPayments:        number("0"),
		UnallocatedCredits:         number("0"),
		UnallocatedOpeningBalance:  number("0"),
		LifetimeValue:              number("0"),
		MonthlyRecurringRevenue:    number("0"),
		NetMonthlyRecurringRevenue: number("0"),
		SalesforceSynchStatus:      pointer("Enabled"),
		GeotabID:                   pointer("1234"),
		URI:                        pointer("https://secure.fusebill.com/v1/CustomerOverview/650084"),
	}
	if diff := cmp.Diff(want, got, compareNumbers); diff != "" {
		t.Errorf("the sample is decoded otherwise (-want +got):\n%s", diff)
	}
}

// Every field, each with a value of its own, so that no two can be swapped.
func TestDecodeCustomerOverview_everyField(t *testing.T) {
	t.Parallel()
	body := fusebilltest.EveryFieldJSON()
	got, err := decodeOverview(body, 7, CustomerOverviewOptions{})
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) *time.Time { return pointer(time.Date(2020, 1, n, 0, 0, 0, 0, time.UTC)) }
	wantStatus := &CustomerStatus{
		Customer: Customer{
			ID:                    7,
			Status:                pointer("status"),
			CustomerAccountStatus: pointer("customerAccountStatus"),
			Currency:              pointer("currency"),
			ParentID:              pointer(int64(107)),
			IsParent:              pointer(true),
		},
		StatusTimestamp:                day(3),
		CustomerAccountStatusTimestamp: day(2),
		DaysUntilSuspension:            pointer(int64(101)),
		DaysUntilCancellation:          pointer(int64(102)),
		NextBillingDate:                day(4),
	}
	want := &CustomerOverview{
		CustomerStatus:             *wantStatus,
		Reference:                  pointer("reference"),
		CreatedTimestamp:           day(1),
		Title:                      pointer("title"),
		FirstName:                  pointer("firstName"),
		MiddleName:                 pointer("middleName"),
		LastName:                   pointer("lastName"),
		Suffix:                     pointer("suffix"),
		PrimaryEmail:               pointer("primaryEmail"),
		PrimaryPhone:               pointer("primaryPhone"),
		SecondaryEmail:             pointer("secondaryEmail"),
		SecondaryPhone:             pointer("secondaryPhone"),
		CompanyName:                pointer("companyName"),
		PendingCharges:             number("1.01"),
		ARBalance:                  number("1.02"),
		UnallocatedPayments:        number("1.03"),
		UnallocatedCredits:         number("1.04"),
		UnallocatedOpeningBalance:  number("1.05"),
		LifetimeValue:              number("1.06"),
		MonthlyRecurringRevenue:    number("1.07"),
		NetMonthlyRecurringRevenue: number("1.08"),
		SalesforceSynchStatus:      pointer("salesforceSynchStatus"),
		SalesforceID:               pointer("salesforceId"),
		QuickbooksID:               pointer("103"),
		HubSpotID:                  pointer("104"),
		HubSpotCompanyID:           pointer("105"),
		SageIntacctID:              pointer("106"),
		NetsuiteID:                 pointer("netsuiteId"),
		GeotabID:                   pointer("geotabId"),
		DigitalRiverID:             pointer("digitalRiverId"),
		AvalaraID:                  pointer("avalaraId"),
		ParentName:                 pointer("parentName"),
		UnknownPaymentActivityID:   pointer(int64(108)),
		URI:                        pointer("uri"),
	}
	if diff := cmp.Diff(want, got, compareNumbers); diff != "" {
		t.Errorf("fields are decoded otherwise (-want +got):\n%s", diff)
	}

	var fields map[string]any
	if err := json.Unmarshal(body, &fields); err != nil || len(fields) != 44 {
		t.Errorf("the test body has %d fields, %v; want 44", len(fields), err)
	}

	got, err = decodeOverview(body, 7, CustomerOverviewOptions{WithoutFinancials: true})
	if err != nil {
		t.Fatal(err)
	}
	want.PendingCharges, want.ARBalance, want.UnallocatedPayments, want.UnallocatedCredits = nil, nil, nil, nil
	want.UnallocatedOpeningBalance, want.LifetimeValue, want.MonthlyRecurringRevenue, want.NetMonthlyRecurringRevenue = nil, nil, nil, nil
	if diff := cmp.Diff(want, got, compareNumbers); diff != "" {
		t.Errorf("without financials (-want +got):\n%s", diff)
	}

	status, err := decodeCustomer(responseOf(body), 7, CustomerOverviewOptions{}, decodeCustomerStatus)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantStatus, status); diff != "" {
		t.Errorf("the status differs (-want +got):\n%s", diff)
	}
}

// A byte-order mark before the object is accepted.
func TestDecodeCustomerOverview_byteOrderMark(t *testing.T) {
	t.Parallel()
	got, err := decodeOverview([]byte("\ufeff{\"id\": 7, \"status\": \"Active\"}"), 7, CustomerOverviewOptions{})
	if err != nil || *got.Status != "Active" {
		t.Errorf("got %v, %v; want a customer with status Active", got, err)
	}
}

func BenchmarkDecodeCustomerOverview(b *testing.B) {
	body := fusebilltest.SampleJSON()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decodeOverview(body, 650084, CustomerOverviewOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
