// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"math"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// start is when the tests begin, on both clocks unless a test skews them.
var start = time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC)

// answer returns the headers of a response at a time of the server's clock, with the
// remainders of a minute of 100 and of a day of 1000; -1 leaves one out.
func answer(at time.Time, minute, day int) http.Header {
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
		"no windows":                {Options{MaxConcurrentRequests: 32}, -1, -1, 32, time.Time{}, ""},
		"fresh windows":             {Options{MaxConcurrentRequests: 32}, 99, 999, 32, time.Time{}, ""},
		"few at once":               {Options{MaxConcurrentRequests: 3}, 99, 999, 3, time.Time{}, ""},
		"a third of the minute":     {Options{MaxConcurrentRequests: 32}, 40, 999, 14, time.Time{}, ""},
		"a third of the day":        {Options{MaxConcurrentRequests: 32}, 99, 20, 7, time.Time{}, ""},
		"one where a third is less": {Options{MaxConcurrentRequests: 32}, 2, 999, 1, time.Time{}, ""},
		"the last one":              {Options{MaxConcurrentRequests: 32}, 1, 999, 1, time.Time{}, ""},
		"none left in the minute":   {Options{MaxConcurrentRequests: 32}, 0, 999, 0, reset, "minute"},
		"none left in the day":      {Options{MaxConcurrentRequests: 32}, 99, 0, 0, start.Truncate(24 * time.Hour).Add(24 * time.Hour), "day"},
		"none left in both":         {Options{MaxConcurrentRequests: 32}, 0, 0, 0, start.Truncate(24 * time.Hour).Add(24 * time.Hour), "day"},
		"less the reserve":          {Options{MaxConcurrentRequests: 32, ReservePercent: 90}, 99, 999, 3, time.Time{}, ""},
		"the reserve alone":         {Options{MaxConcurrentRequests: 32, ReservePercent: 10}, 10, 999, 0, reset, "minute"},
		"the day's reserve alone": {
			Options{MaxConcurrentRequests: 32, ReservePercent: 10}, 99, 100, 0, start.Truncate(24 * time.Hour).Add(24 * time.Hour), "day",
		},
		"a minute alone":               {Options{MaxConcurrentRequests: 32}, 16, -1, 6, time.Time{}, ""},
		"a cap that is used up by one": {Options{MaxConcurrentRequests: 32, RequestsPerMinute: 1}, -1, -1, 0, reset, CapWindow},
		"a cap of five":                {Options{MaxConcurrentRequests: 32, RequestsPerMinute: 5}, -1, -1, 4, reset, CapWindow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newState(test.options)
			l.traffic = [...]traffic{{1, 1}, {1, 1}} // No other client.
			if sent, d := sendAll(&l, start); sent != 1 || !d.until.IsZero() && test.options.RequestsPerMinute != 1 {
				t.Fatalf("before the first answer %d were sent, until %s; want one, until it is answered", sent, d.until)
			}
			l.record(permit{probe: true, sent: start}, 200, answer(start, test.minute, test.day), start)
			sent, d := sendAll(&l, start)
			if sent != test.want || !d.until.Equal(test.until) || d.reason.Window != test.why {
				t.Errorf("%d are sent, then none until %s because of %q; want %d, until %s because of %q",
					sent, d.until, d.reason.Window, test.want, test.until, test.why)
			}
		})
	}
}

