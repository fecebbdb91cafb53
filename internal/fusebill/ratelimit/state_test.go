// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"math"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// start is the time at which the tests begin, on both clocks unless a test skews them.
var start = time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC)

// windowHeaders returns the headers of a response at a time of the server's clock, with the
// remainders of a minute of 100 and of a day of 1000; -1 leaves one out.
func windowHeaders(at time.Time, minute, day int) http.Header {
	header := http.Header{}
	header.Set("Date", at.Format(http.TimeFormat))
	set := func(name string, limit, remaining int, reset time.Time) {
		if remaining >= 0 {
			header.Set("X-Rate-Limit-Limit-"+name, strconv.Itoa(limit))
			header.Set("X-Rate-Limit-Remaining-"+name, strconv.Itoa(remaining))
			header.Set("X-Rate-Limit-Reset-"+name, reset.Format(time.RFC3339))
		}
	}
	set("Minute", 100, minute, at.Truncate(time.Minute).Add(time.Minute))
	set("Day", 1000, day, at.Truncate(24*time.Hour).Add(24*time.Hour))
	return header
}

// sendAll sends for as long as the state allows, and returns the number of requests and the last decision.
func sendAll(l *state, now time.Time) (sent int, last decision) {
	for {
		last = l.decide(now)
		if !last.send || sent == 1000 {
			return sent, last
		}
		l.reserve(now)
		sent++
	}
}

// The requests that can be in flight after a first response.
func TestState_room(t *testing.T) {
	t.Parallel()
	reset := start.Add(time.Minute)
	for name, test := range map[string]struct {
		options     Options
		minute, day int
		want        int
		until       time.Time
		why         string
	}{
		"no windows":                 {Options{MaxConcurrentRequests: 32}, -1, -1, 32, time.Time{}, ""},
		"fresh windows":              {Options{MaxConcurrentRequests: 32}, 99, 999, 32, time.Time{}, ""},
		"few at once":                {Options{MaxConcurrentRequests: 3}, 99, 999, 3, time.Time{}, ""},
		"a third of the minute":      {Options{MaxConcurrentRequests: 32}, 40, 999, 14, time.Time{}, ""},
		"a third of the day":         {Options{MaxConcurrentRequests: 32}, 99, 20, 7, time.Time{}, ""},
		"one if a third is less":     {Options{MaxConcurrentRequests: 32}, 2, 999, 1, time.Time{}, ""},
		"the last one":               {Options{MaxConcurrentRequests: 32}, 1, 999, 1, time.Time{}, ""},
		"nothing left in the minute": {Options{MaxConcurrentRequests: 32}, 0, 999, 0, reset, "minute"},
		"nothing left in the day":    {Options{MaxConcurrentRequests: 32}, 99, 0, 0, start.Truncate(24 * time.Hour).Add(24 * time.Hour), "day"},
		"nothing left in both":       {Options{MaxConcurrentRequests: 32}, 0, 0, 0, start.Truncate(24 * time.Hour).Add(24 * time.Hour), "day"},
		"less the reserve":           {Options{MaxConcurrentRequests: 32, ReservePercent: 90}, 99, 999, 3, time.Time{}, ""},
		"the reserve alone":          {Options{MaxConcurrentRequests: 32, ReservePercent: 10}, 10, 999, 0, reset, "minute"},
		"the day's reserve alone": {
			Options{MaxConcurrentRequests: 32, ReservePercent: 10}, 99, 100, 0, start.Truncate(24 * time.Hour).Add(24 * time.Hour), "day",
		},
		"a minute alone": {Options{MaxConcurrentRequests: 32}, 16, -1, 6, time.Time{}, ""},
		"a cap of one":   {Options{MaxConcurrentRequests: 32, RequestsPerMinute: 1}, -1, -1, 0, reset, CapWindow},
		"a cap of five":  {Options{MaxConcurrentRequests: 32, RequestsPerMinute: 5}, -1, -1, 4, reset, CapWindow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newState(test.options)
			l.traffic = [...]traffic{{1, 1}, {1, 1}} // No other client.
			if sent, d := sendAll(&l, start); sent != 1 || !d.until.IsZero() && test.options.RequestsPerMinute != 1 {
				t.Fatalf("before the first response, %d are sent until %s; want 1 until its response", sent, d.until)
			}
			l.record(l.probe, 200, windowHeaders(start, test.minute, test.day), start)
			sent, d := sendAll(&l, start)
			if sent != test.want || !d.until.Equal(test.until) || d.reason.Window != test.why {
				t.Errorf("%d are sent until %s because of %q; want %d until %s because of %q",
					sent, d.until, d.reason.Window, test.want, test.until, test.why)
			}
		})
	}
}

