// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"crypto/tls"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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

// A read that ends at its deadline reports the last response and the number of attempts.
func TestClient_deadline(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		handler     http.HandlerFunc
		timeout     time.Duration
		want        string
		least, most int // attempts
		took        time.Duration
		final       bool // The error is not due to the deadline.
	}{
		"503 each time": {
			handler: respond(503, `{"HttpStatusCode": 503, "Errors": [{"Value": "Down for maintenance."}]}`), timeout: 20 * time.Second,
			want: "503 Service Unavailable: Down for maintenance.", least: 5, most: 6, took: 20 * time.Second,
		},
		"503 and then nothing": {
			handler: func() http.HandlerFunc {
				var served atomic.Int32
				return func(w http.ResponseWriter, r *http.Request) {
					if served.Add(1) > 2 {
						<-r.Context().Done()
						return
					}
					respond(503, "")(w, r)
				}
			}(), timeout: 20 * time.Second, want: "503 Service Unavailable", least: 3, most: 3, took: 20 * time.Second,
		},
		"Retry-After that is too long": {
			handler: fusebilltest.Faults["503-retry-after-hour"], timeout: time.Minute, want: "503 Service Unavailable", least: 1, most: 1,
		},
		"Retry-After in the year 9999": {
			handler: fusebilltest.Faults["503-retry-after-9999"], timeout: time.Minute, want: "503 Service Unavailable", least: 1, most: 1,
		},
		"Retry-After over 64 bits": {
			handler: fusebilltest.Faults["503-retry-after-overflow"], timeout: time.Minute, want: "503 Service Unavailable", least: 1, most: 1,
		},
		"503 and then a final response": {
			handler: func() http.HandlerFunc {
				var served atomic.Int32
				return func(w http.ResponseWriter, r *http.Request) {
					if served.Add(1) == 1 {
						respond(503, "")(w, r)
						return
					}
					time.Sleep(19 * time.Second)
					respond(404, `{"HttpStatusCode": 404}`)(w, r)
				}
			}(), timeout: 20 * time.Second, want: "404 Not Found", least: 2, most: 2, took: 20 * time.Second, final: true,
		},
		"nothing": {
			handler: fusebilltest.Faults["hang"], timeout: 20 * time.Second, want: "context deadline exceeded", least: 1, most: 1,
			took: 20 * time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.timeout)
				defer cancel()
				begin := time.Now()
				_, err := simulated(test.handler, withRetries(100)).CustomerOverview(ctx, 1, CustomerOverviewOptions{})
				if errors.Is(err, context.DeadlineExceeded) == test.final || err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got error %v, want %q, due to the deadline: %t", err, test.want, !test.final)
				}
				if r := requestOf(err); r == nil || r.Attempts < test.least || r.Attempts > test.most {
					t.Errorf("the error is %#v, want one with %d to %d attempts", err, test.least, test.most)
				}
				if took := time.Since(begin); took > test.took {
					t.Errorf("it took %s, want at most %s", took, test.took)
				}
			})
		})
	}
}

// An interrupt ends a read at once, while it waits to retry as well, and keeps the last failure.
func TestClient_interrupt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		begin := time.Now()
		time.AfterFunc(5*time.Second, cancel)
		_, err := simulated(fusebilltest.Faults["503-retry-after-hour"], withRetries(4)).CustomerOverview(ctx, 1, CustomerOverviewOptions{})
		if !errors.Is(err, context.Canceled) || !errors.Is(err, ErrUnavailable) || time.Since(begin) != 5*time.Second {
			t.Errorf("got %v after %s, want the 503 and Canceled after 5s", err, time.Since(begin))
		}
	})
}

// A rate limit that cannot be met reports the failure before it, but not the 429 that it explains.
func TestClient_rateLimitAfterFailure(t *testing.T) {
	t.Parallel()
	for fault, last := range map[string]error{"500": ErrUnavailable, "429-day-only": nil} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var served atomic.Int32
				client := simulated(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if served.Add(1) == 1 {
						fusebilltest.Faults[fault](w, r)
						return
					}
					fusebilltest.Faults["429-day-only"](w, r)
				}), withRetries(4))
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
				defer cancel()
				_, err := client.CustomerStatus(ctx, 1)
				var limit *RateLimitError
				if !errors.As(err, &limit) || limit.Window != "day" || limit.Attempts != int(served.Load()) || !errors.Is(limit.Last, last) {
					t.Errorf("got %#v after %d requests, want the day's limit after %v", err, served.Load(), last)
				}
			})
		})
	}
}

