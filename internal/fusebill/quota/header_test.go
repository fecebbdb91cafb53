package quota

import (
	"net/http"
	"testing"
	"time"
)

func TestParseReset(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	minute, day := kinds[0], kinds[1]
	nextMinute, nextDay := time.Date(2026, 3, 4, 5, 7, 0, 0, time.UTC), time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	at := func(second, nanosecond int) time.Time {
		return time.Date(2026, 3, 4, 5, 6, second, nanosecond, time.UTC)
	}
	for name, test := range map[string]struct {
		kind kind
		text string
		want time.Time
	}{
		"RFC 3339":                    {minute, "2026-03-04T05:06:30Z", at(30, 0)},
		"RFC 3339 with a fraction":    {minute, "2026-03-04T05:06:30.7648223Z", at(30, 764_822_300)},
		"RFC 3339 with an offset":     {minute, "2026-03-04T07:06:30+02:00", at(30, 0)},
		"without a zone":              {minute, "2026-03-04T05:06:30", at(30, 0)},
		"without a zone, fraction":    {minute, "2026-03-04T05:06:30.5", at(30, 500_000_000)},
		"with a space":                {minute, "2026-03-04 05:06:30", at(30, 0)},
		"RFC 1123":                    {minute, "Wed, 04 Mar 2026 05:06:30 GMT", at(30, 0)},
		"RFC 1123 with an offset":     {minute, "Wed, 04 Mar 2026 07:06:30 +0200", at(30, 0)},
		"epoch seconds":               {minute, "1772600790", at(30, 0)},
		"epoch seconds with fraction": {minute, "1772600790.25", at(30, 250_000_000)},
		"space around":                {minute, " 2026-03-04T05:06:30Z ", at(30, 0)},
		"the second that is now":      {minute, "2026-03-04T05:06:07Z", at(7, 0)},
		"a minute, and a part of one": {minute, "2026-03-04T05:07:07.9Z", time.Date(2026, 3, 4, 5, 7, 7, 900_000_000, time.UTC)},
		"none":                        {minute, "", nextMinute},
		"garbage":                     {minute, "soon", nextMinute},
		"in the past":                 {minute, "2026-03-04T05:06:06Z", nextMinute},
		"an hour away":                {minute, "2026-03-04T06:06:30Z", nextMinute},
		"seconds from now":            {minute, "23", nextMinute},
		"negative":                    {minute, "-1", nextMinute},
		"not a number":                {minute, "NaN", nextMinute},
		"infinite":                    {minute, "Inf", nextMinute},
		"enormous":                    {minute, "1e300", nextMinute},
		"year 9999":                   {minute, "9999-12-31T23:59:59Z", nextMinute},
		"a day":                       {day, "2026-03-04T23:00:00Z", time.Date(2026, 3, 4, 23, 0, 0, 0, time.UTC)},
		"a day, at the next one":      {day, "2026-03-05T00:00:00", nextDay},
		"a day, none":                 {day, "", nextDay},
		"a day, two days away":        {day, "2026-03-06T05:06:07Z", nextDay},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.kind.parseReset(test.text, now); !got.Equal(test.want) {
				t.Errorf("parseReset(%q) = %s, want %s", test.text, got, test.want)
			}
		})
	}
}

// Whatever stands in the header, the end is one of a window that is open.
func FuzzParseReset(f *testing.F) {
	for _, text := range []string{
		"", "2026-03-04T05:06:30Z", "2026-03-04T05:06:30.7648223", "1772600790", "1772600790.25", "Wed, 04 Mar 2026 05:06:30 GMT", "soon", "-1", "1e300", "NaN",
	} {
		f.Add(text)
	}
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		for _, k := range kinds {
			if reset := k.parseReset(text, now); reset.Before(now) || reset.After(now.Add(k.length+time.Second)) {
				t.Errorf("parseReset(%q) = %s, which is no end of a %s that is open at %s", text, reset, k.name, now)
			}
		}
	})
}

func TestReadReport(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for name, test := range map[string]struct {
		limit, remaining string
		want             report
		ok               bool
	}{
		"all there":            {"100", "7", report{limit: 100, remaining: 7}, true},
		"used up":              {"100", "0", report{limit: 100}, true},
		"space around":         {" 100 ", " 7", report{limit: 100, remaining: 7}, true},
		"below zero":           {"100", "-3", report{limit: 100}, true},
		"more than the limit":  {"100", "101", report{limit: 100, remaining: 100}, true},
		"no limit":             {"", "7", report{}, false},
		"no remainder":         {"100", "", report{}, false},
		"a limit of 0":         {"0", "0", report{}, false},
		"a fraction":           {"100", "7.5", report{}, false},
		"more than an integer": {"99999999999999999999", "7", report{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			header.Set("X-Rate-Limit-Limit-Minute", test.limit)
			header.Set("X-Rate-Limit-Remaining-Minute", test.remaining)
			got, ok := kinds[0].readReport(header, now)
			got.reset = time.Time{}
			if ok != test.ok || got != test.want {
				t.Errorf("got %+v, %t; want %+v, %t", got, ok, test.want, test.ok)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for name, test := range map[string]struct {
		text, date string
		want       time.Duration
	}{
		"none":                    {"", "", 0},
		"seconds":                 {"3", "", 3 * time.Second},
		"no seconds":              {"0", "", 0},
		"a date":                  {"Wed, 04 Mar 2026 05:06:10 GMT", "", 3 * time.Second},
		"a date by another clock": {"Wed, 04 Mar 2026 06:06:10 GMT", "Wed, 04 Mar 2026 06:06:08 GMT", 2 * time.Second},
		"a date in the past":      {"Wed, 04 Mar 2026 05:06:00 GMT", "", 0},
		"negative":                {"-3", "", 0},
		"garbage":                 {"soon", "", 0},
		"more than a lifetime":    {"99999999999999999999", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			header.Set("Retry-After", test.text)
			header.Set("Date", test.date)
			if got := RetryAfter(header, now); got != test.want {
				t.Errorf("RetryAfter = %s, want %s", got, test.want)
			}
		})
	}
}