// Answers come out of order, from several windows, or from something in between.
func TestState_learns(t *testing.T) {
	t.Parallel()
	second := func(n int) time.Time { return start.Add(time.Duration(n) * time.Second) }
	late := answer(start, 90, 990) // Of the first minute.
	for name, test := range map[string]struct {
		answers []http.Header
		at      time.Time // When they come.
		want    int       // What remains of the minute; -1 for nothing known.
	}{
		"in order":                 {[]http.Header{answer(second(1), 50, 900), answer(second(1), 49, 899)}, second(1), 49},
		"out of order":             {[]http.Header{answer(second(1), 49, 899), answer(second(1), 50, 900)}, second(1), 49},
		"without headers":          {[]http.Header{answer(second(1), 49, 899), answer(second(1), -1, -1)}, second(1), 49},
		"of nothing":               {[]http.Header{answer(second(1), 49, 899), nil}, second(1), 49},
		"of the next window":       {[]http.Header{answer(second(59), 3, 900), answer(second(61), 99, 899)}, second(61), 99},
		"of the window before":     {[]http.Header{answer(second(61), 20, 899), late}, second(61), 20},
		"of a window that is over": {[]http.Header{answer(second(61), -1, -1), late}, second(61), -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newState(Options{MaxConcurrentRequests: 8})
			for _, header := range test.answers {
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
	l.record(l.reserve(start), 200, answer(start, 5, 900), start)
	slow := l.reserve(start) // Still in flight when the minute ends.
	l.record(l.reserve(start), 200, answer(start, 0, 899), start)
	if d := l.decide(after.Add(-time.Millisecond)); d.send || !d.until.Equal(after) {
		t.Errorf("before the end the decision is %+v, want to wait until %s", d, after)
	}
	if sent, _ := sendAll(&l, after); sent != 1 {
		t.Errorf("at the end %d are sent, want 1", sent)
	}
	l.record(slow, 200, answer(start, 0, 898), after)
	if sent, _ := sendAll(&l, after); sent != 0 {
		t.Errorf("after a response of the earlier window %d more are sent, want 0", sent)
	}
	l.record(permit{probe: true, sent: after}, 200, answer(after, 99, 897), after)
	if sent, _ := sendAll(&l, after); sent != 8 {
		t.Errorf("after the response %d more are sent, want 8", sent)
	}
}

// A refusal closes the window until its end, or for as long as the server asks, or
// for a while that grows.
func TestState_refusals(t *testing.T) {
	t.Parallel()
	asking := answer(start, -1, -1)
	asking.Set("Retry-After", "7")
	for name, test := range map[string]struct {
		header      http.Header
		least, most time.Duration
		why         string
	}{
		"minute":              {answer(start, 0, 500), time.Minute, time.Minute, "minute"},
		"day":                 {answer(start, 50, 0), 18*time.Hour + 54*time.Minute, 18*time.Hour + 54*time.Minute, "day"},
		"Retry-After":         {asking, 7 * time.Second, 7 * time.Second, ""},
		"no information":      {answer(start, -1, -1), time.Second / 2, time.Second, ""},
		"no header":           {nil, time.Second / 2, time.Second, ""},
		"both have some left": {answer(start, 50, 500), time.Second / 2, time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newState(Options{MaxConcurrentRequests: 8})
			l.record(l.reserve(start), 429, test.header, start)
			d := l.decide(start)
			if wait := d.until.Sub(start); d.send || wait < test.least || wait > test.most || d.reason.Window != test.why {
				t.Errorf("it waits %s because of %q, want %s to %s because of %q", wait, d.reason.Window, test.least, test.most, test.why)
			}
			if sent, _ := sendAll(&l, d.until); sent != 1 {
				t.Errorf("after the wait %d are sent, want 1", sent)
			}
		})
	}

	l := newState(Options{MaxConcurrentRequests: 8})
	now := start
	for i, seconds := range []int64{1, 2, 4, 8, 16, 32, 60} {
		most := time.Duration(seconds) * time.Second
		l.record(l.reserve(now), 429, nil, now)
		until := l.decide(now).until
		if wait := until.Sub(now); wait < most/2 || wait > most {
			t.Errorf("refusal %d waits %s, want %s to %s", i, wait, most/2, most)
		}
		now = until
	}
	l.record(l.reserve(now), 200, nil, now)
	l.record(l.reserve(now), 429, nil, now)
	if wait := l.decide(now).until.Sub(now); wait > time.Second {
		t.Errorf("after a good answer a refusal waits %s, want a second at most", wait)
	}
}

// The wait for the end of a window is measured on the server's clock, and never too short although dates
// have whole seconds.
func TestState_clocks(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{
		"right": 0, "an hour ahead": time.Hour, "an hour behind": -time.Hour, "a part of a second": 300 * time.Millisecond,
		"years": 30 * 365 * 24 * time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newState(Options{MaxConcurrentRequests: 8})
			for _, milliseconds := range []int64{700, 1900, 2050, 3400} {
				now := start.Add(time.Duration(milliseconds) * time.Millisecond)
				l.record(l.reserve(now), 200, answer(now.Add(skew), 0, -1), now)
			}
			end := start.Add(skew).Add(3400 * time.Millisecond).Truncate(time.Minute).Add(time.Minute).Add(-skew)
			late := l.decide(start.Add(4 * time.Second)).until.Sub(end)
			if late < 0 || late > 350*time.Millisecond {
				t.Errorf("the wait ends %s after the window, want 0 to 350ms", late)
			}
		})
	}

	l := newState(Options{MaxConcurrentRequests: 8})
	l.record(l.reserve(start), 200, answer(start.Add(time.Hour), 0, -1), start)
	l.record(l.reserve(start), 200, answer(start, 0, -1), start)
	if l.offset != 0 {
		t.Errorf("after the server's clock was set back the offset is %s, want 0", l.offset)
	}
}

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

