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
// Retry-After asks for, else until the first stated reset of a window whose remainder is not stated, else
// for a back-off that grows to a minute. If the refusals continue, it is the day's window that is exhausted.
func (s *state) recordRefusal(header http.Header, wait time.Duration, serverNow, now time.Time) {
	if wait > 0 || now.Sub(s.lastRefused) > longestMinute {
		s.refusals, s.refusedSince = 0, time.Time{}
	}
	s.lastRefused = now
	if wait > 0 {
		s.block(now.Add(wait), "")
		return
	}
	if !exhaustsWindow(header) { // Otherwise that window is the reason, and has ended since.
		if s.refusedSince.IsZero() {
			s.refusedSince = now
		}
		if today := kinds[day]; now.Sub(s.refusedSince) > longestMinute && s.windows[day] == nil {
			reset, _ := today.resetAfter(header, serverNow)
			s.block(s.local(reset), today.name)
			return
		}
		for _, k := range kinds {
			reset, isGuess := k.resetAfter(header, serverNow)
			if !isGuess && header.Get(k.remaining) == "" && s.local(reset).After(now) {
				s.block(s.local(reset), k.name)
				return
			}
		}
	}
	s.block(now.Add(backOff(s.refusals, s.options.Random())), "")
	s.refusals++
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
