// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// The wait for the end of a window is measured on the server's clock, and never too short although dates
// have whole seconds.
func TestState_clocks(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{
		"right": 0, "an hour ahead": time.Hour, "an hour behind": -time.Hour, "a fraction of a second": 300 * time.Millisecond,
		"years": 30 * 365 * 24 * time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newState(Options{MaxConcurrentRequests: 8})
			for _, milliseconds := range []int64{700, 1900, 2050, 3400} {
				now := start.Add(time.Duration(milliseconds) * time.Millisecond)
				l.record(l.reserve(now), 200, windowHeaders(now.Add(skew), 0, -1), now)
			}
			end := start.Add(skew).Add(3400 * time.Millisecond).Truncate(time.Minute).Add(time.Minute).Add(-skew)
			late := l.decide(start.Add(4 * time.Second)).until.Sub(end)
			if late < 0 || late > 350*time.Millisecond {
				t.Errorf("the wait ends %s after the window, want 0 to 350ms", late)
			}
		})
	}

	l := newState(Options{MaxConcurrentRequests: 8})
	l.record(l.reserve(start), 200, windowHeaders(start.Add(time.Hour), 0, -1), start)
	l.record(l.reserve(start), 200, windowHeaders(start, 0, -1), start)
	if l.offset != 0 {
		t.Errorf("after the server's clock was set back the offset is %s, want 0", l.offset)
	}
}

// A response from another clock, such as the error page of a gateway, does not move the end of an open window.
func TestState_otherClock(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{-48 * time.Hour, -time.Minute, time.Minute, 24 * time.Hour} {
		s := newState(Options{MaxConcurrentRequests: 8})
		s.record(s.reserve(start), 200, windowHeaders(start.Add(time.Hour), 0, 900), start) // The account is ahead.
		s.record(s.reserve(start), 502, http.Header{"Date": {start.Add(skew).Format(http.TimeFormat)}}, start)
		if d := s.decide(start.Add(59 * time.Second)); d.send || !d.until.Equal(start.Add(time.Minute)) {
			t.Errorf("with a clock that is off by %s, the decision in the window is %+v, want to wait for its end", skew, d)
		}
		if d := s.decide(start.Add(time.Minute)); !d.send {
			t.Errorf("with a clock that is off by %s, the decision after the window is to wait until %s", skew, d.until)
		}
	}
}

// The reset of an error is on the clock of the account, also if the account states no window and a gateway
// has responded since.
func TestState_clockOfReset(t *testing.T) {
	t.Parallel()
	account := windowHeaders(start.Add(time.Hour), -1, -1)
	account.Set("X-Rate-Limit-Limit-Minute", "100")
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 200, account, start)
	s.record(s.reserve(start), 429, http.Header{"Date": {start.Format(http.TimeFormat)}, "Retry-After": {"5"}}, start)
	if d, want := s.decide(start), start.Add(time.Hour+5*time.Second); !d.reason.Reset.Equal(want) {
		t.Errorf("the reset is %s, want %s", d.reason.Reset, want)
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
			if isNew := test.shift > time.Second; !isNew && !s.windows[minute].end.Equal(reset) {
				t.Errorf("the window ends at %s, want %s", s.windows[minute].end, reset)
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
	s.record(&permit{sent: start}, 200, windowHeaders(start, 50, -1), now) // Written at once, and 15 seconds on its way.
	s.record(&permit{sent: now}, 200, windowHeaders(now, 0, -1), now)
	if got, want := s.windows[minute].reset, start.Add(time.Minute); !got.Equal(want) {
		t.Errorf("the window resets at %s, want %s", got, want)
	}
	if s.offset != 0 {
		t.Errorf("offset = %s, want 0", s.offset)
	}
}

// The clock that the first Date shows does not move the end of a window that was stated before.
func TestState_lateDate(t *testing.T) {
	t.Parallel()
	header := windowHeaders(start.Add(30*time.Second), 5, -1) // The account is ahead.
	header.Del("Date")
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 200, header, start)
	s.record(s.reserve(start), 200, windowHeaders(start.Add(30*time.Second), 0, -1), start)
	if d := s.decide(start); !d.until.Equal(start.Add(30 * time.Second)) {
		t.Errorf("the wait ends at %s, want %s", d.until, start.Add(30*time.Second))
	}
}