// Refusals without any header for longer than two minutes are those of the day. A response
// in between starts the count again.
func TestState_refusalsOfTheDay(t *testing.T) {
	t.Parallel()
	endOfDay := start.Truncate(24 * time.Hour).Add(24 * time.Hour)
	refuse := func(s *state, now time.Time, status int) (decision, time.Time) {
		s.record(s.reserve(now), status, nil, now)
		d := s.decide(now)
		return d, d.until
	}
	s := newState(Options{MaxConcurrentRequests: 8})
	now, d := start, decision{}
	for d.reason.Window == "" {
		var until time.Time
		if d, until = refuse(&s, now, 429); d.reason.Window == "" {
			if wait := until.Sub(now); wait <= 0 || wait > time.Minute {
				t.Fatalf("a refusal blocks for %s, want up to a minute", wait)
			}
			now = until
		}
	}
	if after := now.Sub(start); after <= 2*time.Minute || after > 3*time.Minute {
		t.Errorf("refusals are reported as the day's after %s, want two to three minutes", after)
	}
	if want := (Error{Window: "day", Reset: endOfDay}); d.reason != want {
		t.Errorf("reason = %+v, want %+v", d.reason, want)
	}

	s = newState(Options{MaxConcurrentRequests: 8})
	refuse(&s, start, 429)
	s.record(s.reserve(start.Add(90*time.Second)), 0, nil, start.Add(90*time.Second)) // Not a response.
	s.record(s.reserve(start.Add(100*time.Second)), 503, nil, start.Add(100*time.Second))
	if d, _ := refuse(&s, start.Add(130*time.Second), 429); d.reason.Window != "" {
		t.Errorf("after a response in between, reason = %+v, want no window", d.reason)
	}
}

// A response from another clock, such as the error page of a gateway, does not move the end of an open window.
func TestState_otherClock(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{-48 * time.Hour, -time.Minute, time.Minute, 24 * time.Hour} {
		s := newState(Options{MaxConcurrentRequests: 8})
		s.record(s.reserve(start), 200, answer(start, 0, 900), start)
		s.record(s.reserve(start), 502, http.Header{"Date": {start.Add(skew).Format(http.TimeFormat)}}, start)
		if d := s.decide(start.Add(59 * time.Second)); d.send || !d.until.Equal(start.Add(time.Minute)) {
			t.Errorf("with a clock that is off by %s, the decision in the window is %+v, want to wait for its end", skew, d)
		}
		if d := s.decide(start.Add(time.Minute)); !d.send {
			t.Errorf("with a clock that is off by %s, the decision after the window is to wait until %s", skew, d.until)
		}
	}
}

// A Retry-After counts if the response does not state the reset of the window that it exhausts.
func TestState_retryAfterInPlaceOfReset(t *testing.T) {
	t.Parallel()
	for window, want := range map[string]time.Duration{"Minute": 30 * time.Second, "Day": 30 * time.Second} {
		header := http.Header{}
		header.Set("X-Rate-Limit-Remaining-"+window, "0")
		header.Set("Retry-After", "30")
		s := newState(Options{MaxConcurrentRequests: 8})
		s.record(s.reserve(start), 429, header, start)
		if d := s.decide(start); d.send || d.until.Sub(start) != want {
			t.Errorf("%s: the decision is %+v, want to wait %s", window, d, want)
		}
	}
}

// Refusals that state the resets of both windows, and nothing else, become the day's as well.
func TestState_refusalsWithResets(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	now := start
	for range 4 {
		header := http.Header{}
		header.Set("X-Rate-Limit-Reset-Minute", now.Add(time.Minute).Format(time.RFC3339))
		header.Set("X-Rate-Limit-Reset-Day", "2026-03-04T12:00:00Z")
		s.record(s.reserve(now), 429, header, now)
		now = s.decide(now).until
	}
	if want := start.Truncate(24 * time.Hour).Add(12 * time.Hour); !now.Equal(want) {
		t.Errorf("after three minutes of refusals the wait is until %s, want the reset of the day, %s", now, want)
	}
}

// A limit of any size has a reserve of its percentage.
func TestState_hugeLimit(t *testing.T) {
	t.Parallel()
	header := http.Header{}
	header.Set("X-Rate-Limit-Limit-Day", strconv.Itoa(math.MaxInt))
	header.Set("X-Rate-Limit-Remaining-Day", "0")
	s := newState(Options{MaxConcurrentRequests: 8, ReservePercent: 90})
	s.record(s.reserve(start), 429, header, start)
	if d := s.decide(start); d.send || d.reason.Reserve < math.MaxInt/10*8 {
		t.Errorf("the decision is %+v, want to wait, and a reserve of 90 %%", d)
	}
}

