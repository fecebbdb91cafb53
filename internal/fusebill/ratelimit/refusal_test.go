// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"net/http"
	"testing"
	"time"
)

// If the window that a refusal exhausts has ended when the response arrives, the day is not the reason.
func TestState_refusalOfEndedWindow(t *testing.T) {
	t.Parallel()
	end := start.Add(time.Minute)
	header := windowHeaders(start, 0, -1)
	header.Set("X-Rate-Limit-Reset-Day", "2026-03-05T00:00:00Z")
	header.Set("Date", end.Format(http.TimeFormat))
	s := newState(Options{MaxConcurrentRequests: 8, Random: func() float64 { return 1 }})
	s.record(s.reserve(end.Add(-time.Second)), 429, header, end)
	if d := s.decide(end); d.send || d.until.Sub(end) != time.Second || d.reason.Window != "" {
		t.Errorf("the decision is %+v, want to wait a second", d)
	}
}

// A Retry-After and an exhausted minute, which can have ended, explain a refusal. The refusals before them do
// not count as those of the day.
func TestState_explainedRefusals(t *testing.T) {
	t.Parallel()
	ended := windowHeaders(start, 0, -1)
	ended.Set("Date", start.Add(70*time.Second).Format(http.TimeFormat))
	for name, explanation := range map[string]http.Header{
		"Retry-After": {"Retry-After": {"60"}}, "minute": windowHeaders(start.Add(70*time.Second), 0, -1), "ended minute": ended,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newState(Options{MaxConcurrentRequests: 8})
			s.record(s.reserve(start), 429, nil, start)
			explained, late := start.Add(70*time.Second), start.Add(130*time.Second)
			s.record(s.reserve(explained), 429, explanation, explained)
			s.record(s.reserve(late), 429, nil, late)
			if d := s.decide(late); d.send || d.reason.Window != "" || d.until.Sub(late) > time.Minute {
				t.Errorf("the decision is %+v, want to wait for the back-off", d)
			}
		})
	}
}

// A reset that has been reached is not a time to wait for.
func TestState_refusalWithReachedReset(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{0, 400 * time.Millisecond} {
		now := start.Add(ahead)
		header := windowHeaders(now, -1, -1)
		header.Set("X-Rate-Limit-Reset-Minute", start.Format(time.RFC3339))
		s := newState(Options{MaxConcurrentRequests: 8, Random: func() float64 { return 1 }})
		s.record(s.reserve(now), 429, header, now)
		if d := s.decide(now); d.send || d.until.Sub(now) != time.Second {
			t.Errorf("%s after the reset, the decision is %+v, want to wait a second", ahead, d)
		}
	}
}

// The refusal of a probe counts although a request that was sent earlier was refused later.
func TestState_refusedProbe(t *testing.T) {
	t.Parallel()
	second := func(n int) time.Time { return start.Add(time.Duration(n) * time.Second) }
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 200, nil, start)
	early := s.reserve(start)
	s.record(s.reserve(start), 429, http.Header{"Retry-After": {"1"}}, start)
	if sent, _ := sendAll(&s, second(1)); sent != 1 {
		t.Fatalf("after the wait, %d are sent, want 1", sent)
	}
	s.record(early, 429, http.Header{"Retry-After": {"1"}}, second(2))
	s.record(s.probe, 429, nil, second(4))
	if d := s.decide(second(4)); d.send || d.until.IsZero() {
		t.Errorf("after the refusal of the probe, the decision is %+v, want to wait", d)
	}
}

// After the wait for a refusal, one request is sent alone, although an earlier request gets a 200.
func TestState_probesAfterRefusal(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.traffic = [...]traffic{{1, 1}, {1, 1}} // No other client.
	s.record(s.reserve(start), 200, windowHeaders(start, 50, -1), start)
	earlier := s.reserve(start)
	s.record(s.reserve(start), 429, http.Header{"Retry-After": {"1"}}, start)
	after := start.Add(time.Second)
	s.expire(after)
	s.record(earlier, 200, windowHeaders(after, 49, -1), after)
	if sent, _ := sendAll(&s, after); sent != 1 {
		t.Errorf("%d are sent, want 1", sent)
	}
}

// A refusal with Retry-After counts, also if the request was sent before the last refusal.
func TestState_lateRetryAfter(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.record(s.reserve(start), 200, nil, start)
	earlier := s.reserve(start)
	s.record(s.reserve(start), 429, nil, start)
	s.record(earlier, 429, http.Header{"Retry-After": {"7"}}, start)
	if d := s.decide(start); d.until.Sub(start) != 7*time.Second {
		t.Errorf("the wait is %s, want 7s", d.until.Sub(start))
	}
}

func TestBackOff(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		n      int
		jitter float64
		want   time.Duration
	}{
		{n: 0, jitter: 0, want: 500 * time.Millisecond},
		{n: 0, jitter: 1, want: time.Second},
		{n: 3, jitter: 0.5, want: 6 * time.Second},
		{n: 5, jitter: 1, want: 32 * time.Second},
		{n: 6, jitter: 1, want: time.Minute},
		{n: 1000, jitter: 0, want: 30 * time.Second},
	} {
		if got := backOff(test.n, test.jitter); got != test.want {
			t.Errorf("backOff(%d, %g) = %s, want %s", test.n, test.jitter, got, test.want)
		}
	}
}
