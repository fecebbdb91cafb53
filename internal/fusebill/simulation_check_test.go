// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"
)

// checkRead checks the end of a read: it is in time, and the result or the error is true.
func (r *runner) checkRead(rd *read, got *CustomerStatus, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	fail := func(format string, args ...any) {
		args = append([]any{r.number, rd.number}, args...)
		r.s.violation("runner %d, read %d: "+format, args...)
	}
	if late := now.Sub(rd.deadline); late > 2*time.Millisecond { // A request that ends late is noticed late.
		fail("ends %s after its deadline", late)
	}
	if late := now.Sub(rd.canceled); !rd.canceled.IsZero() && late > 2*time.Millisecond {
		fail("ends %s after it was canceled", late)
	}
	var limit *RateLimitError
	var apiErr *APIError
	var transportErr *TransportError
	switch {
	case err == nil:
		sent, markErr := r.s.account.sentAt(got.NextBillingDate)
		if got.ID != rd.customer || markErr != nil || sent.Before(rd.began) {
			fail("got customer %d of a request sent at %s (%v), want customer %d after %s", got.ID, sent, markErr, rd.customer, rd.began)
		}
	case errors.As(err, &limit):
		r.checkRateLimit(rd, limit, fail)
	case errors.Is(err, ErrNotFound):
		if rd.customer <= simulatedCustomers {
			fail("customer %d is not found", rd.customer)
		}
	case errors.As(err, &apiErr):
		if apiErr.StatusCode != http.StatusTooManyRequests && !errors.Is(err, ErrUnavailable) {
			fail("unexpected error %v", err)
		}
		r.checkRequest(rd, apiErr.Request, fail)
	case errors.As(err, &transportErr):
		if rd.failed && transportErr.Ended != nil && errors.Is(transportErr.Err, transportErr.Ended) {
			fail("does not report its last failure: %v", err)
		}
		r.checkRequest(rd, transportErr.Request, fail)
	default:
		fail("unexpected error %v", err)
	}
}

// checkRequest checks the claims of an error about the read.
func (r *runner) checkRequest(rd *read, claim Request, fail func(string, ...any)) {
	left := time.Until(rd.deadline)
	isLeader := rd.attempts > 0
	if isLeader && claim.Attempts != rd.attempts {
		fail("the error states %d attempts, want %d", claim.Attempts, rd.attempts)
	}
	switch {
	case claim.Ended == nil:
		if retries := rd.attempts - 1 - rd.refusals; isLeader && retries != r.config.MaxRetries {
			fail("stops after %d retries, want %d", retries, r.config.MaxRetries)
		}
	case errors.Is(claim.Ended, context.Canceled):
		if rd.canceled.IsZero() {
			fail("ends as canceled, but is not")
		}
	case errors.Is(claim.Ended, context.DeadlineExceeded):
		if left > 45*time.Second || left > 0 && rd.attempts == 0 && !r.shares(rd) {
			fail("ends for its deadline, which is %s ahead", left)
		}
		// Without a request in flight or a wait, something must have been sent.
		if left <= 0 && rd.attempts == 0 && r.inFlight == 0 && !r.shares(rd) {
			fail("is not sent before its deadline, though nothing is in flight")
		}
	default:
		fail("ends for an unexpected reason: %v", claim.Ended)
	}
	if claim.Unreachable && isLeader && r.usable.After(rd.first) {
		fail("the API is reported as unreachable, but responded at %s", r.usable)
	}
}

// limitHeaders holds the headers that state the sizes of the windows.
var limitHeaders = map[string]string{"minute": "X-Rate-Limit-Limit-Minute", "day": "X-Rate-Limit-Limit-Day"}

