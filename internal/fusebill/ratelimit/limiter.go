// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Options are the options of a [Limiter].
type Options struct {
	// MaxConcurrentRequests is the maximum number of requests in flight, at least 1.
	MaxConcurrentRequests int
	// RequestsPerMinute is a limit below the account's own, or 0 for none. Its minute starts
	// with the first request.
	RequestsPerMinute int
	// ReservePercent is the percentage of each of the account's windows, rounded down to a
	// whole request, that is left to other clients. Between 0 and 90.
	ReservePercent int
	// Random returns a random number in [0, 1). Defaults to [rand.Float64].
	Random func() float64
}

// CapWindow is the window of [Options.RequestsPerMinute] in an [Error].
const CapWindow = "requests_per_minute"

// An Error reports a request that was not sent because the rate limit does not allow it
// before the deadline of its context.
type Error struct {
	// Window is the exhausted window: "minute", "day", or [CapWindow]. It is empty if the
	// API refused a request without naming a window.
	Window string
	// Limit is the size of the window, or 0 if the API did not report it.
	Limit int
	// Remaining is the number of requests that the API reports as remaining. Reserve is the
	// number of them that are left to other clients.
	Remaining, Reserve int
	// Reset is the time at which requests are allowed again. It is on the account's clock. For
	// CapWindow, which is a window of this client, and if the account has not stated its clock, it is on the
	// local clock.
	Reset time.Time
}

func (e *Error) Error() string {
	reset := e.Reset.UTC().Format(time.RFC3339)
	limit := "limit"
	if e.Limit > 0 {
		limit = fmt.Sprintf("limit of %d requests", e.Limit)
	}
	switch e.Window {
	case "":
		return "the API refuses requests until about " + reset
	case CapWindow:
		return fmt.Sprintf("the %s (%s) is reached and resets at %s", limit, e.Window, reset)
	}
	text := fmt.Sprintf("the account's %s per %s is exhausted and resets at %s", limit, e.Window, reset)
	if e.Remaining > 0 {
		text += fmt.Sprintf("; the remaining %d are reserved for other clients", e.Remaining)
	}
	return text
}

// A Limiter allows requests as soon as the account's windows allow them, in the order in which they ask.
// The package comment describes the rules. It is safe for concurrent use.
type Limiter struct {
	mu    sync.Mutex
	state state
	queue []*waiter
	// timer dispatches the queue when a wait or a window ends.
	timer *time.Timer
	// logged is the end of the last wait that was logged.
	logged time.Time
}

// waiter is a request in the queue.
type waiter struct {
	ctx context.Context
	// verdict has a capacity of one, so that dispatch never blocks.
	verdict chan verdict
}

type verdict struct {
	permit *permit
	err    error
}

// New returns a limiter that knows nothing of the account's windows yet.
func New(options Options) *Limiter { return &Limiter{state: newState(options)} }

// Acquire waits until a request may be sent. The caller sends it and then calls done once, with
// the status code and the header of the response, or with 0 and nil if there was no response.
//
// The error is an [*Error], or the cause of the context's end.
func (l *Limiter) Acquire(ctx context.Context) (done func(status int, header http.Header), err error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	w := &waiter{ctx: ctx, verdict: make(chan verdict, 1)}
	l.mu.Lock()
	l.queue = append(l.queue, w)
	l.dispatch()
	l.mu.Unlock()
	select {
	case v := <-w.verdict:
		if v.err != nil {
			return nil, v.err
		}
		return func(status int, header http.Header) { l.record(v.permit, status, header) }, nil
	case <-ctx.Done():
		l.leave(w)
		return nil, context.Cause(ctx)
	}
}

// leave removes a waiter whose context ended.
func (l *Limiter) leave(w *waiter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = slices.DeleteFunc(l.queue, func(other *waiter) bool { return other == w })
	select {
	case v := <-w.verdict: // It arrived at the same moment as the end of the context.
		if v.err == nil {
			l.state.cancel(v.permit)
		}
	default:
	}
	l.dispatch()
}

func (l *Limiter) record(p *permit, status int, header http.Header) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.record(p, status, header, time.Now())
	l.dispatch()
}

// dispatch sends a verdict to each waiter for which there is one, first come, first served. The next
// response calls it again, or the timer if a wait or a window ends earlier. The caller holds the mutex.
func (l *Limiter) dispatch() {
	for len(l.queue) > 0 {
		now := time.Now()
		d := l.state.decide(now)
		if d.send || d.heldBack && l.isUrgent(d.until) {
			l.queue[0].verdict <- verdict{permit: l.state.reserve(now)}
			l.queue = l.queue[1:]
			continue
		}
		next := d.next
		if !d.until.IsZero() {
			l.refuse(d)
			l.logWait(d, now)
			next = d.until
		}
		if !next.IsZero() {
			l.wake(next.Sub(now))
		}
		return
	}
}

// isUrgent reports whether a waiter's deadline is before until.
func (l *Limiter) isUrgent(until time.Time) bool {
	return slices.ContainsFunc(l.queue, func(w *waiter) bool {
		deadline, ok := w.ctx.Deadline()
		return ok && deadline.Before(until)
	})
}

// refuse fails the waiters whose deadline is before the end of the wait.
func (l *Limiter) refuse(d decision) {
	l.queue = slices.DeleteFunc(l.queue, func(w *waiter) bool {
		deadline, ok := w.ctx.Deadline()
		late := ok && deadline.Before(d.until)
		if late {
			reason := d.reason
			w.verdict <- verdict{err: &reason}
		}
		return late
	})
}

// wake sets the timer.
func (l *Limiter) wake(pause time.Duration) {
	if l.timer != nil {
		l.timer.Reset(pause)
		return
	}
	l.timer = time.AfterFunc(pause, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.dispatch()
	})
}

// logWait logs a wait once.
func (l *Limiter) logWait(d decision, now time.Time) {
	if len(l.queue) == 0 || d.until.Sub(l.logged).Abs() < time.Second { // More responses make the end more precise.
		return
	}
	l.logged = d.until
	tflog.Info(l.queue[0].ctx, "Waiting for the Fusebill rate limit", map[string]any{
		"window":           d.reason.Window,
		"limit":            d.reason.Limit,
		"remaining":        d.reason.Remaining,
		"reserved":         d.reason.Reserve,
		"wait_ms":          d.until.Sub(now).Milliseconds(),
		"until":            d.reason.Reset.UTC().Format(time.RFC3339),
		"requests_waiting": len(l.queue),
	})
}
