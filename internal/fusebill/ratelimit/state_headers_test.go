// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"net/http"
	"testing"
	"time"
)

// Part of the headers is enough: what remains closes a window without its limit, and a window
// without a reset ends with the clock's minute or the UTC day.
func TestState_partialHeaders(t *testing.T) {
	t.Parallel()
	endOfMinute, endOfDay := start.Add(time.Minute), start.Truncate(24*time.Hour).Add(24*time.Hour)
	for name, test := range map[string]struct {
		header map[string]string
		status int
		want   int // Requests that may be sent at once.
		until  time.Time
		reason Error
	}{
		"200, minute without limit and reset": {
			header: map[string]string{"X-Rate-Limit-Remaining-Minute": "0"}, status: 200,
			until: endOfMinute, reason: Error{Window: "minute", Reset: endOfMinute},
		},
		"200, day without limit and reset": {
			header: map[string]string{"X-Rate-Limit-Remaining-Day": "0"}, status: 200,
			until: endOfDay, reason: Error{Window: "day", Reset: endOfDay},
		},
		"429, minute without limit and reset": {
			header: map[string]string{"X-Rate-Limit-Remaining-Minute": "0"}, status: 429,
			until: endOfMinute, reason: Error{Window: "minute", Reset: endOfMinute},
		},
		"429, day without limit and reset": {
			header: map[string]string{"X-Rate-Limit-Remaining-Day": "0"}, status: 429,
			until: endOfDay, reason: Error{Window: "day", Reset: endOfDay},
		},
		"429, day without limit": {
			header: map[string]string{"X-Rate-Limit-Remaining-Day": "0", "X-Rate-Limit-Reset-Day": "2026-03-04T12:00:00Z"}, status: 429,
			until: start.Truncate(24 * time.Hour).Add(12 * time.Hour), reason: Error{
				Window: "day", Reset: start.Truncate(24 * time.Hour).Add(12 * time.Hour),
			},
		},
		"429, day without reset": {
			header: map[string]string{"X-Rate-Limit-Remaining-Day": "0", "X-Rate-Limit-Limit-Day": "5000"}, status: 429,
			until: endOfDay, reason: Error{Window: "day", Limit: 5000, Reserve: 500, Reset: endOfDay},
		},
		"429, reset of the day alone": {
			header: map[string]string{"X-Rate-Limit-Reset-Day": "2026-03-04T12:00:00Z"}, status: 429,
			until: start.Truncate(24 * time.Hour).Add(12 * time.Hour), reason: Error{
				Window: "day", Reset: start.Truncate(24 * time.Hour).Add(12 * time.Hour),
			},
		},
		"429, limits and resets of both": {
			header: map[string]string{
				"X-Rate-Limit-Limit-Minute": "50", "X-Rate-Limit-Reset-Minute": "2026-03-04T05:06:20Z",
				"X-Rate-Limit-Limit-Day": "5000", "X-Rate-Limit-Reset-Day": "2026-03-05T00:00:00Z",
			}, status: 429,
			until: start.Add(20 * time.Second), reason: Error{Window: "minute", Reset: start.Add(20 * time.Second)},
		},
		"429, one remains in the minute, reset of the day": {
			header: map[string]string{"X-Rate-Limit-Remaining-Minute": "1", "X-Rate-Limit-Reset-Day": "2026-03-05T00:00:00Z"}, status: 429,
			until: endOfDay, reason: Error{Window: "day", Reset: endOfDay},
		},
		"200, five remain of an unknown limit": {
			header: map[string]string{"X-Rate-Limit-Remaining-Minute": "5"}, status: 200, want: 1,
		},
		"200, limit and reset alone": {
			header: map[string]string{"X-Rate-Limit-Limit-Minute": "5", "X-Rate-Limit-Reset-Minute": "2026-03-04T05:06:20Z"}, status: 200, want: 8,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			for name, value := range test.header {
				header.Set(name, value)
			}
			s := newState(Options{MaxConcurrentRequests: 8, ReservePercent: 10})
			s.record(s.reserve(start), test.status, header, start)
			sent, d := sendAll(&s, start)
			if sent != test.want || !d.until.Equal(test.until) || d.reason != test.reason {
				t.Errorf("%d may be sent, then none until %s because of %+v; want %d, until %s because of %+v",
					sent, d.until, d.reason, test.want, test.until, test.reason)
			}
		})
	}
}