// Requests that were in flight when a refusal blocks the rest do not lengthen the wait.
func TestState_refusalsInFlight(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 200, nil, start)
	var permits []permit
	for range 8 {
		permits = append(permits, s.reserve(start))
	}
	for _, p := range permits {
		s.record(p, 429, nil, start)
	}
	if wait := s.decide(start).until.Sub(start); wait > time.Second {
		t.Errorf("eight refusals at once block for %s, want a second at most", wait)
	}
}

// A permit that is not used leaves no trace: the next request is a probe if it was to be one.
func TestState_cancel(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8, RequestsPerMinute: 5})
	s.cancel(s.reserve(start))
	if s.inFlight != 0 || s.capSent != 0 || s.probing || !s.unknown {
		t.Errorf("inFlight %d, capSent %d, probing %t, unknown %t; want 0, 0, false, true", s.inFlight, s.capSent, s.probing, s.unknown)
	}
	if sent, _ := sendAll(&s, start); sent != 1 {
		t.Errorf("after a canceled probe %d may be sent, want 1", sent)
	}
}

// A reset that a server computes and rounds for each response, and that is therefore off by up to a
// second, is the same window. One that is off by more is another.
func TestState_resetTolerance(t *testing.T) {
	t.Parallel()
	at := func(reset time.Time, remaining string) http.Header {
		return http.Header{
			"X-Rate-Limit-Limit-Minute":     {"100"},
			"X-Rate-Limit-Remaining-Minute": {remaining},
			"X-Rate-Limit-Reset-Minute":     {reset.Format(time.RFC3339Nano)},
		}
	}
	reset := start.Add(30 * time.Second)
	for name, test := range map[string]struct {
		shift     time.Duration
		remaining string
		want      int
	}{
		"same":             {shift: 0, remaining: "60", want: 50},
		"a little later":   {shift: time.Second, remaining: "60", want: 50},
		"much later":       {shift: 1100 * time.Millisecond, remaining: "60", want: 60},
		"a little earlier": {shift: -time.Second, remaining: "40", want: 40},
		"much earlier":     {shift: -1100 * time.Millisecond, remaining: "40", want: 50},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newState(Options{MaxConcurrentRequests: 8})
			s.record(s.reserve(start), 200, at(reset, "50"), start)
			s.record(s.reserve(start), 200, at(reset.Add(test.shift), test.remaining), start)
			if got := s.windows[minute].remaining; got != test.want {
				t.Errorf("%d remain, want %d", got, test.want)
			}
		})
	}
}

// A probe whose rate-limit headers are lost is followed by another one. After three, the rest is sent.
func TestState_lostProbes(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"without response": 0, "of a gateway": 502} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newState(Options{MaxConcurrentRequests: 8})
			s.record(s.reserve(start), 200, answer(start, 0, -1), start)
			now := start.Add(time.Minute)
			for i := range 3 {
				if sent, _ := sendAll(&s, now); sent != 1 {
					t.Fatalf("after %d lost probes %d are sent, want 1", i, sent)
				}
				s.record(permit{probe: true, sent: now}, status, nil, now)
			}
			if sent, _ := sendAll(&s, now); sent != 8 {
				t.Errorf("after 3 lost probes %d are sent, want 8", sent)
			}
		})
	}
}

// A slow response leaves much room for the difference of the clocks. A better estimate is not another
// clock, and does not move the end of an open window.
func TestState_slowResponse(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	now := start.Add(15 * time.Second)
	s.record(permit{sent: start}, 200, answer(start, 50, -1), now) // Written at once, and 15 seconds on its way.
	s.record(permit{sent: now}, 200, answer(now, 0, -1), now)
	if got, want := s.windows[minute].reset, start.Add(time.Minute); !got.Equal(want) {
		t.Errorf("the window resets at %s, want %s", got, want)
	}
	if s.offset != 0 {
		t.Errorf("offset = %s, want 0", s.offset)
	}
}

// A request that ends without a status counts as sent until the response to a later request shows whether
// the account counted it. If the lost requests may have used all that remains, one request finds out.
func TestState_lostResponses(t *testing.T) {
	t.Parallel()
	later, muchLater := start.Add(time.Second), start.Add(2*time.Second)
	s := newState(Options{MaxConcurrentRequests: 100})
	s.traffic = [...]traffic{{1, 1}, {1, 1}} // No other client.
	s.record(s.reserve(start), 200, answer(start, 60, -1), start)
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
		s.record(s.reserve(start), []int{0, 502}[i%2], answer(start, -1, -1), later)
	}
	requireRoom(later, 1)
	s.record(early, 200, answer(later, 60, -1), later)
	requireRoom(later, 1) // It was sent before the others ended.
	s.record(s.reserve(later), 0, nil, muchLater)
	s.record(s.reserve(muchLater), 200, answer(muchLater, 59, -1), muchLater)
	requireRoom(muchLater, 20)
}
