// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// state is what is known of the account's windows and of the requests in flight. Its methods
// decide and record. They neither wait nor read a clock.
type state struct {
	options  Options
	inFlight int
	// unknown means that nothing is known of the present windows, so that the next request
	// is sent alone. probing means that this request is in flight.
	unknown, probing bool
	windows          [len(kinds)]*windowState
	// traffic is the recent traffic, of this window and of those before it.
	traffic [len(kinds)]traffic
	// offset is the difference between the server's clock and the local one. It is never
	// larger than the real difference, so that no request is sent before a window's end.
	offset      time.Duration
	offsetKnown bool
	// latestOffset is the largest difference that the responses so far allow.
	latestOffset time.Duration
	// statesWindows means that the account has stated a window. lostProbes counts the consecutive
	// probes since whose response did not state one.
	statesWindows bool
	lostProbes    int
	// blockedUntil is the end of the wait after a response 429 that exhausts no known window.
	// blockedBy is the window that the response points to, if it points to one.
	blockedUntil time.Time
	blockedBy    string
	// refusals counts the consecutive waits after 429 responses without any information, and
	// refusedSince is the time of the first of these responses. lastRefused is the time of the last 429
	// that exhausts no known window.
	refusals                  int
	refusedSince, lastRefused time.Time
	// capReset is the end of the window of Options.RequestsPerMinute, and capSent counts the
	// requests sent in it.
	capReset time.Time
	capSent  int
}

// permit allows one request.
type permit struct {
	probe bool
	sent  time.Time
}

// decision is the decision on the next request: send it, wait until a time for a reason, or
// wait for a response if neither is set.
type decision struct {
	send   bool
	until  time.Time
	reason Error
	// heldBack means that a request may be sent before until, if its deadline is.
	heldBack bool
}

func newState(options Options) state {
	if options.Random == nil {
		options.Random = rand.Float64
	}
	return state{options: options, unknown: true, traffic: [len(kinds)]traffic{unknownTraffic, unknownTraffic}}
}

// local converts a time of the server's clock to the local clock.
func (s *state) local(server time.Time) time.Time { return server.Add(-s.offset) }

// server converts a time of the local clock to the server's clock.
func (s *state) server(local time.Time) time.Time { return local.Add(s.offset) }

// decide decides on the next request.
func (s *state) decide(now time.Time) decision {
	s.expire(now)
	var blocked, held decision
	block := func(until time.Time, reason Error) {
		if until.After(blocked.until) {
			blocked = decision{until: until, reason: reason}
		}
	}
	if s.blockedUntil.After(now) {
		block(s.blockedUntil, Error{Window: s.blockedBy, Reset: s.server(s.blockedUntil)})
	}
	if limit := s.options.RequestsPerMinute; limit > 0 && s.capSent >= limit {
		block(s.capReset, Error{Window: CapWindow, Limit: limit, Reset: s.capReset})
	}
	room := s.inFlight < s.options.MaxConcurrentRequests && !s.probing
	for i, w := range s.windows {
		if w == nil {
			continue
		}
		left := w.remaining - w.reserve
		if left <= 0 {
			block(s.local(w.reset), w.exhausted())
		}
		// The account can have counted the lost requests. If they leave nothing, one request finds out.
		left = max(left-len(w.lost), 1)
		share := w.share(left, s.inFlight, s.traffic[i].part())
		room = room && s.inFlight < min(left, share)
		if share == 0 && s.inFlight == 0 && !s.local(w.reset).Before(held.until) {
			held = decision{until: s.local(w.reset), heldBack: true, reason: w.exhausted()}
		}
	}
	switch {
	case !blocked.until.IsZero():
		return blocked
	case !held.until.IsZero():
		return held
	default:
		return decision{send: room}
	}
}

// expire drops windows and waits that have ended.
func (s *state) expire(now time.Time) {
	for i, w := range s.windows {
		if w != nil && !now.Before(s.local(w.reset)) {
			s.windows[i] = nil
			s.unknown = true
		}
	}
	if !s.blockedUntil.IsZero() && !now.Before(s.blockedUntil) {
		s.blockedUntil, s.blockedBy = time.Time{}, ""
		s.unknown = true
	}
	if !now.Before(s.capReset) {
		s.capSent = 0
	}
}

// reserve counts a request that is about to be sent.
func (s *state) reserve(now time.Time) permit {
	if s.capSent == 0 {
		s.capReset = now.Add(time.Minute)
	}
	s.capSent++
	s.inFlight++
	s.probing = s.unknown
	return permit{probe: s.unknown, sent: now}
}