// checkRateLimit checks that the limit of an error exists, is exhausted, and does not end before the
// deadline of the read.
func (r *runner) checkRateLimit(rd *read, e *RateLimitError, fail func(string, ...any)) {
	p, now := r.s.plan, time.Now()
	if isLeader := rd.attempts > 0; isLeader && (e.Attempts != rd.attempts || rd.failed && e.Last == nil) {
		fail("the error states %d attempts and the failure %v, want %d attempts, failed = %t", e.Attempts, e.Last, rd.attempts, rd.failed)
	}
	if e.Window == CapWindow {
		if e.Reset.Before(rd.deadline) {
			fail("the cap resets %s before the deadline", rd.deadline.Sub(e.Reset))
		}
		// Requests that may be sent at this time can be sent after the error is returned.
		r.capReached = append(r.capReached, now)
		return
	}
	a := r.s.account
	a.mu.Lock()
	defer a.mu.Unlock()
	tolerance := time.Second + a.longest // Dates have whole seconds, and responses travel.
	reset := e.Reset
	if r.knowsClock {
		reset = reset.Add(-p.api.ClockSkew)
	}
	if reset.Before(rd.deadline.Add(-time.Millisecond - tolerance)) {
		fail("the limit of the %q resets %s before the deadline", e.Window, rd.deadline.Sub(reset))
	}
	switch w := map[string]*truth{"minute": &a.minute, "day": &a.day}[e.Window]; {
	case w != nil && w.Limit > 0 && e.Limit == 0 && slices.Contains(p.api.OmitHeaders, limitHeaders[e.Window]):
		// The size of the window is unknown to the client.
	case w == nil || w.Limit == 0 || e.Limit == 0:
		// The API refused a request without the state of the window.
		if r.refused.IsZero() {
			fail("is refused for the %q without a 429", e.Window)
		}
		longest := time.Minute
		if e.Window == "day" && !r.firstRefused.IsZero() && now.Sub(r.firstRefused) > 2*time.Minute {
			longest = 24 * time.Hour
		}
		if p.exact() && reset.After(r.refused.Add(longest+tolerance)) {
			fail("is refused until %s after a 429 at %s", reset, r.refused)
		}
	default:
		w.roll(now)
		reserve := w.Limit * r.config.RateLimitReservePercent / 100
		if e.Limit != w.Limit || e.Reserve != reserve || e.Remaining > reserve {
			fail("claims limit %d, reserve %d, remaining %d; want %d, %d, no more than the reserve", e.Limit, e.Reserve, e.Remaining, w.Limit,
				reserve)
		}
		if len(p.api.OmitHeaders) > 0 || p.resetError() > time.Second {
			return // The end of the window is a guess.
		}
		if reset.Add(w.Length).Sub(w.reset).Abs() <= p.resetError() {
			return // The window ended less than the tolerance ago.
		}
		if off := reset.Sub(w.reset); off.Abs() > p.resetError() {
			fail("claims that the %s resets at %s, want %s", e.Window, reset, w.reset)
		}
		if left := w.Limit - w.used; left > e.Remaining {
			fail("claims that %d remain in the %s, but %d do", e.Remaining, e.Window, left)
		}
	}
}

// checkWait checks that a read is sent soon if it is the first since a window started, unless the client
// can have another reason to wait.
func (r *runner) checkWait(rd *read) {
	p, a := r.s.plan, r.s.account
	a.mu.Lock()
	defer a.mu.Unlock()
	if !p.alone() || !p.exact() || p.api.Day.Limit > 0 || r.config.RequestsPerMinute > 0 || r.blocked || a.minute.reset.IsZero() {
		return
	}
	w := &a.minute
	w.roll(rd.first)
	isFirst := len(r.sent) == 0 || r.sent[len(r.sent)-1].Before(w.start())
	if !w.followsStated || !isFirst {
		return
	}
	since := slices.MaxFunc([]time.Time{w.start(), rd.began, r.full}, time.Time.Compare)
	if late := rd.first.Sub(since); late > time.Second+a.longest {
		r.s.violation("runner %d sends read %d %s later than the account allows it", r.number, rd.number, late)
	}
}

// shares reports whether another read of the runner is of the same customer.
func (r *runner) shares(rd *read) bool {
	return slices.ContainsFunc(r.reads, func(other *read) bool { return other != rd && other.customer == rd.customer })
}

// checkRun checks what holds for all reads of a run together.
func (r *runner) checkRun() {
	r.mu.Lock()
	defer r.mu.Unlock()
	attempts := 0
	var served []*read
	for _, rd := range r.reads {
		attempts += rd.attempts
		if rd.attempts > 0 && !r.shares(rd) {
			served = append(served, rd)
		}
	}
	if r.arrived+r.lostOnTheWay != attempts {
		r.s.violation("runner %d sent %d requests: %d arrived and %d were lost", r.number, attempts, r.arrived, r.lostOnTheWay)
	}
	if r.inFlight != 0 {
		r.s.violation("runner %d has %d requests in flight at the end", r.number, r.inFlight)
	}
	r.checkCap()
	slices.SortFunc(served, func(a, b *read) int { return a.began.Compare(b.began) })
	for i := 1; i < len(served); i++ {
		if a, b := served[i-1], served[i]; a.first.After(b.first) {
			r.s.violation("runner %d sends read %d at %s after read %d at %s, which began later", r.number, a.number, a.first, b.number, b.first)
		}
	}
}

// checkCap checks that no minute has more requests than RequestsPerMinute, and that the claims that it
// is reached are true.
func (r *runner) checkCap() {
	limit := r.config.RequestsPerMinute
	for _, now := range r.capReached {
		sent := 0
		for _, at := range slices.Concat(r.sent, r.abortedAt) { // An aborted read can have held a permit for a moment.
			if age := now.Sub(at); age >= 0 && age <= time.Minute {
				sent++
			}
		}
		if sent < limit {
			r.s.violation("runner %d claims at %s that the cap is reached with %d requests", r.number, now, sent)
		}
	}
	if limit == 0 || len(r.abortedAt) > 0 {
		return
	}
	var start time.Time
	n := 0
	for _, at := range r.sent {
		if at.Sub(start) >= time.Minute {
			start, n = at, 0
		}
		if n++; n > limit {
			r.s.violation("runner %d sends request %d of the minute that begins at %s", r.number, n, start)
		}
	}
}
