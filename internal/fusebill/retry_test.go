// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"crypto/tls"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill/ratelimit"
	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

func TestRetryPolicy(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	after := func(value string) http.Header { return http.Header{"Retry-After": {value}} }
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		response    response
		made        retryCount
		keyAccepted bool
		left        time.Duration // 0 means that there is no deadline.
		jitter      float64
		want        retryDecision
	}{
		"transport error": {
			response: response{err: broken},
			want:     retryDecision{retry: true, wait: 500 * time.Millisecond, retries: retryCount{transient: 1}},
		},
		"with jitter": {
			response: response{err: broken}, jitter: 0.5,
			want: retryDecision{retry: true, wait: 625 * time.Millisecond, retries: retryCount{transient: 1}},
		},
		"second": {
			response: response{err: broken}, made: retryCount{transient: 1},
			want: retryDecision{retry: true, wait: time.Second, retries: retryCount{transient: 2}},
		},
		"seventh": {
			response: response{err: broken}, made: retryCount{transient: 6},
			want: retryDecision{retry: true, wait: 30 * time.Second, retries: retryCount{transient: 7}},
		},
		"eighth": {
			response: response{err: broken}, made: retryCount{transient: 7},
			want: retryDecision{retry: true, wait: 30 * time.Second, retries: retryCount{transient: 8}},
		},
		"last": {
			response: response{err: broken}, made: retryCount{transient: 99},
			want: retryDecision{retry: true, wait: 30 * time.Second, retries: retryCount{transient: 100}},
		},
		"one too many": {response: response{err: broken}, made: retryCount{transient: 100}},
		"broken body of a 200": {
			response: response{status: 200, err: broken},
			want:     retryDecision{retry: true, wait: 500 * time.Millisecond, retries: retryCount{transient: 1}},
		},
		"certificate":        {response: response{err: &tls.CertificateVerificationError{Err: broken}}},
		"proxy that refuses": {response: response{err: &proxyStatusError{status: 407}}},
		"proxy that fails": {
			response: response{err: &proxyStatusError{status: 502}},
			want:     retryDecision{retry: true, wait: 500 * time.Millisecond, retries: retryCount{transient: 1}},
		},
		"proxy that fails with 500": {
			response: response{err: &proxyStatusError{status: 500}},
			want:     retryDecision{retry: true, wait: 500 * time.Millisecond, retries: retryCount{transient: 1}},
		},
		"Retry-After": {
			response: response{status: 503, header: after("7")},
			want:     retryDecision{retry: true, wait: 7 * time.Second, retries: retryCount{transient: 1}},
		},
		"Retry-After, jitter": {
			response: response{status: 503, header: after("8")}, jitter: 0.5,
			want: retryDecision{retry: true, wait: 10 * time.Second, retries: retryCount{transient: 1}},
		},
		"Retry-After, short": {
			response: response{status: 503, header: after("0")},
			want:     retryDecision{retry: true, wait: 500 * time.Millisecond, retries: retryCount{transient: 1}},
		},
		"Retry-After, negative": {
			response: response{status: 503, header: after("-5")},
			want:     retryDecision{retry: true, wait: 500 * time.Millisecond, retries: retryCount{transient: 1}},
		},
		"Retry-After, longest": {
			response: response{status: 503, header: after("Fri, 31 Dec 9999 23:59:59 GMT")}, jitter: math.Nextafter(1, 0),
			want: retryDecision{retry: true, wait: ratelimit.MaxRetryAfter + ratelimit.MaxRetryAfter/2, retries: retryCount{transient: 1}},
		},
		"in time": {
			response: response{status: 503}, left: 501 * time.Millisecond,
			want: retryDecision{retry: true, wait: 500 * time.Millisecond, retries: retryCount{transient: 1}},
		},
		"at the deadline": {response: response{status: 503}, left: 500 * time.Millisecond, want: retryDecision{late: true}},
		"late with jitter": {
			response: response{status: 503}, left: 501 * time.Millisecond, jitter: 0.5, want: retryDecision{late: true},
		},
		"Retry-After, late": {response: response{status: 503, header: after("60")}, left: time.Minute, want: retryDecision{late: true}},
		"Retry-After, late, jitter": {
			response: response{status: 503, header: after("50")}, left: time.Minute, jitter: 0.9, want: retryDecision{late: true},
		},
		"Retry-After, 3000000000": {
			response: response{status: 503, header: after("3000000000")}, left: time.Minute, want: retryDecision{late: true},
		},
		"Retry-After, 9999": {
			response: response{status: 503, header: after("Fri, 31 Dec 9999 23:59:59 GMT")}, left: time.Minute,
			want: retryDecision{late: true},
		},
		"late, and no retry left": {response: response{status: 503}, made: retryCount{transient: 100}, left: time.Nanosecond},
		"401":                     {response: response{status: 401}},
		"401, accepted before": {
			response: response{status: 401}, keyAccepted: true,
			want: retryDecision{retry: true, wait: 500 * time.Millisecond, retries: retryCount{key: true}},
		},
		"401, retried": {response: response{status: 401}, made: retryCount{key: true}, keyAccepted: true},
		"401, without retries": {
			response: response{status: 401}, made: retryCount{transient: 100}, keyAccepted: true,
			want: retryDecision{retry: true, wait: 30 * time.Second, retries: retryCount{transient: 100, key: true}},
		},
		"401, late": {
			response: response{status: 401}, keyAccepted: true, left: time.Millisecond, want: retryDecision{late: true},
		},
		"401, cut off": {
			response: response{status: 401, err: broken},
			want:     retryDecision{retry: true, wait: 500 * time.Millisecond, retries: retryCount{transient: 1}},
		},
		"403, accepted before": {response: response{status: 403}, keyAccepted: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var deadline time.Time
			if test.left != 0 {
				deadline = now.Add(test.left)
			}
			got := retryPolicy{maxRetries: 100}.next(&test.response, test.made, test.keyAccepted, now, deadline, test.jitter)
			if diff := got.wait - test.want.wait; diff.Abs() < time.Millisecond || diff.Abs() < got.wait/1e6 {
				got.wait = test.want.wait // Up to the rounding of the jitter.
			}
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestResponse_isTransient(t *testing.T) {
	t.Parallel()
	var got []int
	for status := 100; status < 1000; status++ {
		if r := (response{status: status}); r.isTransient() {
			got = append(got, status)
		}
	}
	want := []int{408, 425}
	for status := 500; status < 600; status++ {
		if status != 501 && status != 505 && status != 511 {
			want = append(want, status)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the transient statuses differ (-want +got):\n%s", diff)
	}
}

// simulated returns a client of a simulated API without a network.
func simulated(api http.Handler, changes ...func(*Config)) *Client {
	config := Config{BaseURL: Production.BaseURL(), Key: fusebilltest.Key, RequestTimeout: 30 * time.Second, MaxConcurrentRequests: 8}
	for _, change := range changes {
		change(&config)
	}
	return newClient(config, fusebilltest.InProcess(api), rand.Float64)
}

func withRetries(n int) func(*Config) { return func(c *Config) { c.MaxRetries = n } }

// Transient failures are retried after waits that grow. All others are final.
func TestClient_retries(t *testing.T) {
	t.Parallel()
	const short, long = 1500 * time.Millisecond, 2250 * time.Millisecond
	for fault, test := range map[string]struct {
		attempts    int // Of a request that always fails, with two retries.
		least, most time.Duration
	}{
		"408":                      {3, short, long},
		"425":                      {3, short, long},
		"500":                      {3, short, long},
		"500-empty":                {3, short, long},
		"502-html":                 {3, short, long},
		"503-retry-after":          {3, 2 * time.Second, 3 * time.Second},
		"503-retry-after-negative": {3, short, long},
		"504":                      {3, short, long},
		"520":                      {3, short, long},
		"598":                      {3, short, long},
		"200-envelope-500":         {3, short, long},
		"200-envelope-503":         {3, short, long},
		"close":                    {3, short, long},
		"cut":                      {3, short, long},
		"chunked":                  {3, short, long},
		"gzip-cut":                 {3, short, long},
		"hang":                     {3, 91500 * time.Millisecond, 92250 * time.Millisecond},
		"400":                      {1, 0, 0},
		"401":                      {1, 0, 0},
		"403":                      {1, 0, 0},
		"404":                      {1, 0, 0},
		"409":                      {1, 0, 0},
		"431":                      {1, 0, 0},
		"501":                      {1, 0, 0},
		"505":                      {1, 0, 0},
		"511":                      {1, 0, 0},
		"204":                      {1, 0, 0},
		"206":                      {1, 0, 0},
		"redirect":                 {1, 0, 0},
		"html":                     {1, 0, 0},
		"wrong-customer":           {1, 0, 0},
		"wrong-type":               {1, 0, 0},
		"cut-json":                 {1, 0, 0},
		"gzip-header-only":         {1, 0, 0},
		"200-envelope-404":         {1, 0, 0},
		"200-envelope-401":         {1, 0, 0},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: 1})
				api.InjectFault(1, fusebilltest.Always, fusebilltest.Faults[fault])
				begin := time.Now()
				_, err := simulated(api, withRetries(2)).CustomerOverview(t.Context(), 1, CustomerOverviewOptions{})
				if err == nil {
					t.Fatal("got no error")
				}
				if got := api.Stats().Requests; got != test.attempts {
					t.Errorf("%d attempts, want %d", got, test.attempts)
				}
				if r := requestOf(err); r != nil && r.Attempts != test.attempts {
					t.Errorf("the error %#v reports %d attempts, want %d", err, r.Attempts, test.attempts)
				}
				if took := time.Since(begin); took < test.least || took > test.most {
					t.Errorf("it took %s, want %s to %s", took, test.least, test.most)
				}
			})
		})
	}
}

