// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"net/http"
	"testing"
	"time"
)

// A refusal closes the window until its reset, for as long as Retry-After asks, or for a back-off that
// grows.
func TestState_refusals(t *testing.T) {
	t.Parallel()
	asking := windowHeaders(start, -1, -1)
	asking.Set("Retry-After", "7")
	for name, test := range map[string]struct {
		header      http.Header
		least, most time.Duration
		why         string
	}{
		"minute":                  {windowHeaders(start, 0, 500), time.Minute, time.Minute, "minute"},
		"day":                     {windowHeaders(start, 50, 0), 18*time.Hour + 54*time.Minute, 18*time.Hour + 54*time.Minute, "day"},
		"Retry-After":             {asking, 7 * time.Second, 7 * time.Second, ""},
		"no information":          {windowHeaders(start, -1, -1), time.Second / 2, time.Second, ""},
		"no header":               {nil, time.Second / 2, time.Second, ""},
		"both have requests left": {windowHeaders(start, 50, 500), time.Second / 2, time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newState(Options{MaxConcurrentRequests: 8})
			l.record(l.reserve(start), 429, test.header, start)
			d := l.decide(start)
			if wait := d.until.Sub(start); d.send || wait < test.least || wait > test.most || d.reason.Window != test.why {
				t.Errorf("the wait is %s because of %q, want between %s and %s because of %q", wait, d.reason.Window, test.least, test.most, test.why)
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
			t.Errorf("the wait after refusal %d is %s, want between %s and %s", i, wait, most/2, most)
		}
		now = until
	}
	l.record(l.reserve(now), 200, nil, now)
	l.record(l.reserve(now), 429, nil, now)
	if wait := l.decide(now).until.Sub(now); wait > time.Second {
		t.Errorf("after a 200, a refusal waits %s, want at most a second", wait)
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

// A Retry-After counts if the response does not state the reset of the window that it exhausts.
func TestState_retryAfterInPlaceOfReset(t *testing.T) {
	t.Parallel()
	const want = 30 * time.Second
	for _, window := range []string{"Minute", "Day"} {
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

// A stated reset counts more than Retry-After, and Retry-After does not move the end of a window that is
// not exhausted.
func TestState_resetBeforeRetryAfter(t *testing.T) {
	t.Parallel()
	header := windowHeaders(start, 0, -1)
	header.Set("Retry-After", "5")
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 429, header, start)
	if d := s.decide(start); !d.until.Equal(start.Add(time.Minute)) {
		t.Errorf("the wait ends at %s, want the reset", d.until)
	}

	s = newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 200, http.Header{"X-Rate-Limit-Remaining-Minute": {"5"}, "Retry-After": {"5"}}, start)
	if got, want := s.windows[minute].reset, start.Add(time.Minute); !got.Equal(want) {
		t.Errorf("the window resets at %s, want %s", got, want)
	}
}

// A refusal that exhausts its window does not lengthen the back-off after later ones.
func TestState_refusalOfWindow(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8, Random: func() float64 { return 0 }})
	s.record(s.reserve(start), 429, windowHeaders(start, 0, -1), start)
	s.record(s.reserve(start), 429, nil, start)
	now := start.Add(time.Minute)
	s.record(s.reserve(now), 429, nil, now)
	if wait := s.decide(now).until.Sub(now); wait != time.Second/2 {
		t.Errorf("the wait is %s, want 500ms", wait)
	}
}

// Refusals that are minutes apart are not consecutive: they neither exhaust the day nor lengthen the back-off.
func TestState_refusalsApart(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8, Random: func() float64 { return 1 }})
	asking := http.Header{"Retry-After": {"180"}}
	now := start
	for _, header := range []http.Header{nil, asking, nil, asking, nil} {
		s.record(s.reserve(now), 429, header, now)
		d := s.decide(now)
		if want := max(RetryAfter(header, now), time.Second); d.until.Sub(now) != want || d.reason.Window != "" {
			t.Errorf("after a 429 at %s, the wait is %s because of %q, want %s", now, d.until.Sub(now), d.reason.Window, want)
		}
		now = d.until
	}
	now = s.lastRefused.Add(2 * time.Minute)
	s.record(s.reserve(now), 429, nil, now)
	if wait := s.decide(now).until.Sub(now); wait != 2*time.Second {
		t.Errorf("after two minutes, the wait is %s, want 2s", wait)
	}
	now = now.Add(time.Hour)
	s.record(s.reserve(now), 429, nil, now)
	if d := s.decide(now); d.reason.Window != "" {
		t.Errorf("after an hour, a refusal is due to the %s", d.reason.Window)
	}
}

// A Retry-After of a response that states no window counts, even if a window is known to be exhausted.
func TestState_retryAfterOfGateway(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 200, windowHeaders(start, 0, -1), start)
	s.record(&permit{sent: start}, 429, http.Header{"Retry-After": {"300"}}, start)
	if d := s.decide(start); d.until.Sub(start) != 5*time.Minute {
		t.Errorf("the wait is %s, want 5m", d.until.Sub(start))
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

// After the wait for a refusal that names no window, the response to one request opens the rest, although
// the window is the same.
func TestState_probesOpenWindow(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.traffic = [...]traffic{{1, 1}, {1, 1}} // No other client.
	s.record(s.reserve(start), 200, windowHeaders(start, 90, -1), start)
	s.record(s.reserve(start), 429, nil, start)
	now := s.decide(start).until
	if sent, _ := sendAll(&s, now); sent != 1 {
		t.Errorf("after the wait, %d are sent, want 1", sent)
	}
	s.record(s.probe, 200, windowHeaders(now, 89, -1), now)
	if sent, _ := sendAll(&s, now); sent != 8 {
		t.Errorf("after the response, %d are sent, want 8", sent)
	}
}

// Requests that were in flight when a refusal blocks the rest do not lengthen the wait.
func TestState_refusalsInFlight(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 200, nil, start)
	var permits []*permit
	for range 8 {
		permits = append(permits, s.reserve(start))
	}
	late := s.reserve(start)
	for _, p := range permits {
		s.record(p, 429, nil, start)
	}
	if wait := s.decide(start).until.Sub(start); wait > time.Second {
		t.Errorf("eight refusals at once block for %s, want at most a second", wait)
	}
	later := start.Add(2 * time.Second) // The wait has ended.
	s.record(late, 429, nil, later)
	if d := s.decide(later); !d.send {
		t.Errorf("after a late refusal, the decision is %+v, want to send", d)
	}
}