// A limit of any size has a reserve of its percentage, rounded down.
func TestState_reserve(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{1: 0, 7: 6, 150: 135, 199: 179, 1000: 900, math.MaxInt: math.MaxInt/100*90 + 6} {
		header := http.Header{}
		header.Set("X-Rate-Limit-Limit-Day", strconv.Itoa(limit))
		header.Set("X-Rate-Limit-Remaining-Day", "0")
		s := newState(Options{MaxConcurrentRequests: 8, ReservePercent: 90})
		s.record(s.reserve(start), 429, header, start)
		if d := s.decide(start); d.send || d.reason.Reserve != want {
			t.Errorf("with a limit of %d, the decision is %+v, want to wait with a reserve of %d", limit, d, want)
		}
	}
}

// Responses arrive out of order, from several windows, or from a gateway.
func TestState_learns(t *testing.T) {
	t.Parallel()
	second := func(n int) time.Time { return start.Add(time.Duration(n) * time.Second) }
	late := windowHeaders(start, 90, 990) // Of the first minute.
	for name, test := range map[string]struct {
		responses []http.Header
		at        time.Time // When the responses arrive.
		want      int       // The remainder of the minute, or -1 if it is unknown.
	}{
		"in order":                   {[]http.Header{windowHeaders(second(1), 50, 900), windowHeaders(second(1), 49, 899)}, second(1), 49},
		"out of order":               {[]http.Header{windowHeaders(second(1), 49, 899), windowHeaders(second(1), 50, 900)}, second(1), 49},
		"without headers":            {[]http.Header{windowHeaders(second(1), 49, 899), windowHeaders(second(1), -1, -1)}, second(1), 49},
		"no response":                {[]http.Header{windowHeaders(second(1), 49, 899), nil}, second(1), 49},
		"of the next window":         {[]http.Header{windowHeaders(second(59), 3, 900), windowHeaders(second(61), 99, 899)}, second(61), 99},
		"of the window before":       {[]http.Header{windowHeaders(second(61), 20, 899), late}, second(61), 20},
		"of a window that has ended": {[]http.Header{windowHeaders(second(61), -1, 899), late}, second(61), -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newState(Options{MaxConcurrentRequests: 8})
			for _, header := range test.responses {
				l.record(l.reserve(start), 200, header, test.at)
			}
			got := -1
			if w := l.windows[0]; w != nil {
				got = w.remaining
			}
			if got != test.want {
				t.Errorf("%d remain, want %d", got, test.want)
			}
			if l.inFlight != 0 {
				t.Errorf("%d are in flight, want 0", l.inFlight)
			}
		})
	}
}

// After the end of a window, one request is sent alone, until its response or an earlier one reports the
// next window.
func TestState_probesAfterReset(t *testing.T) {
	t.Parallel()
	after := start.Add(time.Minute)
	l := newState(Options{MaxConcurrentRequests: 8})
	l.traffic = [...]traffic{{1, 1}, {1, 1}} // No other client.
	l.record(l.reserve(start), 200, windowHeaders(start, 5, 900), start)
	slow := l.reserve(start) // Still in flight when the minute ends.
	l.record(l.reserve(start), 200, windowHeaders(start, 0, 899), start)
	if d := l.decide(after.Add(-time.Millisecond)); d.send || !d.until.Equal(after) {
		t.Errorf("before the end the decision is %+v, want to wait until %s", d, after)
	}
	if sent, _ := sendAll(&l, after); sent != 1 {
		t.Errorf("at the end %d are sent, want 1", sent)
	}
	l.record(slow, 200, windowHeaders(start, 0, 898), after)
	if sent, _ := sendAll(&l, after); sent != 0 {
		t.Errorf("after a response of the earlier window %d more are sent, want 0", sent)
	}
	l.record(l.probe, 200, windowHeaders(after, 99, 897), after)
	if sent, _ := sendAll(&l, after); sent != 8 {
		t.Errorf("after the response %d more are sent, want 8", sent)
	}
}