// Two failures before a success are survived. A refusal by the rate limit is not a failure, and is
// survived without a retry.
func TestClient_survives(t *testing.T) {
	t.Parallel()
	for fault, retries := range map[string]int{
		"408": 2, "425": 2, "500": 2, "500-empty": 2, "500-part": 2, "502-html": 2, "503-retry-after": 2, "504": 2, "520": 2,
		"close": 2, "cut": 2, "chunked": 2, "gzip-cut": 2, "hang": 2, "hang-body": 2, "200-envelope-500": 2, "slow": 0,
		"429": 0, "429-bare": 0, "429-html": 0, "429-retry-after": 0, "429-minute-only": 0, "200-envelope-429": 0, "429-retry-after-negative": 0,
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: 1, Minute: fusebilltest.Window{Limit: 1000}})
				api.InjectFault(1, 2, fusebilltest.Faults[fault])
				overview, err := simulated(api, withRetries(retries)).CustomerOverview(t.Context(), 1, CustomerOverviewOptions{})
				if err != nil || *overview.Status != "Active" {
					t.Errorf("got %v, %v; want an active customer", overview, err)
				}
			})
		})
	}
}

// A 401 is final, except that it is tried once more if the key has been accepted before.
func TestClient_retriesRefusedKey(t *testing.T) {
	t.Parallel()
	for times, want := range map[int]struct {
		err      error
		requests int
	}{1: {nil, 2}, 2: {ErrUnauthorized, 2}} {
		t.Run(strconv.Itoa(times), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: 2})
				client := simulated(api)
				if _, err := client.CustomerStatus(t.Context(), 1); err != nil {
					t.Fatal(err)
				}
				api.InjectFault(2, times, fusebilltest.Faults["401"])
				if _, err := client.CustomerStatus(t.Context(), 2); !errors.Is(err, want.err) {
					t.Errorf("got %v, want %v", err, want.err)
				}
				if got := api.Stats().Customers[2]; got != want.requests {
					t.Errorf("%d requests, want %d", got, want.requests)
				}
			})
		})
	}
}
