// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"net/http"
	"testing"
	"time"
)

// A response that crosses the end of its window does not close the next one. Its Date can be that of a
// proxy.
func TestState_crossesReset(t *testing.T) {
	t.Parallel()
	end := start.Truncate(24 * time.Hour).Add(24 * time.Hour)
	crossing := windowHeaders(end.Add(-time.Second), 0, 0)
	for name, date := range map[string]time.Time{"of_a_proxy": end.Add(time.Second), "none": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := crossing.Clone()
			header.Del("Date")
			if !date.IsZero() {
				header.Set("Date", date.Format(http.TimeFormat))
			}
			now := end.Add(time.Second)
			s := newState(Options{MaxConcurrentRequests: 8})
			s.record(s.reserve(end.Add(-time.Second)), 200, header, now)
			if d := s.decide(now); !d.send {
				t.Errorf("the decision is %+v, want to send", d)
			}
			s.record(s.reserve(now), 200, windowHeaders(now, 99, 999), now)
			s.record(&permit{sent: end.Add(-time.Second)}, 200, header, now)
			if d := s.decide(now); !d.send {
				t.Errorf("after a response of the new windows, the decision is %+v, want to send", d)
			}
		})
	}
}

// If the first response that states the day states a minute that has ended, the next request is sent alone.
func TestState_firstCrossesReset(t *testing.T) {
	t.Parallel()
	before, end := start.Add(59*time.Second), start.Add(time.Minute)
	for name, test := range map[string]struct {
		knowsMinute, isProbing bool
		want                   int
	}{
		"first response": {false, false, 1}, "of an earlier request": {true, false, 1}, "during a probe": {true, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newState(Options{MaxConcurrentRequests: 8})
			earlier := s.reserve(before)
			if test.knowsMinute {
				s.record(s.reserve(before), 200, windowHeaders(before, 50, -1), before)
			}
			if test.isProbing {
				sendAll(&s, end)
			}
			header := windowHeaders(before, 0, 500)
			header.Set("Date", end.Format(http.TimeFormat))
			s.record(earlier, 200, header, end)
			if sent, _ := sendAll(&s, end); sent != test.want {
				t.Errorf("%d are sent, want %d", sent, test.want)
			}
		})
	}
}
