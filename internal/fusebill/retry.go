// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"net/http"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill/ratelimit"
)

const (
	minRetryWait = 500 * time.Millisecond
	maxRetryWait = 30 * time.Second
)

// retryPolicy decides whether a failed attempt is followed by another.
type retryPolicy struct{ maxRetries int }

// retryCount counts the retries of a request: those after transient failures, and whether there was
// one after a refused key.
type retryCount struct {
	transient int
	key       bool
}

// retryDecision is the decision on another attempt.
type retryDecision struct {
	retry bool
	// late means that there would be another attempt if the deadline left the time for it.
	late bool
	// wait is the wait before the attempt.
	wait time.Duration
	// retries counts the attempt.
	retries retryCount
}

// next decides on the attempt after r. It retries transient failures, and once a refused key that
// has been accepted before: some servers behind a load balancer return 401 while they start.
//
// The wait is the one that Retry-After asks for, or else half a second that doubles with each retry up
// to maxRetryWait. Up to half as much is added according to jitter, between 0 and 1, so that clients
// that failed together do not return together. A zero deadline means that there is none.
func (p retryPolicy) next(r *response, made retryCount, keyAccepted bool, now, deadline time.Time, jitter float64) retryDecision {
	retries := made
	switch {
	case r.err == nil && r.status == http.StatusUnauthorized && keyAccepted && !made.key:
		retries.key = true
	case r.isTransient() && made.transient < p.maxRetries:
		retries.transient++
	default:
		return retryDecision{}
	}
	wait := min(minRetryWait<<min(made.transient, 10), maxRetryWait)
	wait = max(wait, ratelimit.RetryAfter(r.header, now))
	wait += time.Duration(jitter * float64(wait/2))
	if !deadline.IsZero() && wait >= deadline.Sub(now) {
		return retryDecision{late: true}
	}
	return retryDecision{retry: true, wait: wait, retries: retries}
}

// sleep waits, and reports whether ctx is still alive afterward.
func sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
