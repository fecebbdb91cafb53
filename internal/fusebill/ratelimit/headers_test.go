// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"net/http"
	"testing"
	"time"
)

func TestWindowKind_resetAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	nextMinute, nextDay := time.Date(2026, 3, 4, 5, 7, 0, 0, time.UTC), time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	at := func(second, nanosecond int) time.Time {
		return time.Date(2026, 3, 4, 5, 6, second, nanosecond, time.UTC)
	}
	for name, test := range map[string]struct {
		kind int
		text string
		want time.Time
	}{
		"RFC 3339":                    {kind: minute, text: "2026-03-04T05:06:30Z", want: at(30, 0)},
		"RFC 3339 with a fraction":    {kind: minute, text: "2026-03-04T05:06:30.7648223Z", want: at(30, 764_822_300)},
		"RFC 3339 with an offset":     {kind: minute, text: "2026-03-04T07:06:30+02:00", want: at(30, 0)},
		"without a zone":              {kind: minute, text: "2026-03-04T05:06:30", want: at(30, 0)},
		"without a zone, fraction":    {kind: minute, text: "2026-03-04T05:06:30.5", want: at(30, 500_000_000)},
		"with a space":                {kind: minute, text: "2026-03-04 05:06:30", want: at(30, 0)},
		"RFC 1123":                    {kind: minute, text: "Wed, 04 Mar 2026 05:06:30 GMT", want: at(30, 0)},
		"RFC 1123 with an offset":     {kind: minute, text: "Wed, 04 Mar 2026 07:06:30 +0200", want: at(30, 0)},
		"epoch seconds":               {kind: minute, text: "1772600790", want: at(30, 0)},
		"epoch seconds with fraction": {kind: minute, text: "1772600790.25", want: at(30, 250_000_000)},
		"space around":                {kind: minute, text: " 2026-03-04T05:06:30Z ", want: at(30, 0)},
		"the second that is now":      {kind: minute, text: "2026-03-04T05:06:07Z", want: at(7, 0)},
		"a minute, and a part of one": {
			kind: minute, text: "2026-03-04T05:07:07.9Z", want: time.Date(2026, 3, 4, 5, 7, 7, 900_000_000, time.UTC),
		},
		"none":                   {kind: minute, text: "", want: nextMinute},
		"garbage":                {kind: minute, text: "soon", want: nextMinute},
		"a moment ago":           {kind: minute, text: "2026-03-04T05:06:06Z", want: at(6, 0)},
		"almost a minute ago":    {kind: minute, text: "2026-03-04T05:05:07.1Z", want: at(-53, 100_000_000)},
		"a minute ago":           {kind: minute, text: "2026-03-04T05:05:07Z", want: nextMinute},
		"a day, a moment ago":    {kind: day, text: "2026-03-04T05:06:06Z", want: at(6, 0)},
		"a day, an hour ago":     {kind: day, text: "2026-03-04T04:06:07Z", want: nextDay},
		"an hour away":           {kind: minute, text: "2026-03-04T06:06:30Z", want: nextMinute},
		"seconds from now":       {kind: minute, text: "23", want: nextMinute},
		"negative":               {kind: minute, text: "-1", want: nextMinute},
		"not a number":           {kind: minute, text: "NaN", want: nextMinute},
		"infinite":               {kind: minute, text: "Inf", want: nextMinute},
		"enormous":               {kind: minute, text: "1e300", want: nextMinute},
		"year 9999":              {kind: minute, text: "9999-12-31T23:59:59Z", want: nextMinute},
		"a day":                  {kind: day, text: "2026-03-04T23:00:00Z", want: time.Date(2026, 3, 4, 23, 0, 0, 0, time.UTC)},
		"a day, at the next one": {kind: day, text: "2026-03-05T00:00:00", want: nextDay},
		"a day, none":            {kind: day, text: "", want: nextDay},
		"a day, two days away":   {kind: day, text: "2026-03-06T05:06:07Z", want: nextDay},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			header.Set(kinds[test.kind].reset, test.text)
			if got, isGuess := kinds[test.kind].resetAfter(header, now); !got.Equal(test.want) || isGuess != (test.want.Equal(nextMinute) ||
				test.want.Equal(nextDay) && test.text != "2026-03-05T00:00:00") {
				t.Errorf("resetAfter(%q) = %s, want %s", test.text, got, test.want)
			}
		})
	}
}

// Any header results in the end of a window that is open or has just ended.
func FuzzResetAfter(f *testing.F) {
	for _, text := range []string{
		"", "2026-03-04T05:06:30Z", "2026-03-04T05:06:30.7648223", "1772600790", "1772600790.25", "Wed, 04 Mar 2026 05:06:30 GMT", "soon",
		"-1", "1e300", "NaN",
	} {
		f.Add(text)
	}
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		for _, k := range kinds {
			header := http.Header{k.reset: {text}}
			if reset, _ := k.resetAfter(header, now); !reset.After(now.Add(-crossing)) || reset.After(now.Add(k.length+time.Second)) {
				t.Errorf("resetAfter(%q) = %s, which is not the end of a %s at %s", text, reset, k.name, now)
			}
		}
	})
}

