// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

const latency = 50 * time.Millisecond

// inProcess sends requests to a handler without a network, so that a fake clock can
// run. It counts the requests in flight.
type inProcess struct {
	handler http.Handler

	mu            sync.Mutex
	inFlight, max int
}

func (p *inProcess) RoundTrip(request *http.Request) (*http.Response, error) {
	p.mu.Lock()
	p.inFlight++
	p.max = max(p.max, p.inFlight)
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.inFlight--
		p.mu.Unlock()
	}()
	recorder := httptest.NewRecorder()
	p.handler.ServeHTTP(recorder, request)
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}

// sender sends requests through a limiter, and resends those that get a 429, as a client does.
type sender struct {
	*Limiter
	network http.RoundTripper
}

func newSender(network http.RoundTripper, options Options) sender {
	return sender{Limiter: New(options), network: network}
}

func (s sender) RoundTrip(request *http.Request) (*http.Response, error) {
	for {
		done, err := s.Acquire(request.Context())
		if err != nil {
			return nil, err
		}
		response, err := s.network.RoundTrip(request)
		if err != nil {
			done(0, nil)
			return nil, err
		}
		done(response.StatusCode, response.Header)
		if response.StatusCode != http.StatusTooManyRequests {
			return response, nil
		}
		if err := response.Body.Close(); err != nil {
			return nil, err
		}
	}
}

// read requests a customer and returns the status code.
func read(ctx context.Context, transport http.RoundTripper, id int) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://fusebill.example/v1/customers/%d/overview", id), nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Basic "+fusebilltest.Key)
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// readAll reads customers 1 to n, ten at a time as Terraform does, and returns the errors.
func readAll(ctx context.Context, transport http.RoundTripper, n int) error {
	ids := make(chan int)
	results := make(chan error)
	for range 10 {
		go func() {
			for id := range ids {
				status, err := read(ctx, transport, id)
				if err == nil && status != http.StatusOK {
					err = fmt.Errorf("customer %d is answered %d", id, status)
				}
				results <- err
			}
		}()
	}
	go func() {
		defer close(ids)
		for id := 1; id <= n; id++ {
			ids <- id
		}
	}()
	var all error
	for range n {
		all = errors.Join(all, <-results)
	}
	return all
}

// Reads take the windows that they need and hardly longer, without a single 429,
// for each clock skew and each form of the reset.
func TestLimiter_withinWindows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api         fusebilltest.Options
		options     Options
		n           int
		least, most time.Duration
	}{
		"three windows": {
			api: fusebilltest.Options{Minute: fusebilltest.Window{Limit: 100, Length: 10 * time.Second}}, n: 300,
			least: 20 * time.Second, most: 22 * time.Second,
		},
		"two minutes": {
			api: fusebilltest.Options{Minute: fusebilltest.Window{Limit: 50}}, n: 100,
			least: time.Minute, most: 63 * time.Second,
		},
		"an hour ahead": {
			api: fusebilltest.Options{Minute: fusebilltest.Window{Limit: 50}, ClockSkew: time.Hour}, n: 100,
			least: time.Minute, most: 63 * time.Second,
		},
		"an hour behind": {
			api: fusebilltest.Options{Minute: fusebilltest.Window{Limit: 50}, ClockSkew: -time.Hour}, n: 100,
			least: time.Minute, most: 63 * time.Second,
		},
		"a part of a second ahead": {
			api: fusebilltest.Options{Minute: fusebilltest.Window{Limit: 50}, ClockSkew: 700 * time.Millisecond}, n: 100,
			least: time.Minute, most: 63 * time.Second,
		},
		"with a reserve": {
			api: fusebilltest.Options{Minute: fusebilltest.Window{Limit: 50}}, options: Options{ReservePercent: 10}, n: 100,
			least: 2 * time.Minute, most: 123 * time.Second,
		},
		"with requests_per_minute": {
			api: fusebilltest.Options{Minute: fusebilltest.Window{Limit: 50}}, options: Options{RequestsPerMinute: 20}, n: 45,
			least: 2 * time.Minute, most: 123 * time.Second,
		},
		"without windows": {
			n: 100, least: 500 * time.Millisecond, most: time.Second,
		},
		"both windows": {
			api: fusebilltest.Options{Minute: fusebilltest.Window{Limit: 50}, Day: fusebilltest.Window{Limit: 1000}}, n: 100,
			least: time.Minute, most: 63 * time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				test.api.Fleet, test.api.Latency = 1000, latency
				test.options.MaxConcurrentRequests = 32
				api := fusebilltest.New(test.api)
				begin := time.Now()
				if err := readAll(t.Context(), newSender(&inProcess{handler: api}, test.options), test.n); err != nil {
					t.Error(err)
				}
				if took := time.Since(begin); took < test.least || took > test.most {
					t.Errorf("it took %s, want %s to %s", took, test.least, test.most)
				}
				if diff := cmp.Diff(map[int]int{200: test.n}, api.Stats().Statuses); diff != "" {
					t.Errorf("answers by status (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The reads succeed with each form of the reset.
func TestLimiter_resetFormats(t *testing.T) {
	t.Parallel()
	for _, format := range fusebilltest.ResetFormats() {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(20*time.Second + 300*time.Millisecond) // So that the window ends within a second, and within a minute.
				api := fusebilltest.New(fusebilltest.Options{Fleet: 100, Latency: latency, Minute: fusebilltest.Window{Limit: 50}, ResetFormat: format})
				begin := time.Now()
				if err := readAll(t.Context(), newSender(&inProcess{handler: api}, Options{MaxConcurrentRequests: 32}), 100); err != nil {
					t.Error(err)
				}
				// Without a reset, the end of the clock's minute is tried first.
				if took := time.Since(begin); took < time.Minute || took > 101*time.Second {
					t.Errorf("it took %s, want a minute to 101 seconds", took)
				}
				if refused := api.Stats().Statuses[429]; refused > 1 {
					t.Errorf("%d requests were refused, want one at most", refused)
				}
			})
		})
	}
}

