// Package quota keeps requests within the request windows of a Fusebill account.
//
// The windows belong to the account, are fixed, and are told in every answer, so
// that the server's own counter coordinates all who use the account, on whatever
// machine: see [Transport].
package quota

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Options set up a [Transport].
type Options struct {
	// MaxConcurrentRequests is how many requests are under way at once, 1 or more.
	MaxConcurrentRequests int
	// RequestsPerMinute is a cap below the account's own; 0 means none. Its minute
	// starts with the first request.
	RequestsPerMinute int
	// ReservePercent is the share of each of the account's windows, rounded down to
	// a whole request, that is left to others. 0 to 90.
	ReservePercent int
}

// CapWindow is the window of [Options.RequestsPerMinute], in an [Error].
const CapWindow = "requests_per_minute"

// Error is a request that was not sent, because that could not have happened
// before its context's deadline.
type Error struct {
	// Window is the window that is used up: "minute", "day", [CapWindow], or empty
	// where the API refused a request without saying which.
	Window string
	// Limit is the window's size, and Remaining what the server last said is left of
	// it, of which Reserve is kept for others.
	Limit, Remaining, Reserve int
	// Reset is when requests can be sent again, on the server's clock.
	Reset time.Time
}

func (e *Error) Error() string {
	reset := e.Reset.UTC().Format(time.RFC3339)
	switch e.Window {
	case "":
		return "the API refuses requests until about " + reset
	case CapWindow:
		return fmt.Sprintf("the limit of %d requests (%s) is reached until %s", e.Limit, e.Window, reset)
	}
	return fmt.Sprintf("the limit of %d requests (%s) is used up until %s: %d remain, of which %d are reserved for others",
		e.Limit, e.Window, reset, e.Remaining, e.Reserve)
}

// A Transport sends requests as soon as the account's windows allow it, in the
// order in which they came, and no sooner:
//
//   - Before the first answer, and after each wait for a window's end, one request
//     goes alone; what is answered opens the rest. Where no answer tells of windows,
//     only MaxConcurrentRequests holds.
//   - What may be sent is what the server says remains, less the reserve and less
//     what is under way; and where others spend from the window too, under way are,
//     but for one, never more than an eighth of what remains, so that runners which
//     cannot see each other do not overshoot a window that runs low.
//   - When nothing may be sent, it waits for the window's end by the server's clock.
//   - A 429 is not passed on: the request waits for the window's end, or for
//     Retry-After, or a while, and goes again.
//   - What cannot be sent before its context's deadline fails at once with an
//     [Error].
//
// Requests must have no body. A Transport is safe for concurrent use.
type Transport struct {
	next http.RoundTripper

	mu     sync.Mutex
	ledger ledger
	queue  []*waiter
	// timer goes off at the time until which the queue waits.
	timer *time.Timer
	until time.Time
}

// waiter is a request in the queue.
type waiter struct {
	ctx     context.Context
	verdict chan verdict // Has room for the one that will come.
}

type verdict struct {
	permit permit
	err    error
}

// NewTransport makes a transport that sends by way of next.
func NewTransport(next http.RoundTripper, options Options) *Transport {
	return &Transport{next: next, ledger: newLedger(options)}
}

// RoundTrip sends a request when that is allowed. It never answers 429.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	for {
		permit, err := t.acquire(request.Context())
		if err != nil {
			return nil, err
		}
		response, err := t.next.RoundTrip(request)
		if err != nil {
			t.settle(permit, 0, nil)
			return nil, err
		}
		t.settle(permit, response.StatusCode, response.Header)
		if response.StatusCode != http.StatusTooManyRequests {
			return response, nil
		}
		if err := response.Body.Close(); err != nil {
			return nil, err
		}
	}
}

// acquire waits until a request may be sent.
func (t *Transport) acquire(ctx context.Context) (permit, error) {
	w := &waiter{ctx: ctx, verdict: make(chan verdict, 1)}
	t.mu.Lock()
	t.queue = append(t.queue, w)
	t.dispatch()
	t.mu.Unlock()
	select {
	case v := <-w.verdict:
		return v.permit, v.err
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case v := <-w.verdict: // It came at the same moment.
		if v.err == nil {
			t.ledger.settle(v.permit, 0, nil, time.Now())
		}
	default:
		t.queue = slices.DeleteFunc(t.queue, func(other *waiter) bool { return other == w })
	}
	t.dispatch()
	return permit{}, context.Cause(ctx)
}

func (t *Transport) settle(p permit, status int, header http.Header) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ledger.settle(p, status, header, time.Now())
	t.dispatch()
}

// dispatch gives a verdict to all in the queue for whom there is one now. Where
// the rest waits for time to pass, it is called again then; else the next answer
// calls it. The caller holds the mutex.
func (t *Transport) dispatch() {
	for len(t.queue) > 0 {
		now := time.Now()
		d := t.ledger.decide(now)
		switch {
		case d.send:
			t.queue[0].verdict <- verdict{permit: t.ledger.send(now)}
			t.queue = t.queue[1:]
			continue
		case !d.until.IsZero():
			t.refuse(d)
			t.wait(d, now)
		}
		return
	}
}

// refuse fails those in the queue who cannot wait for as long as it takes.
func (t *Transport) refuse(d decision) {
	t.queue = slices.DeleteFunc(t.queue, func(w *waiter) bool {
		deadline, ok := w.ctx.Deadline()
		hopeless := ok && deadline.Before(d.until)
		if hopeless {
			why := d.why
			w.verdict <- verdict{err: &why}
		}
		return hopeless
	})
}

// wait has dispatch called when the decision's time has come.
func (t *Transport) wait(d decision, now time.Time) {
	if len(t.queue) == 0 || d.until.Equal(t.until) {
		return
	}
	if t.timer != nil {
		t.timer.Stop()
	}
	t.until = d.until
	pause := d.until.Sub(now)
	t.timer = time.AfterFunc(pause, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.until = time.Time{} // A clock that was set back meanwhile makes it wait again.
		t.dispatch()
	})
	tflog.Info(t.queue[0].ctx, "Waiting for Fusebill quota", map[string]any{
		"window": d.why.Window, "limit": d.why.Limit, "remaining": d.why.Remaining, "reserved": d.why.Reserve,
		"wait_ms": pause.Milliseconds(), "until": d.why.Reset.UTC().Format(time.RFC3339), "requests_waiting": len(t.queue),
	})
}
