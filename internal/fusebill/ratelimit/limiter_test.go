// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// The first request is sent alone. After its response, at most MaxConcurrentRequests are in flight.
func TestLimiter_concurrency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := &inProcess{handler: fusebilltest.New(fusebilltest.Options{Fleet: 100, Latency: latency})}
		transport := newSender(network, Options{MaxConcurrentRequests: 7})
		results := make(chan error)
		go func() { results <- readAll(t.Context(), transport, 50) }()
		time.Sleep(latency / 2)
		network.mu.Lock()
		if network.inFlight != 1 {
			t.Errorf("before the first response %d requests are in flight, want 1", network.inFlight)
		}
		network.mu.Unlock()
		if err := <-results; err != nil {
			t.Error(err)
		}
		if network.max != 7 {
			t.Errorf("at most %d requests were in flight, want 7", network.max)
		}
	})
}

// Waiting requests are sent in the order in which they asked.
func TestLimiter_firstComeFirstServed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := New(Options{MaxConcurrentRequests: 1})
		done, err := limiter.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		served := make(chan int, 20)
		for i := range cap(served) {
			go func() {
				done, err := limiter.Acquire(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				served <- i
				done(http.StatusOK, nil)
			}()
			synctest.Wait() // The goroutine is in the queue.
		}
		done(http.StatusOK, nil)
		for want := range cap(served) {
			if got := <-served; got != want {
				t.Fatalf("request %d is sent as number %d", got, want)
			}
		}
	})
}

// A read that is canceled while it waits returns at once and leaves no goroutine, which would keep the
// bubble from ending. The others continue.
func TestLimiter_canceledWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 100, Latency: latency, Minute: fusebilltest.Window{Limit: 1}})
		transport := newSender(&inProcess{handler: api}, Options{MaxConcurrentRequests: 8})
		if _, err := read(t.Context(), transport, 1); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		results := make(chan error, 3)
		for range 2 {
			go func() {
				_, err := read(ctx, transport, 2)
				results <- err
			}()
		}
		time.Sleep(time.Second)
		go func() {
			_, err := read(t.Context(), transport, 3)
			results <- err
		}()
		synctest.Wait()
		canceled := time.Now()
		cancel()
		for range 2 {
			if err := <-results; !errors.Is(err, context.Canceled) || time.Since(canceled) != 0 {
				t.Errorf("got error %v after %s, want Canceled at once", err, time.Since(canceled))
			}
		}
		if err := <-results; err != nil {
			t.Errorf("the remaining read got error %v", err)
		}
		want := map[int64]int{1: 1, 3: 1}
		if diff := cmp.Diff(want, api.Stats().Customers); diff != "" {
			t.Errorf("requests by customer (-want +got):\n%s", diff)
		}
	})
}

// A context that has ended gets no permit, even if a slot is free.
func TestLimiter_endedContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	limiter := New(Options{MaxConcurrentRequests: 4})
	for range 100 {
		if _, err := limiter.Acquire(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("got error %v, want %v", err, context.Canceled)
		}
	}
	if limiter.state.inFlight != 0 || len(limiter.queue) != 0 {
		t.Errorf("%d in flight, %d in the queue; want none", limiter.state.inFlight, len(limiter.queue))
	}
}

// A permit that arrives when its waiter leaves is taken back: the slot is free, and the next request is
// still a probe.
func TestLimiter_leaveWithPermit(t *testing.T) {
	t.Parallel()
	limiter := New(Options{MaxConcurrentRequests: 4})
	w := &waiter{ctx: t.Context(), verdict: make(chan verdict, 1)}
	limiter.queue = append(limiter.queue, w)
	limiter.dispatch()
	limiter.leave(w)
	if s := limiter.state; s.inFlight != 0 || s.probe != nil || !s.unknown {
		t.Errorf("inFlight %d, probe %v, unknown %t; want 0, nil, true", s.inFlight, s.probe, s.unknown)
	}
}

// A request that fails frees its slot.
func TestLimiter_failures(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	transport := newSender(roundTripper(func(*http.Request) (*http.Response, error) { return nil, broken }), Options{MaxConcurrentRequests: 1})
	for range 3 {
		if _, err := read(t.Context(), transport, 1); !errors.Is(err, broken) {
			t.Errorf("got error %v, want %v", err, broken)
		}
	}
	if transport.state.inFlight != 0 || transport.state.probe != nil {
		t.Errorf("%d are in flight, probe %v; want none", transport.state.inFlight, transport.state.probe)
	}
}

