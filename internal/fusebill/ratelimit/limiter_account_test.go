// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// Reads take as long as the windows impose, without a 429, for each clock skew.
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
		"a fraction of a second ahead": {
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
					t.Errorf("the reads took %s, want between %s and %s", took, test.least, test.most)
				}
				if diff := cmp.Diff(map[int]int{200: test.n}, api.Stats().Statuses); diff != "" {
					t.Errorf("responses by status (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The reads succeed with each format of the reset.
func TestLimiter_resetFormats(t *testing.T) {
	t.Parallel()
	for _, format := range fusebilltest.ResetFormats() {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(20*time.Second + 300*time.Millisecond) // The window ends within a second and within a minute.
				api := fusebilltest.New(fusebilltest.Options{Fleet: 100, Latency: latency, Minute: fusebilltest.Window{Limit: 50}, ResetFormat: format})
				begin := time.Now()
				if err := readAll(t.Context(), newSender(&inProcess{handler: api}, Options{MaxConcurrentRequests: 32}), 100); err != nil {
					t.Error(err)
				}
				// Without a reset, the end of the clock's minute is tried first.
				if took := time.Since(begin); took < time.Minute || took > 101*time.Second {
					t.Errorf("the reads took %s, want between 60 and 101 seconds", took)
				}
				if refused := api.Stats().Statuses[429]; refused > 1 {
					t.Errorf("%d requests were refused, want at most 1", refused)
				}
			})
		})
	}
}

// Runners that start together and share a window have at most 4 % of their requests refused.
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
			t.Errorf("the reads took %s, want at most %s", took, most)
		}
		if refused := stats.Statuses[429]; refused*100 > stats.Requests*4 {
			t.Errorf("%d of %d requests were refused, want at most 4 %%", refused, stats.Requests)
		}
	})
}

// A request that cannot be sent before its deadline fails at once, and the error describes the limit.
func TestLimiter_refusesAtOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api      fusebilltest.Options
		options  Options
		spent    int // The number of requests sent before.
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
				var got *Error
				if !errors.As(err, &got) {
					t.Fatalf("got error %v, want an Error", err)
				}
				if waited := time.Since(begin); waited != 0 {
					t.Errorf("it failed after %s, want at once", waited)
				}
				if !got.Reset.After(begin.Add(test.deadline)) {
					t.Errorf("the limit resets at %s, which is before the deadline", got.Reset)
				}
				got.Reset = time.Time{}
				if diff := cmp.Diff(&test.want, got); diff != "" {
					t.Errorf("the error differs (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Reads fail at once if the first response is a 429 of the day.
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
		var limitErr *Error
		if !errors.As(err, &limitErr) || limitErr.Window != "day" {
			t.Errorf("got error %v, want one about the day", err)
		}
		if took := time.Since(begin); took != latency || api.Stats().Statuses[429] != 1 {
			t.Errorf("the reads took %s and %d refusals, want one response", took, api.Stats().Statuses[429])
		}
	})
}

// After a 429, the request is sent again as soon as the limiter allows it.
func TestLimiter_resends(t *testing.T) {
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
						t.Errorf("got status %d and error %v, want 200", status, err)
					}
					if took := time.Since(begin); took < time.Duration(times)*time.Second/2 || took > time.Minute {
						t.Errorf("the read took %s with %d refusals", took, times)
					}
					if got := api.Stats().Statuses[429]; got != times {
						t.Errorf("%d requests were refused, want %d", got, times)
					}
				})
			})
		}
	}
}

// Responses can make the end of a wait more precise. This is no other wait.
func TestLimiter_logsNextWait(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	limiter := New(Options{})
	limiter.queue = []*waiter{{ctx: tflogtest.RootLogger(t.Context(), &log)}}
	for _, until := range []int64{60_000, 59_500, 60_400, 61_000} {
		limiter.logWait(decision{until: time.UnixMilli(until)}, time.UnixMilli(0))
	}
	if n := bytes.Count(log.Bytes(), []byte("Waiting for the Fusebill rate limit")); n != 2 {
		t.Errorf("the log has %d lines, want 2:\n%s", n, &log)
	}
}
