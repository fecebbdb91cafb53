// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAPI_windows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := New(Options{Fleet: 1, Minute: Window{Limit: 2}, Day: Window{Limit: 5}})
		start := time.Now()
		minutes := func(n int) string { return start.Add(time.Duration(n) * time.Minute).UTC().Format(time.RFC3339Nano) }
		for i, step := range []struct {
			at                              time.Duration // Since the start.
			status                          int
			minuteLeft, dayLeft, minuteEnds string
		}{
			{0, 200, "1", "4", minutes(1)},
			{30 * time.Second, 200, "0", "3", minutes(1)},
			{59 * time.Second, 429, "0", "3", minutes(1)},
			{time.Minute, 200, "1", "2", minutes(2)},
			{5*time.Minute + time.Second, 200, "1", "1", minutes(6)},
			{6 * time.Minute, 200, "1", "0", minutes(7)},
			{8 * time.Minute, 429, "2", "0", minutes(9)},
			{24 * time.Hour, 200, "1", "4", minutes(24*60 + 1)},
		} {
			time.Sleep(step.at - time.Since(start))
			response := get(t, api, "/v1/customers/1/overview", authorization)
			want := http.Header{
				"X-Rate-Limit-Limit-Minute":     {"2"},
				"X-Rate-Limit-Remaining-Minute": {step.minuteLeft},
				"X-Rate-Limit-Reset-Minute":     {step.minuteEnds},
				"X-Rate-Limit-Limit-Day":        {"5"},
				"X-Rate-Limit-Remaining-Day":    {step.dayLeft},
				"Content-Type":                  {"application/json; charset=utf-8"},
				"Date":                          {time.Now().UTC().Format(http.TimeFormat)},
			}
			got := response.Header().Clone()
			got.Del("X-Rate-Limit-Reset-Day")
			if diff := cmp.Diff(want, got); response.Code != step.status || diff != "" {
				t.Errorf("step %d: got status %d, want %d (-want +got):\n%s", i, response.Code, step.status, diff)
			}
		}
	})
}

// TestAPI_omitHeaders asserts that each header can be omitted alone, also from a
// 429 response.
func TestAPI_omitHeaders(t *testing.T) {
	t.Parallel()
	for _, omitted := range append(RateLimitHeaders(), "") {
		t.Run(omitted, func(t *testing.T) {
			t.Parallel()
			names, err := ParseRateLimitHeaders(omitted)
			if err != nil {
				t.Fatal(err)
			}
			api := New(Options{Fleet: 1, Minute: Window{Limit: 1}, Day: Window{Limit: 5}, OmitHeaders: names})
			for _, status := range []int{200, 429} {
				response := get(t, api, "/v1/customers/1/overview", authorization)
				if response.Code != status {
					t.Fatalf("got status %d, want %d", response.Code, status)
				}
				for _, name := range RateLimitHeaders() {
					if got, want := response.Header().Get(name) != "", name != omitted; got != want {
						t.Errorf("status %d: got header %s %t, want %t", status, name, got, want)
					}
				}
			}
		})
	}
}

func TestParseRateLimitHeaders(t *testing.T) {
	t.Parallel()
	got, err := ParseRateLimitHeaders("x-rate-limit-limit-day, X-Rate-Limit-Reset-Minute")
	if want := []string{"X-Rate-Limit-Limit-Day", "X-Rate-Limit-Reset-Minute"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for _, text := range []string{"X-Rate-Limit", "Date", "X-Rate-Limit-Limit-Day,", " "} {
		if got, err := ParseRateLimitHeaders(text); err == nil {
			t.Errorf("ParseRateLimitHeaders(%q): got %v, want an error", text, got)
		}
	}
}

func TestResetFormats(t *testing.T) {
	t.Parallel()
	wants := map[ResetFormat]string{
		"":            "2000-01-01T01:01:00.25Z",
		ResetFraction: "2000-01-01T01:01:00.25Z",
		ResetRFC3339:  "2000-01-01T01:01:00Z",
		ResetNoZone:   "2000-01-01T01:01:00.2500000",
		ResetEpoch:    "946688460",
		ResetRFC1123:  "Sat, 01 Jan 2000 01:01:00 GMT",
		ResetNone:     "",
		ResetGarbage:  "soon",
	}
	for _, format := range append(ResetFormats(), "") {
		want, ok := wants[format]
		if !ok {
			t.Errorf("format %q has no case", format)
		}
		synctest.Test(t, func(t *testing.T) {
			api := New(Options{
				Fleet: 1, Minute: Window{Limit: 9}, Latency: 250 * time.Millisecond, ResetFormat: format, ClockSkew: time.Hour,
			})
			header := get(t, api, "/v1/customers/1/overview", authorization).Header()
			if got := header.Get("X-Rate-Limit-Reset-Minute"); got != want {
				t.Errorf("format %q: got reset %q, want %q", format, got, want)
			}
			if got, want := header.Get("Date"), "Sat, 01 Jan 2000 01:00:00 GMT"; got != want {
				t.Errorf("format %q: got date %q, want %q", format, got, want)
			}
		})
	}
}