// A timer that fires early, for example because the clock is set back, leaves no request waiting.
func TestLimiter_earlyTimer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 2, Minute: fusebilltest.Window{Limit: 1}})
		transport := newSender(&inProcess{handler: api}, Options{MaxConcurrentRequests: 8})
		if _, err := read(t.Context(), transport, 1); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		result := make(chan error)
		go func() {
			_, err := read(ctx, transport, 2)
			result <- err
		}()
		synctest.Wait()
		transport.mu.Lock()
		transport.timer.Reset(0)
		transport.mu.Unlock()
		if err := <-result; err != nil {
			t.Error(err)
		}
	})
}

// A wait is logged once, however many requests join it.
func TestLimiter_logsWaitOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ctx, cancel := context.WithCancel(tflogtest.RootLogger(t.Context(), &log))
		limiter := New(Options{MaxConcurrentRequests: 4, RequestsPerMinute: 1})
		if _, err := limiter.Acquire(ctx); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			go func() { _, _ = limiter.Acquire(ctx) }()
			synctest.Wait()
		}
		cancel()
		synctest.Wait()
		if n := bytes.Count(log.Bytes(), []byte("Waiting for the Fusebill rate limit")); n != 1 {
			t.Errorf("the log has %d lines on the wait, want 1:\n%s", n, &log)
		}
	})
}

// The response to the first request opens all slots at once.
func TestLimiter_opensAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := New(Options{MaxConcurrentRequests: 4})
		done, err := limiter.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sent := make(chan struct{}, 4)
		for range cap(sent) {
			go func() {
				if _, err := limiter.Acquire(t.Context()); err != nil {
					t.Error(err)
				}
				sent <- struct{}{}
			}()
		}
		synctest.Wait()
		done(http.StatusOK, nil)
		synctest.Wait()
		if len(sent) != cap(sent) {
			t.Errorf("%d are sent, want %d", len(sent), cap(sent))
		}
	})
}

// newSharedLimiter returns a limiter of a shared minute that starts now, in which some requests remain.
func newSharedLimiter(now time.Time, remaining int, t traffic) *Limiter {
	limiter := New(Options{MaxConcurrentRequests: 4})
	limiter.state.unknown = false
	limiter.state.traffic[minute] = t
	limiter.state.windows[minute] = &windowState{
		windowStatus: windowStatus{limit: 100, remaining: remaining}, kind: kinds[minute], end: now.Add(time.Minute), used: 50, own: 1,
	}
	return limiter
}

// A client that is held back at the end of a window sends a request that cannot wait for the reset, and
// only then.
func TestLimiter_heldBack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ deadline, want time.Duration }{
		"before_the_reset": {deadline: 10 * time.Second, want: 0},
		"after_the_reset":  {deadline: 5 * time.Minute, want: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				now := time.Now()
				limiter := newSharedLimiter(now, 4, traffic{own: 1, all: 1e6})
				ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
				defer cancel()
				if _, err := limiter.Acquire(ctx); err != nil {
					t.Fatal(err)
				}
				if got := time.Since(now); got != test.want {
					t.Errorf("the request is sent after %s, want %s", got, test.want)
				}
			})
		})
	}
}

// At the end of a window, a request is sent although the response to an earlier one is overdue.
func TestLimiter_resetWhileInFlight(t *testing.T) {
	t.Parallel()
	for name, traffic := range map[string]traffic{"alone": {1, 1}, "held_back": {1, 1e6}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				now := time.Now()
				limiter := newSharedLimiter(now, 1, traffic)
				limiter.state.reserve(now)
				var log bytes.Buffer
				ctx, cancel := context.WithTimeout(tflogtest.RootLogger(t.Context(), &log), 50*time.Second)
				defer cancel()
				if _, err := limiter.Acquire(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("with a deadline before the reset, the error is %v, want the end of the context", err)
				}
				if _, err := limiter.Acquire(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := time.Since(now); got != time.Minute {
					t.Errorf("the request is sent after %s, want 1m", got)
				}
				if log.Len() > 0 {
					t.Errorf("the log has %s, want nothing, since the response can arrive at any time", &log)
				}
			})
		})
	}
}