// cancel takes back a permit that was not used. The next request is a probe if this one was
// to be.
func (s *state) cancel(p permit) {
	s.inFlight--
	s.capSent = max(0, s.capSent-1)
	if p.probe {
		s.probing = false
	}
}

// record records the outcome of a request. Without a response, status is 0 and header is nil.
func (s *state) record(p permit, status int, header http.Header, now time.Time) {
	s.expire(now)
	s.inFlight--
	serverNow := s.updateOffset(header, p.sent, now)
	wait := RetryAfter(header, now)
	stated, open, exhausted := 0, 0, false // Of the windows that the response states, some may have ended.
	for i, k := range kinds {
		window, ok := k.status(header, serverNow)
		if window.isGuess && window.remaining == 0 && wait > 0 {
			window.reset = s.server(now.Add(wait)) // The server knows better.
		}
		if ok {
			stated++
			if s.local(window.reset).After(now) {
				open++
				s.updateWindow(i, window, status, p.sent)
			}
		} else if w := s.windows[i]; w != nil {
			w.own++
			w.lost = append(w.lost, now)
		}
		exhausted = exhausted || s.windows[i] != nil && s.windows[i].remaining == 0
	}
	isKnown := stated > 0 && open == stated
	if isKnown {
		s.statesWindows, s.lostProbes = true, 0
	} else if p.probe {
		s.lostProbes++
	}
	if p.probe {
		// A probe ends with any outcome. Without rate-limit headers, only
		// MaxConcurrentRequests applies, unless those of the probe were lost.
		s.unknown, s.probing = !isKnown && s.statesWindows && s.lostProbes <= maxLostProbes, false
	}
	explained := exhausted && (stated > 0 || wait == 0)
	switch {
	case status == http.StatusTooManyRequests && !explained:
		s.recordRefusal(header, wait, p.sent, serverNow, now)
	case status != http.StatusTooManyRequests && status != 0:
		s.refusals, s.refusedSince = 0, time.Time{}
	}
}

// maxLostProbes is the number of probes without rate-limit headers that are followed by another probe.
// More would delay all requests in an outage.
const maxLostProbes = 2

// updateOffset compares the clocks by the Date header, which was written at some time between
// sent and now and has whole seconds. It returns the time on the server's clock.
func (s *state) updateOffset(header http.Header, sent, now time.Time) time.Time {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return s.server(now)
	}
	earliest, latest := date.Sub(now), date.Add(time.Second).Sub(sent)
	if s.offsetKnown && earliest <= s.latestOffset && latest >= s.offset {
		s.offset, s.latestOffset = max(s.offset, earliest), min(s.latestOffset, latest)
		return date
	}
	if change := earliest - s.offset; s.offsetKnown && change.Abs() > time.Second {
		// A response from another clock must not move the end of an open window.
		for _, w := range s.windows {
			if w != nil {
				w.reset = w.reset.Add(change)
			}
		}
	}
	s.offset, s.latestOffset, s.offsetKnown = earliest, latest, true
	return date
}

// updateWindow takes over the status of an open window. Responses can arrive out of order: of
// the same window the smaller remainder counts, and an earlier window is ignored.
func (s *state) updateWindow(i int, status windowStatus, code int, sent time.Time) {
	// A server that computes the reset for each response, and rounds it, is off by up to a second.
	const tolerance = time.Second
	known := s.windows[i]
	switch {
	case known == nil || status.reset.After(known.reset.Add(tolerance)):
		// Without a limit, the first remainder of the window is the best estimate of it.
		size := max(status.limit, status.remaining)
		percent := s.options.ReservePercent
		s.windows[i] = &windowState{
			windowStatus: status,
			kind:         kinds[i],
			reserve:      size/100*percent + size%100*percent/100, // Without overflow.
			used:         1,
			own:          1,
		}
		s.unknown, s.probing = false, false
	case !status.reset.Before(known.reset.Add(-tolerance)):
		spent, own := max(0, known.remaining-status.remaining), 1
		if code == http.StatusTooManyRequests {
			own = min(own, spent) // Windows do not count the requests that they refuse.
		}
		known.used += spent
		known.own += own
		s.traffic[i].add(own, spent)
		known.remaining = min(known.remaining, status.remaining)
		known.lost = slices.DeleteFunc(known.lost, func(at time.Time) bool { return !at.After(sent) })
	}
}
