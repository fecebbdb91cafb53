// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"math"
	"testing"
	"time"
)

// Earlier requests count less with each response.
func TestTraffic_add(t *testing.T) {
	t.Parallel()
	traffic := traffic{own: 1, all: 64}
	traffic.add(1, 4)
	if math.Abs(traffic.own-1.6) > 1e-9 || math.Abs(traffic.all-42.4) > 1e-9 {
		t.Errorf("traffic = %+v, want own 1.6, all 42.4", traffic)
	}
	traffic.add(50, 0) // More responses arrived than requests were counted.
	if traffic.part() != 1 {
		t.Errorf("part = %g, want 1", traffic.part())
	}
}

func TestWindowState_share(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		used, own, inFlight int
		left                int // What remains, since the reserve is 0.
		part                float64
		want                int
	}{
		"alone":                    {used: 1, own: 1, left: 60, part: 1, want: 20},
		"alone_rounded_up":         {used: 1, own: 1, left: 40, part: 1, want: 14},
		"alone_at_least_one":       {used: 1, own: 1, left: 1, part: 0.01, want: 1},
		"alone_with_two_in_flight": {used: 5, own: 3, inFlight: 2, left: 90, part: 0.01, want: 1},
		"shared":                   {used: 40, own: 10, left: 60, part: 0.25, want: 5},
		"shared_for_one":           {used: 50, own: 1, left: 64, part: 1.0 / 64, want: 1},
		"shared_for_less":          {used: 50, own: 1, left: 90, part: 0.01, want: 0},
		"shared_end_goes_on":       {used: 50, own: 5, left: 4, part: 0.1, want: 1},
		"shared_end_is_held_back":  {used: 50, own: 5, left: 5, part: 0.1, want: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := windowState{windowStatus: windowStatus{remaining: test.left}, used: test.used, own: test.own}
			if got := w.share(test.left, test.inFlight, test.part); got != test.want {
				t.Errorf("share = %d, want %d", got, test.want)
			}
		})
	}
}

// states records a 200 for each remainder of the minute, at the start.
func states(s *state, remaining ...int) {
	for _, n := range remaining {
		s.record(s.reserve(start), 200, windowHeaders(start, n, -1), start)
	}
}

// A client with a small part of a shared window is held back at its end, until the reset.
func TestState_heldBack(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.traffic[minute] = traffic{own: 1, all: 1e6}
	states(&s, 60, 5, 4) // Others spend 54.
	d := s.decide(start)
	if want := start.Add(time.Minute); d.send || !d.heldBack || !d.until.Equal(want) || d.reason.Window != "minute" {
		t.Errorf("the decision is %+v, want to be held back until %s", d, want)
	}
	s.reserve(start)
	if d := s.decide(start); d.send || d.heldBack {
		t.Errorf("with a request in flight, the decision is %+v, want to wait for its response", d)
	}
}

// A client that is alone is not held back, even if it expected other clients and its responses are lost.
func TestState_alone(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 8})
	s.traffic[minute] = traffic{own: 1, all: 1e6}
	states(&s, 10, 9, 8)
	for range 3 {
		s.record(s.reserve(start), 0, nil, start)
	}
	states(&s, 4, 3, 2)
	if d := s.decide(start); !d.send {
		t.Errorf("the decision is %+v, want to send", d)
	}
}

// Refusals are not counted as traffic, since windows do not count them.
func TestState_refusalsAreNotTraffic(t *testing.T) {
	t.Parallel()
	s := newState(Options{MaxConcurrentRequests: 32})
	states(&s, 50)
	var permits []*permit
	for range 5 {
		permits = append(permits, s.reserve(start))
	}
	for _, p := range permits {
		s.record(p, 429, windowHeaders(start, 0, -1), start)
	}
	next := start.Add(time.Minute)
	s.record(s.reserve(next), 200, windowHeaders(next, 99, -1), next)
	if sent, _ := sendAll(&s, next); sent != 1 {
		t.Errorf("in the next window, %d are sent, want 1", sent)
	}
}

// If both windows are used by the requests in flight, the decision can change at the first reset.
func TestState_nextDecision(t *testing.T) {
	t.Parallel()
	for _, resets := range [][2]time.Duration{{time.Second, time.Minute}, {time.Minute, time.Second}} {
		s := newState(Options{MaxConcurrentRequests: 8})
		s.reserve(start)
		s.unknown, s.probe = false, nil
		for i, reset := range resets {
			s.windows[i] = &windowState{windowStatus: windowStatus{remaining: 1, reset: start.Add(reset)}, end: start.Add(reset), used: 1, own: 1}
		}
		if d := s.decide(start); d.send || !d.until.IsZero() || !d.next.Equal(start.Add(time.Second)) {
			t.Errorf("with resets after %s, the decision is %+v, want to wait for a response, or for one second", resets, d)
		}
	}
}
