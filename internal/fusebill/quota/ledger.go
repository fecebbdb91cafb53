package quota

import (
	"math/rand/v2"
	"net/http"
	"time"
)

// ledger is what is known of the account's windows, and of our requests. Its
// methods decide; they neither wait nor read a clock.
type ledger struct {
	options Options

	inFlight int
	// unknown: nothing is known of the present windows, so one request goes alone
	// to find out. probing: it is under way.
	unknown, probing bool
	windows          [len(kinds)]*window
	// offset is how far the server's clock is ahead of ours, as far as is known:
	// never more than it is, so that what it says is never done too early.
	offset      time.Duration
	offsetKnown bool
	// closedUntil is when a refusal ends that told no window's end, and
	// refusals how many of them came one after the other.
	closedUntil time.Time
	refusals    int
	// capReset is when the window of Options.RequestsPerMinute ends, and capSent
	// what was sent in it.
	capReset time.Time
	capSent  int
}

// window is a window that is open, by the answers so far.
type window struct {
	report
	kind    kind
	reserve int
	// ours is how many answers to us the window has counted, since it is known.
	ours int
}

// shared tells that others spend from the window too: more is spent than was
// answered to us.
func (w *window) shared() bool { return w.limit-w.remaining > w.ours }

// sharedDivisor is the part of what remains of a shared window that we have under
// way at most. With a quarter, four runners on a window of 100 had 3.3 % of their
// requests refused, in the same time as with an eighth, which had 2.2 %.
const sharedDivisor = 8

// permit allows one request.
type permit struct {
	probe bool
	sent  time.Time
}

// decision is what can be done now: send, or wait until a time because of why, or
// wait for one of our own requests to be answered.
type decision struct {
	send  bool
	until time.Time // Zero where an answer must come first.
	why   Error
}

func newLedger(options Options) ledger { return ledger{options: options, unknown: true} }

// local gives a time of the server's clock on ours.
func (l *ledger) local(server time.Time) time.Time { return server.Add(-l.offset) }

// decide tells what can be done for the next request.
func (l *ledger) decide(now time.Time) decision {
	l.forgetPast(now)
	var closed decision
	closeUntil := func(until time.Time, why Error) {
		if until.After(closed.until) {
			closed = decision{until: until, why: why}
		}
	}
	if l.closedUntil.After(now) {
		closeUntil(l.closedUntil, Error{Reset: l.closedUntil.Add(l.offset)})
	}
	if limit := l.options.RequestsPerMinute; limit > 0 && l.capSent >= limit {
		closeUntil(l.capReset, Error{Window: CapWindow, Limit: limit, Reset: l.capReset.Add(l.offset)})
	}
	room := l.inFlight < l.options.MaxConcurrentRequests && !l.probing
	for _, w := range l.windows {
		if w == nil {
			continue
		}
		left := w.remaining - w.reserve
		if left <= 0 {
			closeUntil(l.local(w.reset), Error{Window: w.kind.name, Limit: w.limit, Remaining: w.remaining, Reserve: w.reserve, Reset: w.reset})
		}
		if l.inFlight >= left || w.shared() && l.inFlight >= max(1, w.remaining/sharedDivisor) {
			room = false
		}
	}
	if !closed.until.IsZero() {
		return closed
	}
	return decision{send: room}
}

// forgetPast drops what was true of windows that have ended.
func (l *ledger) forgetPast(now time.Time) {
	for i, w := range l.windows {
		if w != nil && !now.Before(l.local(w.reset)) {
			l.windows[i] = nil
			l.unknown = true
		}
	}
	if !l.closedUntil.IsZero() && !now.Before(l.closedUntil) {
		l.closedUntil = time.Time{}
		l.unknown = true
	}
	if !now.Before(l.capReset) {
		l.capSent = 0
	}
}

// send records that a request is sent.
func (l *ledger) send(now time.Time) permit {
	if l.capSent == 0 {
		l.capReset = now.Add(time.Minute)
	}
	l.capSent++
	l.inFlight++
	l.probing = l.unknown
	return permit{probe: l.unknown, sent: now}
}

// settle records what became of a request. The header is nil where no answer
// came.
func (l *ledger) settle(p permit, status int, header http.Header, now time.Time) {
	l.forgetPast(now)
	l.inFlight--
	if p.probe {
		// Whatever came, it ends the waiting: an API that tells nothing is limited by
		// MaxConcurrentRequests alone.
		l.unknown, l.probing = false, false
	}
	serverNow := l.learnClock(header, p.sent, now)
	exhausted := false
	for i, k := range kinds {
		if r, ok := k.readReport(header, serverNow); ok && l.local(r.reset).After(now) {
			l.learnWindow(i, r)
		}
		exhausted = exhausted || l.windows[i] != nil && l.windows[i].remaining == 0
	}
	if status != http.StatusTooManyRequests {
		l.refusals = 0
		return
	}
	if !exhausted {
		wait := RetryAfter(header, now)
		if wait == 0 {
			wait = backOff(l.refusals)
			l.refusals++
		}
		l.closedUntil = now.Add(wait)
	}
}

// learnClock compares the clocks by an answer's date, which was written at some time
// between sending and now, and cut to a second. It gives the time on the server's.
func (l *ledger) learnClock(header http.Header, sent, now time.Time) time.Time {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return now.Add(l.offset)
	}
	least, most := date.Sub(now), date.Add(time.Second).Sub(sent)
	if !l.offsetKnown || l.offset < least || l.offset > most {
		l.offset, l.offsetKnown = least, true
	}
	return date
}

// learnWindow takes a report of a window that is open. Answers may come out of
// order: of the same window the smaller remainder counts, and a report of an
// earlier window not at all.
func (l *ledger) learnWindow(i int, r report) {
	// Servers that work the end out for each answer differ a little.
	const tolerance = 500 * time.Millisecond
	known := l.windows[i]
	switch {
	case known == nil || r.reset.After(known.reset.Add(tolerance)):
		l.windows[i] = &window{report: r, kind: kinds[i], reserve: r.limit * l.options.ReservePercent / 100, ours: 1}
		l.unknown, l.probing = false, false
	case !r.reset.Before(known.reset.Add(-tolerance)):
		known.remaining = min(known.remaining, r.remaining)
		known.ours++
	}
}

// backOff is how long to wait after a refusal that told nothing, after so many
// others of its kind: about a second, growing to about a minute.
func backOff(refusals int) time.Duration {
	wait := min(time.Second<<min(refusals, 6), time.Minute)
	return wait/2 + rand.N(wait/2)
}
