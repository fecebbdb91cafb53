package fusebill

import (
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// number is a decimal as Terraform parses one, by way of cty.
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

// The vendor's own sample, which gives three strings as numbers.
func TestDecodeCustomerOverview_sample(t *testing.T) {
	t.Parallel()
	got, err := decodeCustomerOverview(fusebilltest.SampleJSON(), 650084, CustomerOverviewOptions{})
	if err != nil {
		t.Fatal(err)
	}
	when := time.Date(2019, 11, 6, 14, 19, 1, 0, time.UTC)
	want := &CustomerOverview{
		Customer: Customer{
			Reference:             pointer("100986"),
			CreatedTimestamp:      &when,
			Status:                pointer("Active"),
			CustomerAccountStatus: pointer("Good"),
			Currency:              pointer("USD"),
			IsParent:              pointer(false),
			ID:                    650084,
		},
		Title:                          pointer("Dr"),
		FirstName:                      pointer("Foreman"),
		MiddleName:                     pointer("Mai"),
		LastName:                       pointer("Travis"),
		Suffix:                         pointer("Jr."),
		PrimaryEmail:                   pointer("[email protected]"),
		PrimaryPhone:                   pointer("9934643454"),
		CompanyName:                    pointer("9984242269"),
		PendingCharges:                 number("0"),
		ARBalance:                      number("0"),
		UnallocatedPayments:            number("0"),
		UnallocatedCredits:             number("0"),
		UnallocatedOpeningBalance:      number("0"),
		CustomerAccountStatusTimestamp: &when,
		StatusTimestamp:                &when,
		LifetimeValue:                  number("0"),
		MonthlyRecurringRevenue:        number("0"),
		NetMonthlyRecurringRevenue:     number("0"),
		SalesforceSynchStatus:          pointer("Enabled"),
		GeotabID:                       pointer("1234"),
		URI:                            pointer("https://secure.fusebill.com/v1/CustomerOverview/650084"),
	}
	if diff := cmp.Diff(want, got, compareNumbers); diff != "" {
		t.Errorf("the sample is decoded otherwise (-want +got):\n%s", diff)
	}
}

// Every field, each with a value of its own, so that no two can be swapped.
func TestDecodeCustomerOverview_everyField(t *testing.T) {
	t.Parallel()
	body := fusebilltest.EveryFieldJSON()
	got, err := decodeCustomerOverview(body, 7, CustomerOverviewOptions{})
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) *time.Time { return pointer(time.Date(2020, 1, n, 0, 0, 0, 0, time.UTC)) }
	want := &CustomerOverview{
		Customer: Customer{
			Reference:             pointer("reference"),
			CreatedTimestamp:      day(1),
			Status:                pointer("status"),
			CustomerAccountStatus: pointer("customerAccountStatus"),
			Currency:              pointer("currency"),
			ParentID:              pointer(int64(107)),
			IsParent:              pointer(true),
			ID:                    7,
		},
		Title:                          pointer("title"),
		FirstName:                      pointer("firstName"),
		MiddleName:                     pointer("middleName"),
		LastName:                       pointer("lastName"),
		Suffix:                         pointer("suffix"),
		PrimaryEmail:                   pointer("primaryEmail"),
		PrimaryPhone:                   pointer("primaryPhone"),
		SecondaryEmail:                 pointer("secondaryEmail"),
		SecondaryPhone:                 pointer("secondaryPhone"),
		CompanyName:                    pointer("companyName"),
		PendingCharges:                 number("1.01"),
		ARBalance:                      number("1.02"),
		UnallocatedPayments:            number("1.03"),
		UnallocatedCredits:             number("1.04"),
		UnallocatedOpeningBalance:      number("1.05"),
		DaysUntilSuspension:            pointer(int64(101)),
		DaysUntilCancellation:          pointer(int64(102)),
		CustomerAccountStatusTimestamp: day(2),
		StatusTimestamp:                day(3),
		LifetimeValue:                  number("1.06"),
		MonthlyRecurringRevenue:        number("1.07"),
		NetMonthlyRecurringRevenue:     number("1.08"),
		NextBillingDate:                day(4),
		SalesforceSynchStatus:          pointer("salesforceSynchStatus"),
		SalesforceID:                   pointer("salesforceId"),
		QuickbooksID:                   pointer(int64(103)),
		HubSpotID:                      pointer(int64(104)),
		HubSpotCompanyID:               pointer(int64(105)),
		SageIntacctID:                  pointer(int64(106)),
		NetsuiteID:                     pointer("netsuiteId"),
		GeotabID:                       pointer("geotabId"),
		DigitalRiverID:                 pointer("digitalRiverId"),
		AvalaraID:                      pointer("avalaraId"),
		ParentName:                     pointer("parentName"),
		UnknownPaymentActivityID:       pointer(int64(108)),
		URI:                            pointer("uri"),
	}
	if diff := cmp.Diff(want, got, compareNumbers); diff != "" {
		t.Errorf("fields are decoded otherwise (-want +got):\n%s", diff)
	}

	var fields map[string]any
	if err := json.Unmarshal(body, &fields); err != nil || len(fields) != 44 {
		t.Errorf("the test body has %d fields, %v; want 44", len(fields), err)
	}

	got, err = decodeCustomerOverview(body, 7, CustomerOverviewOptions{WithoutFinancials: true})
	if err != nil {
		t.Fatal(err)
	}
	want.PendingCharges, want.ARBalance, want.UnallocatedPayments, want.UnallocatedCredits = nil, nil, nil, nil
	want.UnallocatedOpeningBalance, want.LifetimeValue, want.MonthlyRecurringRevenue, want.NetMonthlyRecurringRevenue = nil, nil, nil, nil
	if diff := cmp.Diff(want, got, compareNumbers); diff != "" {
		t.Errorf("without financials (-want +got):\n%s", diff)
	}
}

