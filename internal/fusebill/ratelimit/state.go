// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// state holds the known windows of the account and counts the requests in flight. Its methods
// decide and record. They neither wait nor read a clock.
type state struct {
	options  Options
	inFlight int
	// unknown is whether the next request is sent alone, because the present windows are not known, or
	// because a 429 contradicts them. probe is this request while it is in flight, or nil.
	unknown bool
	probe   *permit
	windows [len(kinds)]*windowState
	// traffic is the recent traffic, of this window and of those before it.
	traffic [len(kinds)]traffic
	// offset is the difference between the account's clock and the local one. It is the smallest difference
	// that the consistent responses allow, to avoid sending a request before a window's end. latestOffset is
	// the largest. offsetKnown is whether the account has stated its clock. Until then, offset is 0.
	offset, latestOffset time.Duration
	offsetKnown          bool
	// statesWindows is whether the account has stated a window. lostProbes counts the consecutive
	// probes since then whose response did not state the present windows.
	statesWindows bool
	lostProbes    int
	// blockedUntil is the end of the wait after a response 429 that exhausts no known window.
	// blockedBy is the window that explains the response, or empty.
	blockedUntil time.Time
	blockedBy    string
	// refusals counts the consecutive back-offs after 429 responses, and refusedSince is the time of the
	// first of the consecutive 429 responses without Retry-After. lastRefused is the time of the last 429
	// that exhausts no known window.
	refusals                  int
	refusedSince, lastRefused time.Time
	// capReset is the end of the window of Options.RequestsPerMinute, and capSent counts the
	// requests sent in it.
	capReset time.Time
	capSent  int
}

// permit allows one request.
type permit struct{ sent time.Time }

// decision is the decision on the next request: send it, wait until a time for a reason, or
// wait for a response, or for next, if neither is set.
type decision struct {
	send   bool
	until  time.Time
	reason Error
	// heldBack is whether a request may be sent before until, if its deadline is.
	heldBack bool
	// next is the time at which to decide again without until, or zero if only a response can change the decision.
	next time.Time
}

func newState(options Options) state {
	if options.Random == nil {
		options.Random = rand.Float64
	}
	return state{options: options, unknown: true, traffic: [len(kinds)]traffic{unknownTraffic, unknownTraffic}}
}

// local converts a time of the server's clock to the local clock. The result has the monotonic clock of now,
// so that it stays right if the local clock is set.
func (s *state) local(server, now time.Time) time.Time { return now.Add(server.Sub(s.server(now))) }

// server converts a time of the local clock to the server's clock.
func (s *state) server(local time.Time) time.Time { return local.Add(s.offset) }

// decide decides on the next request.
func (s *state) decide(now time.Time) decision {
	s.expire(now)
	var blocked, held decision
	var next time.Time
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
	room := s.inFlight < s.options.MaxConcurrentRequests && s.probe == nil
	for i, w := range s.windows {
		if w == nil {
			continue
		}
		left := w.remaining - w.reserve
		if left <= 0 {
			block(w.end, w.exhausted())
		}
		// The account can have counted the lost requests. If they leave nothing, one request finds out.
		left = max(left-len(w.lost), 1)
		share := w.share(left, s.inFlight, s.traffic[i].part())
		if s.inFlight >= min(left, share) {
			room = false
			if next.IsZero() || w.end.Before(next) {
				next = w.end
			}
		}
		if share == 0 && s.inFlight == 0 && !w.end.Before(held.until) {
			held = decision{until: w.end, heldBack: true, reason: w.exhausted()}
		}
	}
	switch {
	case !blocked.until.IsZero():
		return blocked
	case !held.until.IsZero():
		return held
	default:
		return decision{send: room, next: next}
	}
}