// Runners that cannot see each other share an account, and hardly get refused.
func TestLimiter_fourRunners(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 100, Latency: latency, Minute: fusebilltest.Window{Limit: 100,
			Length: 10 * time.Second}})
		begin := time.Now()
		results := make(chan error)
		for range 4 {
			go func() {
				results <- readAll(t.Context(), newSender(&inProcess{handler: api}, Options{MaxConcurrentRequests: 32}), 100)
			}()
		}
		for range 4 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		stats := api.Stats()
		if took, most := time.Since(begin), 33*time.Second; took > most {
			t.Errorf("it took %s, want %s at most", took, most)
		}
		if refused := stats.Statuses[429]; refused*100 > stats.Requests*4 {
			t.Errorf("%d of %d requests were refused, want 4 %% at most", refused, stats.Requests)
		}
	})
}

// One request is sent alone first, and then no more at once than the options allow.
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
			t.Errorf("%d requests were in flight at most, want 7", network.max)
		}
	})
}

// What cannot be sent before its deadline is refused at once, with what is known.
func TestLimiter_refusesAtOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api      fusebilltest.Options
		options  Options
		spent    int // Requests sent before.
		deadline time.Duration
		want     Error
	}{
		"a day": {
			api: fusebilltest.Options{Minute: fusebilltest.Window{Limit: 50}, Day: fusebilltest.Window{Limit: 5}}, spent: 5,
			deadline: 20 * time.Minute,
			want:     Error{Window: "day", Limit: 5},
		},
		"a day's reserve": {
			api: fusebilltest.Options{Day: fusebilltest.Window{Limit: 10}}, options: Options{ReservePercent: 50}, spent: 5,
			deadline: 20 * time.Minute,
			want:     Error{Window: "day", Limit: 10, Remaining: 5, Reserve: 5},
		},
		"a minute": {
			api: fusebilltest.Options{Minute: fusebilltest.Window{Limit: 3}}, spent: 3, deadline: 30 * time.Second,
			want: Error{Window: "minute", Limit: 3},
		},
		"requests_per_minute": {
			options: Options{RequestsPerMinute: 2}, spent: 2, deadline: 30 * time.Second,
			want: Error{Window: CapWindow, Limit: 2},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				test.api.Fleet = 100
				test.options.MaxConcurrentRequests = 8
				transport := newSender(&inProcess{handler: fusebilltest.New(test.api)}, test.options)
				for id := range test.spent {
					if _, err := read(t.Context(), transport, id+1); err != nil {
						t.Fatal(err)
					}
				}
				begin := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
				defer cancel()
				_, err := read(ctx, transport, 1)
				got := (*Error)(nil)
				if !errors.As(err, &got) {
					t.Fatalf("got error %v, want an Error", err)
				}
				if waited := time.Since(begin); waited != 0 {
					t.Errorf("it was refused after %s, want at once", waited)
				}
				if !got.Reset.After(begin.Add(test.deadline)) {
					t.Errorf("it ends at %s, which is before the deadline", got.Reset)
				}
				got.Reset = time.Time{}
				if diff := cmp.Diff(&test.want, got); diff != "" {
					t.Errorf("the error differs (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A day that is found used up ends at once too, after its one 429.
func TestLimiter_refusedDay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 100, Latency: latency, Day: fusebilltest.Window{Limit: 1}})
		if _, err := read(t.Context(), &inProcess{handler: api}, 1); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		begin := time.Now()
		err := readAll(ctx, newSender(&inProcess{handler: api}, Options{MaxConcurrentRequests: 8}), 20)
		if quotaError := (*Error)(nil); !errors.As(err, &quotaError) || quotaError.Window != "day" {
			t.Errorf("got error %v, want one about the day", err)
		}
		if took := time.Since(begin); took != latency || api.Stats().Statuses[429] != 1 {
			t.Errorf("it took %s and %d refusals, want one answer", took, api.Stats().Statuses[429])
		}
	})
}