// What the API is seen to send, or may send, in place of the declared types.
func TestDecodeCustomerOverview_lenient(t *testing.T) {
	t.Parallel()
	reference := func(o *CustomerOverview) any { return o.Reference }
	quickbooks := func(o *CustomerOverview) any { return o.QuickbooksID }
	balance := func(o *CustomerOverview) any { return o.ARBalance }
	created := func(o *CustomerOverview) any { return o.CreatedTimestamp }
	parent := func(o *CustomerOverview) any { return o.IsParent }
	at := func(nanoseconds int) *time.Time {
		return pointer(time.Date(2023, 4, 13, 17, 41, 39, nanoseconds, time.UTC))
	}
	for name, test := range map[string]struct {
		field string // JSON, added to an object with the id alone
		get   func(*CustomerOverview) any
		want  any
	}{
		"string null":                    {`"reference": null`, reference, (*string)(nil)},
		"string absent":                  {``, reference, (*string)(nil)},
		"string empty":                   {`"reference": ""`, reference, pointer("")},
		"string as number":               {`"reference": 9934643454`, reference, pointer("9934643454")},
		"string as long number":          {`"reference": 12345678901234567890123456789.10`, reference, pointer("12345678901234567890123456789.10")},
		"string as number with exponent": {`"reference": 1E+5`, reference, pointer("1E+5")},
		"string with escapes":            {`"reference": "a\u0041\n\"é"`, reference, pointer("aA\n\"é")},
		"string with a half surrogate":   {`"reference": "\ud800"`, reference, pointer("\ufffd")},
		"unknown enumeration":            {`"status": "Hibernating"`, func(o *CustomerOverview) any { return o.Status }, pointer("Hibernating")},
		"avalaraId as integer":           {`"avalaraId": 4711`, func(o *CustomerOverview) any { return o.AvalaraID }, pointer("4711")},
		"integer null":                   {`"quickbooksId": null`, quickbooks, (*int64)(nil)},
		"integer zero":                   {`"quickbooksId": 0`, quickbooks, pointer(int64(0))},
		"integer negative":               {`"quickbooksId": -3`, quickbooks, pointer(int64(-3))},
		"integer greatest":               {`"quickbooksId": 9223372036854775807`, quickbooks, pointer(int64(9223372036854775807))},
		"integer least":                  {`"quickbooksId": -9223372036854775808`, quickbooks, pointer(int64(-9223372036854775808))},
		"integer quoted":                 {`"quickbooksId": "9007199254740993"`, quickbooks, pointer(int64(9007199254740993))},
		"integer as decimal":             {`"quickbooksId": 12.0`, quickbooks, pointer(int64(12))},
		"integer empty":                  {`"quickbooksId": ""`, quickbooks, (*int64)(nil)},
		"decimal null":                   {`"arBalance": null`, balance, (*big.Float)(nil)},
		"decimal zero":                   {`"arBalance": 0`, balance, number("0")},
		"decimal two places":             {`"arBalance": 99.95`, balance, number("99.95")},
		"decimal four places":            {`"arBalance": 60.0000`, balance, number("60")},
		"decimal negative":               {`"arBalance": -0.1`, balance, number("-0.1")},
		"decimal beyond a float64":       {`"arBalance": 19999999999999.99`, balance, number("19999999999999.99")},
		"decimal exponent":               {`"arBalance": 1.5e3`, balance, number("1500")},
		"decimal quoted":                 {`"arBalance": "0.1"`, balance, number("0.1")},
		"decimal of zero, big exponent":  {`"arBalance": 0e999999999`, balance, number("0")},
		"boolean null":                   {`"isParent": null`, parent, (*bool)(nil)},
		"boolean true":                   {`"isParent": true`, parent, pointer(true)},
		"timestamp null":                 {`"createdTimestamp": null`, created, (*time.Time)(nil)},
		"timestamp empty":                {`"createdTimestamp": ""`, created, (*time.Time)(nil)},
		"timestamp without zone":         {`"createdTimestamp": "2023-04-13T17:41:39"`, created, at(0)},
		"timestamp without zone, milli":  {`"createdTimestamp": "2023-04-13T17:41:39.857"`, created, at(857_000_000)},
		"timestamp in UTC, ticks":        {`"createdTimestamp": "2023-04-13T17:41:39.7648223Z"`, created, at(764_822_300)},
		"timestamp with an offset":       {`"createdTimestamp": "2023-04-13T19:41:39+02:00"`, created, at(0)},
		"timestamp, date alone":          {`"createdTimestamp": "2023-04-13"`, created, pointer(time.Date(2023, 4, 13, 0, 0, 0, 0, time.UTC))},
		"timestamp of .NET's zero":       {`"createdTimestamp": "0001-01-01T00:00:00"`, created, pointer(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC))},
		"a field that we do not know":    {`"newField": {"deep": [1]}, "reference": "x"`, reference, pointer("x")},
		"a field twice":                  {`"reference": "x", "reference": "y"`, reference, pointer("y")},
		"a field in another case":        {`"Reference": "x"`, reference, (*string)(nil)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := `{"id": 7}`
			if test.field != "" {
				body = `{"id": 7, ` + test.field + `}`
			}
			got, err := decodeCustomerOverview([]byte(body), 7, CustomerOverviewOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, test.get(got), compareNumbers); diff != "" {
				t.Errorf("%s is decoded otherwise (-want +got):\n%s", body, diff)
			}
		})
	}
}

