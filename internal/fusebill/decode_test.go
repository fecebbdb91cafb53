// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The decoder accepts the known and the likely forms of each declared type.
func TestDecodeCustomerOverview_lenient(t *testing.T) {
	t.Parallel()
	reference := func(o *CustomerOverview) any { return o.Reference }
	quickbooks := func(o *CustomerOverview) any { return o.QuickbooksID }
	days := func(o *CustomerOverview) any { return o.DaysUntilSuspension }
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
		"string null":      {`"reference": null`, reference, (*string)(nil)},
		"string absent":    {``, reference, (*string)(nil)},
		"string empty":     {`"reference": ""`, reference, pointer("")},
		"string as number": {`"reference": 9934643454`, reference, pointer("9934643454")},
		"string as long number": {
			`"reference": 12345678901234567890123456789.10`, reference, pointer("12345678901234567890123456789.10"),
		},
		"string as number with exponent": {`"reference": 1E+5`, reference, pointer("1E+5")},
		"string with escapes":            {`"reference": "a\u0041\n\"é"`, reference, pointer("aA\n\"é")},
		"string with a surrogate pair":   {`"reference": "\ud83d\ude00"`, reference, pointer("😀")},
		"string with a replacement":      {`"reference": "\ufffd and �"`, reference, pointer("\ufffd and \ufffd")},
		"unknown enumeration":            {`"status": "Hibernating"`, func(o *CustomerOverview) any { return o.Status }, pointer("Hibernating")},
		"avalaraId as integer":           {`"avalaraId": 4711`, func(o *CustomerOverview) any { return o.AvalaraID }, pointer("4711")},
		"integer null":                   {`"daysUntilSuspension": null`, days, (*int64)(nil)},
		"integer zero":                   {`"daysUntilSuspension": 0`, days, pointer(int64(0))},
		"integer negative":               {`"daysUntilSuspension": -3`, days, pointer(int64(-3))},
		"integer greatest":               {`"daysUntilSuspension": 9223372036854775807`, days, pointer(int64(9223372036854775807))},
		"integer least":                  {`"daysUntilSuspension": -9223372036854775808`, days, pointer(int64(-9223372036854775808))},
		"integer quoted":                 {`"daysUntilSuspension": "9007199254740993"`, days, pointer(int64(9007199254740993))},
		"integer as decimal":             {`"daysUntilSuspension": 12.0`, days, pointer(int64(12))},
		"integer empty":                  {`"daysUntilSuspension": ""`, days, (*int64)(nil)},
		"decimal null":                   {`"arBalance": null`, balance, (*big.Float)(nil)},
		"decimal zero":                   {`"arBalance": 0`, balance, number("0")},
		"decimal two places":             {`"arBalance": 99.95`, balance, number("99.95")},
		"decimal four places":            {`"arBalance": 60.0000`, balance, number("60")},
		"decimal negative":               {`"arBalance": -0.1`, balance, number("-0.1")},
		"decimal beyond a float64":       {`"arBalance": 19999999999999.99`, balance, number("19999999999999.99")},
		"decimal exponent":               {`"arBalance": 1.5e3`, balance, number("1500")},
		"decimal quoted":                 {`"arBalance": "0.1"`, balance, number("0.1")},
		"decimal of 512 characters":      {`"arBalance": 1.` + strings.Repeat("0", 510), balance, number("1")},
		"decimal, greatest exponent":     {`"arBalance": 1e154`, balance, number("1e154")},
		"decimal, least exponent":        {`"arBalance": 5e-155`, balance, number("5e-155")},
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
		"timestamp zero":                 {`"createdTimestamp": "0001-01-01T00:00:00"`, created, (*time.Time)(nil)},
		"timestamp zero, fraction":       {`"createdTimestamp": "0001-01-01T00:00:00.0000000"`, created, (*time.Time)(nil)},
		"timestamp zero, UTC":            {`"createdTimestamp": "0001-01-01T00:00:00Z"`, created, (*time.Time)(nil)},
		"timestamp zero, offset":         {`"createdTimestamp": "0001-01-01T00:00:00-05:00"`, created, (*time.Time)(nil)},
		"timestamp zero, other offset":   {`"createdTimestamp": "0001-01-01T00:00:00+02:00"`, created, (*time.Time)(nil)},
		"timestamp zero, date alone":     {`"createdTimestamp": "0001-01-01"`, created, (*time.Time)(nil)},
		"timestamp of the day after": {
			`"createdTimestamp": "0001-01-02T00:00:00"`, created, pointer(time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)),
		},
		"timestamp in year 0": {`"createdTimestamp": "0000-06-01"`, created, pointer(time.Date(0, 6, 1, 0, 0, 0, 0, time.UTC))},
		"timestamp in year 9999": {
			`"createdTimestamp": "9999-12-31T23:59:59Z"`, created, pointer(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)),
		},
		"boolean quoted":                 {`"isParent": "true"`, parent, pointer(true)},
		"boolean quoted, .NET":           {`"isParent": "False"`, parent, pointer(false)},
		"boolean empty":                  {`"isParent": ""`, parent, (*bool)(nil)},
		"foreign ID as text":             {`"quickbooksId": "QB-77"`, quickbooks, pointer("QB-77")},
		"foreign ID as number":           {`"quickbooksId": 77`, quickbooks, pointer("77")},
		"foreign ID over 64 bits":        {`"quickbooksId": 92233720368547758080001`, quickbooks, pointer("92233720368547758080001")},
		"foreign ID with zeros":          {`"quickbooksId": "007"`, quickbooks, pointer("007")},
		"foreign ID null":                {`"quickbooksId": null`, quickbooks, (*string)(nil)},
		"foreign ID empty":               {`"quickbooksId": ""`, quickbooks, pointer("")},
		"an unknown field":               {`"newField": {"deep": [1]}, "reference": "x"`, reference, pointer("x")},
		"a field twice":                  {`"reference": "x", "reference": "y"`, reference, pointer("y")},
		"a field in another case":        {`"Reference": "x"`, reference, pointer("x")},
		"a field in upper case":          {`"QUICKBOOKSID": "x"`, quickbooks, pointer("x")},
		"quickBooksId":                   {`"quickBooksId": "x"`, quickbooks, pointer("x")},
		"a field in its own case, first": {`"quickbooksId": "x", "quickBooksId": "y"`, quickbooks, pointer("x")},
		"a field in its own case, last":  {`"quickBooksId": "y", "quickbooksId": "x"`, quickbooks, pointer("x")},
		"a field in two other cases":     {`"quickBooksId": "y", "QuickBooksId": "z"`, quickbooks, pointer("z")},
		"a field null in its own case":   {`"quickBooksId": "y", "quickbooksId": null`, quickbooks, (*string)(nil)},
		"a field without a name":         {`"": "x"`, reference, (*string)(nil)},
		"a long s is an s":               {`"ſtatus": "x"`, func(o *CustomerOverview) any { return o.Status }, pointer("x")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := `{"id": 7}`
			if test.field != "" {
				body = `{"id": 7, ` + test.field + `}`
			}
			got, err := decodeOverview([]byte(body), 7, CustomerOverviewOptions{})
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
		"empty":                    {``, "", "an empty body"},
		"only space":               {" \n", "", "an empty body"},
		"only a byte-order mark":   {"\ufeff", "", "an empty body"},
		"two byte-order marks":     {"\ufeff\ufeff{}", "", "5 bytes of application/json"},
		"null":                     {`null`, "", "null, 4 bytes of application/json"},
		"an array":                 {`[{"id": 7}]`, "", "an array, 11 bytes of application/json"},
		"a string":                 {`"x"`, "", `a string, 3 bytes of application/json`},
		"HTML":                     {`<html><body>Sign in</body></html>`, "", "Sign in"},
		"HTML without text":        {`<html><script>let x = {}</script></html>`, "", "40 bytes of text/html; charset=utf-8"},
		"HTML around JSON":         {`<html><pre>Debug: {"id": 7, "lastName": "Travis"}</pre></html>`, "", "Debug:"},
		"XML with a comment":       {`<!-- v1 --><Customer><Name>Travis</Name></Customer>`, "", "51 bytes of application/xml"},
		"integer as an address":    {`{"id": 7, "parentId": "jane@example.com"}`, "parentId", "a string"},
		"XML":                      {`<?xml version="1.0"?><a>Travis</a>`, "", "34 bytes of text/xml; charset=utf-8"},
		"cut":                      {`{"id": 7, "lastName": "Trav`, "", "27 bytes of application/json"},
		"text after it":            {`{"id": 7} trailing`, "", "18 bytes of application/json"},
		"two objects":              {`{"id": 7}{"id": 7}`, "", "18 bytes of application/json"},
		"prefix against hijacking": {")]}',\n{\"id\": 7}", "", "15 bytes of application/json"},
		"JSON in a string":         {`"{\"id\": 7, \"lastName\": \"Travis\"}"`, "", "a string, 39 bytes of application/json"},
		"UTF-16":                   {"\xff\xfe{\x00}\x00", "", "6 bytes of text/plain; charset=utf-16le"},
		"gzip data":                {"\x1f\x8b\x08\x00", "", "4 bytes of application/x-gzip"},
		"nested too deep": {
			`{"id": 7, "x": ` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`, "", "40016 bytes of application/json",
		},
		"no id":                       {`{"status": "Active"}`, "id", "nothing"},
		"id null":                     {`{"id": null}`, "id", "null"},
		"another id":                  {`{"id": 8}`, "id", "8"},
		"id no number":                {`{"id": "seven"}`, "id", "a string"},
		"string as object":            {`{"id": 7, "reference": {"a": 1}}`, "reference", "an object"},
		"string as boolean":           {`{"id": 7, "reference": true}`, "reference", "a Boolean"},
		"string as array":             {`{"id": 7, "primaryEmail": ["jane@example.com"]}`, "primaryEmail", "an array"},
		"string not in UTF-8":         {"{\"id\": 7, \"lastName\": \"Tr\xe4vis\"}", "lastName", "other bytes"},
		"string with half a pair":     {`{"id": 7, "lastName": "\ud800"}`, "lastName", "other bytes"},
		"string with half and marks":  {`{"id": 7, "lastName": "\ufffd\udc00"}`, "lastName", "other bytes"},
		"foreign ID as object":        {`{"id": 7, "quickbooksId": {"a": 1}}`, "quickbooksId", "an object"},
		"integer as fraction":         {`{"id": 7, "daysUntilSuspension": 1.5}`, "daysUntilSuspension", "1.5"},
		"integer as text":             {`{"id": 7, "daysUntilSuspension": "n/a"}`, "daysUntilSuspension", "a string"},
		"integer as the text null":    {`{"id": 7, "daysUntilSuspension": "null"}`, "daysUntilSuspension", `"null"`},
		"integer beyond 64 bits":      {`{"id": 7, "daysUntilSuspension": 9223372036854775808}`, "daysUntilSuspension", "9223372036854775808"},
		"integer as boolean":          {`{"id": 7, "daysUntilSuspension": false}`, "daysUntilSuspension", "false"},
		"integer as a long text":      {`{"id": 7, "daysUntilSuspension": "` + strings.Repeat("x", 40) + `"}`, "daysUntilSuspension", "a string"},
		"integer, huge exponent":      {`{"id": 7, "daysUntilSuspension": 1e400000000}`, "daysUntilSuspension", "1e400000000"},
		"decimal as text":             {`{"id": 7, "arBalance": "12 USD"}`, "arBalance", "a string"},
		"decimal in hexadecimal":      {`{"id": 7, "arBalance": "0x10"}`, "arBalance", "a string"},
		"decimal infinite":            {`{"id": 7, "arBalance": "Inf"}`, "arBalance", "a string"},
		"decimal with underscores":    {`{"id": 7, "arBalance": "1_000"}`, "arBalance", "a string"},
		"decimal with space":          {`{"id": 7, "arBalance": " 1"}`, "arBalance", "a string"},
		"decimal as array":            {`{"id": 7, "arBalance": [1]}`, "arBalance", "an array"},
		"decimal of 513 characters":   {`{"id": 7, "arBalance": 1.` + strings.Repeat("0", 511) + `}`, "arBalance", "a number"},
		"decimal, exponent too great": {`{"id": 7, "arBalance": 2e154}`, "arBalance", "a number"},
		"decimal, exponent too small": {`{"id": 7, "arBalance": 3e-155}`, "arBalance", "a number"},
		"decimal, huge exponent":      {`{"id": 7, "arBalance": 1e400000000}`, "arBalance", "a number"},
		"decimal, tiny exponent":      {`{"id": 7, "arBalance": 1e-400000000}`, "arBalance", "a number"},
		"decimal, exponent overflows": {`{"id": 7, "arBalance": 1e99999999999999999999}`, "arBalance", "a number"},
		"decimal, endless digits":     {`{"id": 7, "arBalance": ` + strings.Repeat("1", 1<<19) + `}`, "arBalance", "a number"},
		"boolean as other text":       {`{"id": 7, "isParent": "yes"}`, "isParent", "a string"},
		"boolean as number":           {`{"id": 7, "isParent": 1}`, "isParent", "1"},
		"timestamp as text":           {`{"id": 7, "statusTimestamp": "yesterday"}`, "statusTimestamp", "a string"},
		"timestamp as number":         {`{"id": 7, "statusTimestamp": 1573049941}`, "statusTimestamp", "1573049941"},
		"timestamp of no day":         {`{"id": 7, "statusTimestamp": "2023-02-30T00:00:00"}`, "statusTimestamp", `"2023-02-30T00:00:00"`},
		"timestamp past year 9999": {
			`{"id": 7, "statusTimestamp": "9999-12-31T23:59:59-01:00"}`, "statusTimestamp", `"9999-12-31T23:59:59-01:00"`,
		},
		"timestamp before year 0": {
			`{"id": 7, "statusTimestamp": "0000-01-01T00:00:00+01:00"}`, "statusTimestamp", `"0000-01-01T00:00:00+01:00"`,
		},
		"the first of two": {`{"id": 7, "reference": [], "title": []}`, "title", "an array"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp := &response{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}}
			if strings.HasPrefix(test.body, "<!--") {
				resp.header.Set("Content-Type", "application/xml")
			}
			resp.read(strings.NewReader(test.body), maxOverviewBytes)
			got, err := decodeCustomer(resp, 7, CustomerOverviewOptions{}, decodeCustomerOverview)
			if err == nil {
				t.Fatalf("got %v, want a DecodeError", got)
			}
			if got != nil || err.Field != test.field || err.Found != test.found {
				t.Errorf("got %v and an error on field %q that found %.100q; want one on %q that found %q", got, err.Field, err.Found,
					test.field, test.found)
			}
		})
	}
}
