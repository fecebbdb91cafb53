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

// retryPolicy decides whether to retry a failed attempt.
type retryPolicy struct{ maxRetries int }

// retryCount counts the retries of a request.
type retryCount struct {
	// transient is the number of retries after transient failures.
	transient int
	// key is whether the request was retried after a refused key.
	key bool
}

// retryDecision is the decision whether to retry.
type retryDecision struct {
	retry bool
	// late is true if the deadline alone prevents another attempt.
	late bool
	// wait is the delay before the next attempt.
	wait time.Duration
	// retries includes the next attempt.
	retries retryCount
}

// next decides whether to retry after r. It retries transient failures. It also retries a 401 once if
// the key has been accepted before, because servers behind a load balancer can return 401 while they
// start.
//
// The delay doubles with each retry, from minRetryWait to maxRetryWait, and is at least that of
// Retry-After. jitter, between 0 and 1, adds up to half of the delay, to spread the retries of clients
// that failed together. A zero deadline means no deadline.
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

// sleep waits and reports whether ctx has not ended.
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