func TestWindowKind_status(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for name, test := range map[string]struct {
		limit, remaining string
		want             windowStatus
		ok               bool
	}{
		"complete":                       {limit: "100", remaining: "7", want: windowStatus{limit: 100, remaining: 7}, ok: true},
		"exhausted":                      {limit: "100", remaining: "0", want: windowStatus{limit: 100}, ok: true},
		"white space":                    {limit: " 100 ", remaining: " 7", want: windowStatus{limit: 100, remaining: 7}, ok: true},
		"negative remainder":             {limit: "100", remaining: "-3", want: windowStatus{limit: 100}, ok: true},
		"remainder over the limit":       {limit: "100", remaining: "101", want: windowStatus{limit: 100, remaining: 100}, ok: true},
		"no limit":                       {remaining: "7", want: windowStatus{remaining: 7}, ok: true},
		"no limit, exhausted":            {remaining: "0", want: windowStatus{}, ok: true},
		"limit of 0":                     {limit: "0", remaining: "0", want: windowStatus{}, ok: true},
		"limit of 0, some remain":        {limit: "0", remaining: "4", want: windowStatus{remaining: 4}, ok: true},
		"negative limit":                 {limit: "-1", remaining: "4", want: windowStatus{remaining: 4}, ok: true},
		"limit that is not a number":     {limit: "many", remaining: "4", want: windowStatus{remaining: 4}, ok: true},
		"no remainder":                   {limit: "100"},
		"remainder with a fraction":      {limit: "100", remaining: "7.5"},
		"remainder over 64 bits":         {limit: "100", remaining: "99999999999999999999"},
		"remainder that is not a number": {limit: "100", remaining: "some"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, k := range kinds {
				header := http.Header{}
				header.Set(k.limit, test.limit)
				header.Set(k.remaining, test.remaining)
				got, ok := k.status(header, now)
				if ok && !got.reset.Equal(now.Truncate(k.length).Add(k.length)) {
					t.Errorf("reset = %s, want the end of the clock's %s", got.reset, k.name)
				}
				got.reset, got.isGuess = time.Time{}, false
				if ok != test.ok || got != test.want {
					t.Errorf("status of the %s = %+v, %t; want %+v, %t", k.name, got, ok, test.want, test.ok)
				}
			}
		})
	}
}

func TestStatesLimits(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"X-Rate-Limit-Limit-Minute": true, "X-Rate-Limit-Remaining-Minute": true, "X-Rate-Limit-Reset-Minute": true,
		"X-Rate-Limit-Limit-Day": true, "X-Rate-Limit-Remaining-Day": true, "X-Rate-Limit-Reset-Day": true,
		"Retry-After": false, "Date": false,
	} {
		if got := statesLimits(http.Header{name: {"0"}}); got != want {
			t.Errorf("statesLimits with %s = %t, want %t", name, got, want)
		}
	}
}

// The header names are the vendor's, spelled out: everything else derives from kinds.
func TestRemaining(t *testing.T) {
	t.Parallel()
	header := http.Header{}
	header.Set("X-Rate-Limit-Remaining-Minute", "17")
	header.Set("X-Rate-Limit-Remaining-Day", "4711")
	if perMinute, perDay := Remaining(header); perMinute != "17" || perDay != "4711" {
		t.Errorf("Remaining = %q, %q; want 17, 4711", perMinute, perDay)
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
		"zero with zeros":         {"000", "", 0},
		"white space":             {" 3 ", "", 3 * time.Second},
		"fraction":                {"1.5", "", 0},
		"sign":                    {"+3", "", 0},
		"over 31 bits":            {"2200000000", "", 2_200_000_000 * time.Second},
		"73 years":                {"2305843009", "", 2_305_843_009 * time.Second},
		"over 73 years":           {"3000000000", "", MaxRetryAfter},
		"over 63 bits":            {"9223372036854775807", "", MaxRetryAfter},
		"over 64 bits":            {"99999999999999999999", "", MaxRetryAfter},
		"year 9999":               {"Fri, 31 Dec 9999 23:59:59 GMT", "", MaxRetryAfter},
		"year 9999, other clock":  {"Fri, 31 Dec 9999 23:59:59 GMT", "Wed, 04 Mar 2026 05:06:07 GMT", MaxRetryAfter},
		"year 1":                  {"Mon, 01 Jan 0001 00:00:00 GMT", "", 0},
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