// The API cannot be reached if all attempts of a read are used up and no other request has been
// answered meanwhile.
func TestClient_unreachable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   string // Of customer 1.
		others  string // Of customer 2, which is read between the attempts.
		want    bool
		retries int
	}{
		"503":                       {fault: "503", want: true, retries: 2},
		"503 without retries":       {fault: "503", want: true},
		"503 until after deadline":  {fault: "503-retry-after-hour", retries: 2}, // Its attempts are not used up.
		"connection closed":         {fault: "close", want: true, retries: 2},
		"others fail as well":       {fault: "503", others: "500", want: true, retries: 2},
		"others succeed":            {fault: "503", others: "gzip", retries: 2},
		"others are not found":      {fault: "503", others: "404", retries: 2},
		"others are refused":        {fault: "503", others: "429-retry-after-hour", retries: 2},
		"a response that is no use": {fault: "html", retries: 2},
		"not found":                 {fault: "404", retries: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: 3})
				client := simulated(api, withRetries(test.retries))
				if _, err := client.CustomerStatus(t.Context(), 3); err != nil { // Before the first attempt.
					t.Fatal(err)
				}
				api.InjectFault(1, fusebilltest.Always, fusebilltest.Faults[test.fault])
				api.InjectFault(2, fusebilltest.Always, fusebilltest.Faults[test.others])
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var others sync.WaitGroup
				if test.others != "" {
					others.Go(func() {
						time.Sleep(100 * time.Millisecond)
						_, _ = client.CustomerStatus(ctx, 2)
					})
				}
				readCtx, cancelRead := context.WithTimeout(t.Context(), time.Minute)
				defer cancelRead()
				_, err := client.CustomerStatus(readCtx, 1)
				if got := errors.Is(err, ErrUnreachable); got != test.want {
					t.Errorf("errors.Is(%v, ErrUnreachable) = %t, want %t", err, got, test.want)
				}
				cancel()
				others.Wait()
			})
		})
	}
}

// Reads of the same customer that wait for the rate limit share a request, if they ask for the same.
func TestClient_sharesWaitingReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 3, Minute: fusebilltest.Window{Limit: 1}})
		client := simulated(api)
		if _, err := client.CustomerStatus(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		results := make(chan error)
		for range 5 {
			for _, options := range []CustomerOverviewOptions{{}, {WithoutFinancials: true}} {
				go func() {
					_, err := client.CustomerOverview(t.Context(), 1, options)
					results <- err
				}()
			}
			go func() {
				_, err := client.CustomerStatus(t.Context(), 1)
				results <- err
			}()
		}
		for range 15 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if got := api.Stats().Customers[1]; got != 3 {
			t.Errorf("15 reads of three kinds were %d requests, want 3", got)
		}
	})
}

// A read never gets a response to a request that was sent before the read began.
func TestClient_sharesNothingSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 1, Latency: time.Second})
		client := simulated(api)
		results := make(chan error)
		for range 2 {
			go func() {
				_, err := client.CustomerStatus(t.Context(), 1)
				results <- err
			}()
			time.Sleep(500 * time.Millisecond)
		}
		for range 2 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if got := api.Stats().Customers[1]; got != 2 {
			t.Errorf("%d requests, want 2", got)
		}
	})
}

// If the read that would send the shared request ends early, the others send it.
func TestClient_sharesWithLeavers(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"canceled": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(time.Second, cancel)
			return ctx, cancel
		},
		"short deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: 2, Latency: 2 * time.Second})
				client := simulated(api, func(c *Config) { c.MaxConcurrentRequests = 1 })
				results := make(chan error, 3)
				go func() {
					_, err := client.CustomerStatus(t.Context(), 2) // Keeps the others waiting.
					results <- err
				}()
				synctest.Wait()
				left := make(chan error, 1)
				go func() {
					ctx, cancel := leave(t.Context())
					defer cancel()
					_, err := client.CustomerStatus(ctx, 1)
					left <- err
				}()
				synctest.Wait()
				for range 2 {
					go func() {
						_, err := client.CustomerStatus(t.Context(), 1)
						results <- err
					}()
				}
				if err := <-left; !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("the read that left got %v", err)
				}
				for range 3 {
					if err := <-results; err != nil {
						t.Error(err)
					}
				}
				if diff := cmp.Diff(map[int64]int{1: 1, 2: 1}, api.Stats().Customers); diff != "" {
					t.Errorf("requests by customer (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A follower that leaves does not take the request with it, and gets a typed error.
func TestClient_followerLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 2, Latency: 2 * time.Second})
		client := simulated(api, func(c *Config) { c.MaxConcurrentRequests = 1 })
		results := make(chan error, 2)
		for _, id := range []int64{2, 1} {
			go func() {
				_, err := client.CustomerStatus(t.Context(), id)
				results <- err
			}()
			synctest.Wait()
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := client.CustomerStatus(ctx, 1)
		var transportError *TransportError
		if !errors.As(err, &transportError) || !errors.Is(err, context.DeadlineExceeded) ||
			transportError.Path != "/v1/customers/1/overview" || transportError.Attempts != 0 {
			t.Errorf("got %#v, want a TransportError without attempts", err)
		}
		for range 2 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
	})
}