// If the local clock is set, the windows of the account stay the same.
func TestState_localClockSet(t *testing.T) {
	t.Parallel()
	for _, change := range []time.Duration{-time.Hour, -5 * time.Second, 5 * time.Second, 30 * time.Second} {
		s := newState(Options{MaxConcurrentRequests: 8})
		s.record(s.reserve(start), 200, windowHeaders(start, 50, 500), start)
		account := start.Add(20 * time.Second)
		now := account.Add(change)
		s.record(s.reserve(now), 200, windowHeaders(account, 40, 490), now)
		if got := s.windows[minute].remaining; got != 40 {
			t.Errorf("after a change of %s, %d remain, want 40", change, got)
		}
		if used := s.windows[day].used; used != 11 {
			t.Errorf("after a change of %s, %d are used of the day, want 11", change, used)
		}
		s.record(s.reserve(now), 429, windowHeaders(account, 0, 450), now)
		if d := s.decide(now); d.until.Sub(now) != 40*time.Second {
			t.Errorf("after a change of %s, the wait is %s, want 40s", change, d.until.Sub(now))
		}
	}
}

// If the account's clock is set, its windows change.
func TestState_accountClockSet(t *testing.T) {
	t.Parallel()
	for _, change := range []time.Duration{-time.Hour, -90 * time.Second, 90 * time.Second, time.Hour} {
		s := newState(Options{MaxConcurrentRequests: 8})
		s.record(s.reserve(start), 200, windowHeaders(start, 50, 500), start)
		s.record(s.reserve(start), 200, windowHeaders(start.Add(change), 0, 500), start)
		want := start.Add(change).Truncate(time.Minute).Add(time.Minute).Sub(start.Add(change))
		if d := s.decide(start); d.send || d.until.Sub(start) != want {
			t.Errorf("after a change of %s, the decision is %+v, want to wait %s", change, d, want)
		}
	}
}

// Servers of the account with different clocks state the same window, whether they state the same reset or one
// on their own clock. The last response counts.
func TestState_serversDisagree(t *testing.T) {
	t.Parallel()
	const ahead = 5 * time.Second
	for name, test := range map[string]struct {
		shift time.Duration // Of the reset.
		wait  time.Duration
	}{
		"same reset": {shift: 0, wait: 55 * time.Second}, "own reset": {shift: ahead, wait: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newState(Options{MaxConcurrentRequests: 8})
			for i, remaining := range []int{50, 49, 48, 49, 48, 48} {
				header := windowHeaders(start, remaining, -1)
				if i%3 > 0 {
					header.Set("Date", start.Add(ahead).Format(http.TimeFormat))
					header.Set("X-Rate-Limit-Reset-Minute", start.Add(time.Minute+test.shift).Format(time.RFC3339))
				}
				s.record(s.reserve(start), 200, header, start)
			}
			if w := s.windows[minute]; w.remaining != 48 || w.own != 6 {
				t.Errorf("%d remain and %d are own, want 48 and 6", w.remaining, w.own)
			}
			if got := s.windows[minute].end.Sub(start); got != test.wait {
				t.Errorf("the window ends after %s, want %s", got, test.wait)
			}
		})
	}
}

// The ends of a window that servers state on different clocks are off by up to two seconds, since dates and
// resets have whole seconds.
func TestState_serversRound(t *testing.T) {
	t.Parallel()
	for shift, want := range map[time.Duration]int{0: 2, 2 * time.Second: 2, 2100 * time.Millisecond: 1, -2 * time.Second: 2} {
		s := newState(Options{MaxConcurrentRequests: 8})
		now := start.Add(20 * time.Second)
		s.record(s.reserve(now), 200, windowHeaders(now, 50, -1), now)
		header := windowHeaders(now.Add(5*time.Second), 49, -1)
		header.Set("X-Rate-Limit-Reset-Minute", start.Add(65*time.Second+shift).Format(time.RFC3339Nano))
		s.record(s.reserve(now), 200, header, now)
		if got := s.windows[minute].own; got != want {
			t.Errorf("with a reset that is off by %s, the window has %d requests, want %d", shift, got, want)
		}
	}
}

// If the local clock is set while requests wait, the wait stays the same.
func TestState_monotonicClock(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	now := time.Now()
	s.record(s.reserve(now), 200, windowHeaders(now, 0, -1), now)
	if end := s.windows[minute].end; !strings.Contains(end.String(), " m=") {
		t.Errorf("the end of the window is %s, want a monotonic time", end)
	}
}

// A window that the first response after a change of the account's clock does not state ends as before.
func TestState_accountClockSetWithoutWindow(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 200, windowHeaders(start, 0, -1), start)
	s.record(s.reserve(start), 200, windowHeaders(start.Add(-time.Hour), -1, 500), start)
	if d := s.decide(start); d.until.Sub(start) != time.Minute {
		t.Errorf("the wait is %s, want 1m", d.until.Sub(start))
	}
}

// The clock of a gateway that responds before the account is not that of the account.
func TestState_gatewayFirst(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 502, windowHeaders(start.Add(time.Second), -1, -1), start) // Consistent with the account's, but later.
	s.record(s.reserve(start), 200, windowHeaders(start, 0, -1), start)
	if d := s.decide(start); d.until.Sub(start) != time.Minute {
		t.Errorf("the wait is %s, want 1m", d.until.Sub(start))
	}
}
