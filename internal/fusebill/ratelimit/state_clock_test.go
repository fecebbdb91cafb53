// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"net/http"
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

// A slow response leaves much room for the difference of the clocks. A better estimate is not another
// clock, and does not move the end of an open window.
func TestState_slowResponse(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	now := start.Add(15 * time.Second)
	s.record(permit{sent: start}, 200, windowHeaders(start, 50, -1), now) // Written at once, and 15 seconds on its way.
	s.record(permit{sent: now}, 200, windowHeaders(now, 0, -1), now)
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

// A difference of a second is within the precision of Date, and not another clock.
func TestState_precisionOfDate(t *testing.T) {
	t.Parallel()
	for difference, want := range map[time.Duration]time.Duration{
		time.Second:     59 * time.Second,
		2 * time.Second: time.Minute,
	} {
		s := newState(Options{MaxConcurrentRequests: 8})
		s.record(s.reserve(start), 200, windowHeaders(start, 0, -1), start)
		late := start.Add(500 * time.Millisecond)
		s.record(permit{sent: late}, 200, windowHeaders(start, 0, -1), late)
		s.record(permit{sent: late}, 502, http.Header{"Date": {start.Add(difference).Format(http.TimeFormat)}}, start)
		if got := s.decide(start).until.Sub(start); got != want {
			t.Errorf("after a Date that is %s ahead, the wait is %s, want %s", difference, got, want)
		}
	}
}

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
			s.record(permit{probe: true, sent: end.Add(-time.Second)}, 200, header, now)
			if d := s.decide(now); !d.send {
				t.Errorf("the decision is %+v, want to send", d)
			}
			s.record(permit{probe: true, sent: now}, 200, windowHeaders(now, 99, 999), now)
			s.record(permit{sent: end.Add(-time.Second)}, 200, header, now)
			if d := s.decide(now); !d.send {
				t.Errorf("after a response of the new windows, the decision is %+v, want to send", d)
			}
		})
	}
}