func TestDecodeCustomerOverview_refuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, field, found string }{
		"empty":                       {``, "", "nothing"},
		"only space":                  {" \n", "", "nothing"},
		"null":                        {`null`, "", "null"},
		"an array":                    {`[{"id": 7}]`, "", "11 bytes of JSON"},
		"a string":                    {`"x"`, "", `"x"`},
		"HTML":                        {`<html><body>Sign in</body></html>`, "", "<html>"},
		"cut":                         {`{"id": 7, "status": "Act`, "", "unexpected end"},
		"text after it":               {`{"id": 7} trailing`, "", "18 bytes of JSON"},
		"two objects":                 {`{"id": 7}{"id": 7}`, "", "18 bytes of JSON"},
		"nested too deep":             {`{"id": 7, "x": ` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`, "", "depth"},
		"no id":                       {`{"status": "Active"}`, "id", "nothing"},
		"id null":                     {`{"id": null}`, "id", "null"},
		"another id":                  {`{"id": 8}`, "id", "8"},
		"id no number":                {`{"id": "seven"}`, "id", `"seven"`},
		"string as object":            {`{"id": 7, "reference": {"a": 1}}`, "reference", `{"a": 1}`},
		"string as boolean":           {`{"id": 7, "reference": true}`, "reference", "true"},
		"integer as fraction":         {`{"id": 7, "quickbooksId": 1.5}`, "quickbooksId", "1.5"},
		"integer as text":             {`{"id": 7, "quickbooksId": "n/a"}`, "quickbooksId", `"n/a"`},
		"integer as the text null":    {`{"id": 7, "quickbooksId": "null"}`, "quickbooksId", `"null"`},
		"integer beyond 64 bits":      {`{"id": 7, "quickbooksId": 9223372036854775808}`, "quickbooksId", "9223372036854775808"},
		"integer as boolean":          {`{"id": 7, "quickbooksId": false}`, "quickbooksId", "false"},
		"integer, huge exponent":      {`{"id": 7, "quickbooksId": 1e400000000}`, "quickbooksId", "1e400000000"},
		"decimal as text":             {`{"id": 7, "arBalance": "12 USD"}`, "arBalance", `"12 USD"`},
		"decimal in hexadecimal":      {`{"id": 7, "arBalance": "0x10"}`, "arBalance", `"0x10"`},
		"decimal infinite":            {`{"id": 7, "arBalance": "Inf"}`, "arBalance", `"Inf"`},
		"decimal with underscores":    {`{"id": 7, "arBalance": "1_000"}`, "arBalance", `"1_000"`},
		"decimal with space":          {`{"id": 7, "arBalance": " 1"}`, "arBalance", `" 1"`},
		"decimal as array":            {`{"id": 7, "arBalance": [1]}`, "arBalance", "[1]"},
		"decimal, huge exponent":      {`{"id": 7, "arBalance": 1e400000000}`, "arBalance", "1e400000000"},
		"decimal, tiny exponent":      {`{"id": 7, "arBalance": 1e-400000000}`, "arBalance", "1e-400000000"},
		"decimal, exponent overflows": {`{"id": 7, "arBalance": 1e99999999999999999999}`, "arBalance", "1e99999999999999999999"},
		"decimal, endless digits":     {`{"id": 7, "arBalance": ` + strings.Repeat("1", 1<<20) + `}`, "arBalance", "1111"},
		"boolean as text":             {`{"id": 7, "isParent": "true"}`, "isParent", `"true"`},
		"boolean as number":           {`{"id": 7, "isParent": 1}`, "isParent", "1"},
		"timestamp as text":           {`{"id": 7, "statusTimestamp": "yesterday"}`, "statusTimestamp", `"yesterday"`},
		"timestamp as number":         {`{"id": 7, "statusTimestamp": 1573049941}`, "statusTimestamp", "1573049941"},
		"timestamp of no day":         {`{"id": 7, "statusTimestamp": "2023-02-30T00:00:00"}`, "statusTimestamp", `"2023-02-30T00:00:00"`},
		"timestamp past year 9999":    {`{"id": 7, "statusTimestamp": "9999-12-31T23:59:59-01:00"}`, "statusTimestamp", `"9999-12-31T23:59:59-01:00"`},
		"timestamp before year 0":     {`{"id": 7, "statusTimestamp": "0000-01-01T00:00:00+01:00"}`, "statusTimestamp", `"0000-01-01T00:00:00+01:00"`},
		"the first of two":            {`{"id": 7, "reference": [], "status": []}`, "reference", "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeCustomerOverview([]byte(test.body), 7, CustomerOverviewOptions{})
			decodeError := (*DecodeError)(nil)
			if !errors.As(err, &decodeError) {
				t.Fatalf("got %v and error %v, want a DecodeError", got, err)
			}
			if got != nil || decodeError.Field != test.field || !strings.Contains(decodeError.Found, test.found) {
				t.Errorf("got %v and an error on field %q that found %.100q; want one on %q that found %q",
					got, decodeError.Field, decodeError.Found, test.field, test.found)
			}
		})
	}
}

func BenchmarkDecodeCustomerOverview(b *testing.B) {
	body := fusebilltest.SampleJSON()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decodeCustomerOverview(body, 650084, CustomerOverviewOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
