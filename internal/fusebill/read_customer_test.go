// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

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
