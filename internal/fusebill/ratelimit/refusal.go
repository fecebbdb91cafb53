// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"net/http"
	"time"
)

// longestMinute is the time after which refusals cannot be due to the window of a minute,
// since two windows have ended meanwhile. Refusals that are further apart are not consecutive.
const longestMinute = 2 * time.Minute

// recordRefusal blocks requests after a response 429 that exhausts no known window: for wait, which
// Retry-After asks for, else until the reset that explains it, else for a back-off that grows to a minute.
// hasEnded is whether the response exhausts a window that has ended since.
func (s *state) recordRefusal(header http.Header, wait time.Duration, hasEnded bool, serverNow, now time.Time) {
	if wait > 0 || now.Sub(s.lastRefused) > longestMinute {
		s.refusals = 0
		s.refusedSince = time.Time{}
	}
	if hasEnded {
		s.refusedSince = time.Time{}
	}
	s.lastRefused = now
	switch {
	case wait > 0:
		s.block(now.Add(wait), "")
	case hasEnded || !s.blockUntilReset(header, serverNow, now):
		s.block(now.Add(backOff(s.refusals, s.options.Random())), "")
		s.refusals++
	}
}

// blockUntilReset blocks requests until the reset that explains a refusal, and reports whether there is one.
// It is the first stated reset of a window whose remainder is not stated. If the refusals continue, it is that
// of the day.
func (s *state) blockUntilReset(header http.Header, serverNow, now time.Time) bool {
	if s.refusedSince.IsZero() {
		s.refusedSince = now
	}
	isDay := now.Sub(s.refusedSince) > longestMinute && s.windows[day] == nil
	for i, k := range kinds {
		reset, isGuess := k.resetAfter(header, serverNow)
		isReason := !isGuess && header.Get(k.remaining) == ""
		if isDay {
			isReason = i == day
		}
		if until := s.local(reset, now); isReason && until.After(now) {
			s.block(until, k.name)
			return true
		}
	}
	return false
}

func (s *state) block(until time.Time, window string) {
	if until.After(s.blockedUntil) {
		s.blockedUntil, s.blockedBy = until, window
	}
}

// backOff returns the wait after a refusal without information that follows n others of its
// kind: up to a second at first, and up to a minute later. At least half of it is certain, and
// jitter, between 0 and 1, determines the rest.
func backOff(n int, jitter float64) time.Duration {
	wait := min(time.Second<<min(n, 6), time.Minute)
	return wait/2 + time.Duration(jitter*float64(wait/2))
}