// expire drops windows and waits that have ended.
func (s *state) expire(now time.Time) {
	for i, w := range s.windows {
		if w != nil && !now.Before(w.end) {
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
func (s *state) reserve(now time.Time) *permit {
	if s.capSent == 0 {
		s.capReset = now.Add(time.Minute)
	}
	s.capSent++
	s.inFlight++
	p := &permit{sent: now}
	if s.unknown {
		s.probe = p
	}
	return p
}

// cancel takes back a permit that was not used. The next request is a probe if this one was
// to be.
func (s *state) cancel(p *permit) {
	s.inFlight--
	s.capSent = max(0, s.capSent-1)
	if p == s.probe {
		s.probe = nil
	}
}

// record records the outcome of a request. Without a response, status is 0 and header is nil.
func (s *state) record(p *permit, status int, header http.Header, now time.Time) {
	s.expire(now)
	s.inFlight--
	isProbe := p == s.probe // Another response can have ended the probe.
	serverNow, isOtherClock := s.updateOffset(header, p.sent, now)
	wait := RetryAfter(header, now)
	stated, open := 0, 0 // Of the windows that the response states, some may have ended.
	isNew, exhausted, statesExhausted := false, false, false
	for i, k := range kinds {
		window, ok := k.status(header, serverNow)
		if window.isGuess && window.remaining == 0 && wait > 0 {
			window.reset = s.server(now.Add(wait)) // More precise than the guess.
		}
		if ok {
			stated++
			statesExhausted = statesExhausted || window.remaining == 0
			if end := s.local(window.reset, now); end.After(now) {
				open++
				isNew = s.updateWindow(i, window, end, status, p.sent, isOtherClock) || isNew
			}
		} else if w := s.windows[i]; w != nil {
			w.own++
			w.lost = append(w.lost, now)
		}
		exhausted = exhausted || s.windows[i] != nil && s.windows[i].remaining == 0
	}
	s.statesWindows = s.statesWindows || stated > 0
	isKnown := stated > 0 && open == stated
	switch {
	case isKnown:
		s.lostProbes = 0
	case isProbe && s.statesWindows:
		s.lostProbes++
	}
	if isProbe || isKnown && isNew {
		// If the account states no windows, the first response opens the rest.
		s.unknown, s.probe = !isKnown && s.statesWindows && s.lostProbes <= maxLostProbes, nil
	}
	explained := exhausted && (stated > 0 || wait == 0)
	switch {
	case status == 0:
	case status != http.StatusTooManyRequests || explained:
		s.refusals, s.refusedSince = 0, time.Time{}
	case wait > 0 || isProbe || p.sent.After(s.lastRefused): // A request from before the last refusal does not extend the wait.
		s.recordRefusal(header, wait, statesExhausted, serverNow, now)
	}
}

// maxLostProbes is the number of probes without rate-limit headers that are followed by another probe.
// More would delay all requests in an outage.
const maxLostProbes = 2

// updateOffset compares the clocks by the Date header, which was written at some time between
// sent and now and has whole seconds. It returns the time on the server's clock, and whether the Date is not
// consistent with those before: one of the clocks was set, or servers of the account have different clocks.
func (s *state) updateOffset(header http.Header, sent, now time.Time) (serverNow time.Time, isOtherClock bool) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil || !statesLimits(header) {
		return s.server(now), false // The clock of a gateway is not that of the account.
	}
	earliest, latest := date.Sub(now), date.Add(time.Second).Sub(sent)
	if s.offsetKnown && earliest <= s.latestOffset && latest >= s.offset {
		s.offset, s.latestOffset = max(s.offset, earliest), min(s.latestOffset, latest)
		return date, false
	}
	isOtherClock = s.offsetKnown
	s.offset, s.latestOffset, s.offsetKnown = earliest, latest, true
	return date, isOtherClock
}

// updateWindow takes over the status of an open window, and reports whether the window is new. Responses
// can arrive out of order: of the same window the smaller remainder counts, and an earlier window is
// ignored, unless it only seems to be earlier because a clock was set.
func (s *state) updateWindow(
	i int, status windowStatus, end time.Time, code int, sent time.Time, isOtherClock bool,
) (isNew bool) {
	// A server that computes the reset for each response, and rounds it, is off by up to a second. So is a Date.
	const tolerance = time.Second
	known := s.windows[i]
	isSame := known != nil && status.reset.Sub(known.reset).Abs() <= tolerance
	if known != nil && isOtherClock && end.Sub(known.end).Abs() <= 2*tolerance {
		known.reset, isSame = status.reset, true // The clock of this response states another time of the same reset.
	}
	switch {
	case isSame:
		spent, own := max(0, known.remaining-status.remaining), 1
		if code == http.StatusTooManyRequests {
			own = min(own, spent) // Windows do not count the requests that they refuse.
		}
		known.used += spent
		known.own += own
		s.traffic[i].add(own, spent)
		known.remaining = min(known.remaining, status.remaining)
		known.end = end.Add(known.reset.Sub(status.reset))
		known.lost = slices.DeleteFunc(known.lost, func(at time.Time) bool { return !at.After(sent) })
	case known == nil || isOtherClock || status.reset.After(known.reset):
		// Without a limit, the first remainder of the window is the best estimate of it.
		size := max(status.limit, status.remaining)
		percent := s.options.ReservePercent
		s.windows[i] = &windowState{
			windowStatus: status,
			kind:         kinds[i],
			end:          end,
			reserve:      size/100*percent + size%100*percent/100, // Without overflow.
			used:         1,
			own:          1,
		}
		return true
	}
	return false
}