// After a 429, the request is sent again as soon as the limiter allows it.
func TestLimiter_goesAgain(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"429", "429-bare", "429-retry-after"} {
		for _, times := range []int{1, 5} {
			t.Run(fmt.Sprintf("%s, %d times", name, times), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					api := fusebilltest.New(fusebilltest.Options{Fleet: 1, Minute: fusebilltest.Window{Limit: 100}})
					api.InjectFault(1, times, fusebilltest.Faults[name])
					begin := time.Now()
					status, err := read(t.Context(), newSender(&inProcess{handler: api}, Options{MaxConcurrentRequests: 8}), 1)
					if err != nil || status != 200 {
						t.Errorf("answered %d, %v; want 200", status, err)
					}
					if took := time.Since(begin); took < time.Duration(times)*time.Second/2 || took > time.Minute {
						t.Errorf("it took %s for %d refusals", took, times)
					}
					if got := api.Stats().Statuses[429]; got != times {
						t.Errorf("%d were refused, want %d", got, times)
					}
				})
			})
		}
	}
}

// A read whose context ends while it waits returns at once and leaves no goroutine, with which the bubble
// would not end. The others continue.
func TestLimiter_givingUp(t *testing.T) {
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
		cancelled := time.Now()
		cancel()
		for range 2 {
			if err := <-results; !errors.Is(err, context.Canceled) || time.Since(cancelled) != 0 {
				t.Errorf("got error %v after %s, want Canceled at once", err, time.Since(cancelled))
			}
		}
		if err := <-results; err != nil {
			t.Errorf("the read that stayed got %v", err)
		}
		want := map[int64]int{1: 1, 3: 1}
		if diff := cmp.Diff(want, api.Stats().Customers); diff != "" {
			t.Errorf("requests by customer (-want +got):\n%s", diff)
		}
	})
}

// A timer that goes off before the time has come, as when the clock is set back,
// leaves no request waiting.
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
	if transport.state.inFlight != 0 || transport.state.probing {
		t.Errorf("%d are in flight, probing %t; want none", transport.state.inFlight, transport.state.probing)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

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
				t.Fatalf("request %d is sent in place %d", got, want)
			}
		}
	})
}

// A verdict that arrives as its waiter leaves is taken back: its slot is not lost, and the next
// request still is a probe.
func TestLimiter_leaveWithPermit(t *testing.T) {
	t.Parallel()
	limiter := New(Options{MaxConcurrentRequests: 4})
	w := &waiter{ctx: t.Context(), verdict: make(chan verdict, 1)}
	limiter.queue = append(limiter.queue, w)
	limiter.dispatch()
	limiter.leave(w)
	if s := limiter.state; s.inFlight != 0 || s.probing || !s.unknown {
		t.Errorf("inFlight %d, probing %t, unknown %t; want 0, false, true", s.inFlight, s.probing, s.unknown)
	}
}

// A wait is logged once and sets one timer, however many requests join it.
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

// A context that has ended gets no permit, although there is room.
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
