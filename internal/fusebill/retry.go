package fusebill

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill/quota"
)

const (
	minRetryWait = 500 * time.Millisecond
	maxRetryWait = 30 * time.Second
)

// checkRetry decides whether a request is sent again: after a transport error, 408
// and the 5xx that may pass. It is not where the context has ended, where the quota
// refused it, or where the server asks to wait for longer than there is time.
func checkRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	if quotaError := (*quota.Error)(nil); errors.As(err, &quotaError) {
		return false, nil
	}
	if err != nil {
		return retryablehttp.DefaultRetryPolicy(ctx, response, err) // Knows the errors of TLS and URLs that are final.
	}
	switch response.StatusCode {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		deadline, ok := ctx.Deadline()
		longest := jittered(quota.RetryAfter(response.Header, time.Now()))
		return !ok || longest < time.Until(deadline), nil
	default:
		return false, nil
	}
}

// backOff is how long to wait before a request is sent again: what the server asks
// for in Retry-After, or else twice as long each time, and up to half as much more,
// so that many who failed together do not come back together.
func backOff(least, most time.Duration, attempt int, response *http.Response) time.Duration {
	wait := min(least<<min(attempt, 10), most)
	if response != nil {
		wait = max(wait, quota.RetryAfter(response.Header, time.Now()))
	}
	return wait + rand.N(jittered(wait)-wait)
}

// jittered is the longest that a wait becomes.
func jittered(wait time.Duration) time.Duration { return wait + wait/2 }