// A probe ends if another response opens the window. Its own end later does not stop the others, or start a
// second probe.
func TestState_obsoleteProbe(t *testing.T) {
	t.Parallel()
	after := start.Add(time.Minute)
	s := newState(Options{MaxConcurrentRequests: 8})
	s.traffic = [...]traffic{{1, 1}, {1, 1}} // No other client.
	s.record(s.reserve(start), 200, windowHeaders(start, 90, -1), start)
	earlier := s.reserve(start)
	s.expire(after)
	probe := s.reserve(after)
	s.record(earlier, 200, windowHeaders(after, 99, -1), after)
	later := after.Add(time.Minute)
	if sent, _ := sendAll(&s, later); sent != 1 {
		t.Fatalf("in the next window, %d are sent, want 1", sent)
	}
	s.record(probe, 0, nil, later)
	if sent, _ := sendAll(&s, later); sent != 0 {
		t.Errorf("after the end of the obsolete probe, %d more are sent, want 0", sent)
	}
	s.record(s.probe, 200, windowHeaders(later, 99, -1), later)
	if sent, _ := sendAll(&s, later); sent == 0 {
		t.Error("after the response to the probe, none are sent")
	}
}

// If the rate-limit headers of a probe are lost, another probe follows. After three, the rest is sent.
func TestState_lostProbes(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"without response": 0, "of a gateway": 502} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newState(Options{MaxConcurrentRequests: 8})
			s.record(s.reserve(start), 200, windowHeaders(start, 0, -1), start)
			now := start.Add(time.Minute)
			for i := range 3 {
				if sent, _ := sendAll(&s, now); sent != 1 {
					t.Fatalf("after %d lost probes %d are sent, want 1", i, sent)
				}
				s.record(s.probe, status, nil, now)
			}
			if sent, _ := sendAll(&s, now); sent != 8 {
				t.Errorf("after 3 lost probes %d are sent, want 8", sent)
			}
		})
	}
}

// Only the probes count: requests that end without a status before them do not shorten the search for the window.
func TestState_lostRequestsAreNotProbes(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 200, windowHeaders(start, 90, -1), start)
	for range 3 {
		s.record(s.reserve(start), 0, nil, start)
	}
	after := start.Add(time.Minute)
	sendAll(&s, after)
	s.record(s.probe, 0, nil, after)
	if sent, _ := sendAll(&s, after); sent != 1 {
		t.Errorf("after a lost probe, %d are sent, want 1", sent)
	}
}

// The refusals before the account states a window do not count as lost probes of it.
func TestState_refusalsAreNotLostProbes(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	now := start
	for range 3 {
		s.decide(now)
		s.record(s.reserve(now), 429, nil, now)
		now = s.decide(now).until
	}
	s.decide(now)
	ended := windowHeaders(start.Add(-time.Second), 0, -1)
	ended.Set("Date", now.Format(http.TimeFormat))
	s.record(s.reserve(now), 200, ended, now)
	if sent, _ := sendAll(&s, now); sent != 1 {
		t.Errorf("%d are sent, want 1", sent)
	}
}

// A request that ends without a status counts as sent until the response to a later request shows whether
// the account counted it. If the lost requests may have used all that remains, one request finds out.
func TestState_lostResponses(t *testing.T) {
	t.Parallel()
	later, muchLater := start.Add(time.Second), start.Add(2*time.Second)
	s := newState(Options{MaxConcurrentRequests: 100})
	s.traffic = [...]traffic{{1, 1}, {1, 1}} // No other client.
	s.record(s.reserve(start), 200, windowHeaders(start, 60, -1), start)
	early := s.reserve(start)
	requireRoom := func(now time.Time, want int) {
		t.Helper()
		trial := s
		if sendAll(&trial, now); trial.inFlight != want {
			t.Errorf("%d can be in flight, want %d", trial.inFlight, want)
		}
	}
	requireRoom(start, 20)
	for i := range 60 {
		s.record(s.reserve(start), []int{0, 502}[i%2], windowHeaders(start, -1, -1), later)
	}
	requireRoom(later, 1)
	s.record(early, 200, windowHeaders(later, 60, -1), later)
	requireRoom(later, 1) // It was sent before the others ended.
	s.record(s.reserve(later), 0, nil, muchLater)
	s.record(s.reserve(muchLater), 200, windowHeaders(muchLater, 59, -1), muchLater)
	requireRoom(muchLater, 20)
}

// A permit that is not used leaves no trace: the next request is a probe if it was to be one.
func TestState_cancel(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8, RequestsPerMinute: 5})
	s.cancel(s.reserve(start))
	if s.inFlight != 0 || s.capSent != 0 || s.probe != nil || !s.unknown {
		t.Errorf("inFlight %d, capSent %d, probe %v, unknown %t; want 0, 0, nil, true", s.inFlight, s.capSent, s.probe, s.unknown)
	}
	if sent, _ := sendAll(&s, start); sent != 1 {
		t.Errorf("after a canceled probe %d may be sent, want 1", sent)
	}
}
