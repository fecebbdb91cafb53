// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

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

// The API cannot be reached if all attempts of a read failed and no other request has received a
// response meanwhile.
func TestClient_unreachable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   string // Of customer 1.
		others  string // Of customer 2, which is read between the attempts.
		want    bool
		retries int
	}{
		"503":                      {fault: "503", want: true, retries: 2},
		"503 without retries":      {fault: "503", want: true},
		"503 until after deadline": {fault: "503-retry-after-hour", retries: 2}, // Its attempts are not used up.
		"connection closed":        {fault: "close", want: true, retries: 2},
		"others fail as well":      {fault: "503", others: "500", want: true, retries: 2},
		"others succeed":           {fault: "503", others: "gzip", retries: 2},
		"others are not found":     {fault: "503", others: "404", retries: 2},
		"others are refused":       {fault: "503", others: "429-retry-after-hour", retries: 2},
		"an unusable response":     {fault: "html", retries: 2},
		"not found":                {fault: "404", retries: 2},
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
