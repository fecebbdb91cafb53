// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// latencies delays requests by 25 to 75 ms.
type latencies struct {
	http.RoundTripper

	mu     sync.Mutex
	random *rand.Rand
}

func (l *latencies) RoundTrip(req *http.Request) (*http.Response, error) {
	l.mu.Lock()
	total := latency/2 + time.Duration(l.random.Int64N(int64(latency)))
	l.mu.Unlock()
	time.Sleep(total / 2)
	resp, err := l.RoundTripper.RoundTrip(req)
	time.Sleep(total / 2)
	return resp, err
}

// sharedRun is the outcome of runners that share a window of 100 requests in 10 seconds.
type sharedRun struct {
	took              time.Duration
	refused, requests int
}

// runShared lets runners that start within 100 ms read n customers each.
func runShared(t *testing.T, seed uint64, runners, n int) (run sharedRun) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 1000, Minute: fusebilltest.Window{Limit: 100, Length: 10 * time.Second}})
		begin := time.Now()
		var group sync.WaitGroup
		for i := range runners {
			random := rand.New(rand.NewPCG(seed, uint64(i)))
			network := &latencies{RoundTripper: &inProcess{handler: api}, random: rand.New(rand.NewPCG(seed, uint64(1000+i)))}
			wait := time.Duration(random.Int64N(int64(100 * time.Millisecond)))
			group.Go(func() {
				time.Sleep(wait)
				if err := readAll(t.Context(), newSender(network, Options{MaxConcurrentRequests: 32, Random: random.Float64}), n); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		stats := api.Stats()
		run = sharedRun{took: time.Since(begin), refused: stats.Statuses[429], requests: stats.Requests}
	})
	return run
}

// Clients that cannot see each other share a window. They neither overshoot it nor leave requests unused.
//
// The end of a window has a limit in principle. Twenty clients that together read 500 customers need each request
// of five windows, and the last requests of a window are used only if a client asks without knowing
// whether one remains. With fewer refusals, more runs need a sixth window. In 200 runs each:
//
//	finishers    refused    runs with a sixth window
//	        3      1.1 %    88 %
//	        5      1.8 %    44 %
//	        7      3.1 %     7 %
//	        9      4.5 %     3 %
//	       11      6.0 %     2 %
func TestLimiter_sharedWindow(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const seeds = 100
	for _, test := range []struct {
		runners, reads int
		most           time.Duration
		refused        float64 // The maximum in percent of the requests of all runs.
		late           int     // The maximum number of runs that need one more window.
	}{
		{runners: 20, reads: 25, most: 46 * time.Second, refused: 4, late: 15},
		{runners: 4, reads: 100, most: 33 * time.Second, refused: 4},
		{runners: 1, reads: 300, most: 22 * time.Second},
	} {
		t.Run(fmt.Sprintf("%d_runners", test.runners), func(t *testing.T) {
			t.Parallel()
			percent := func(run sharedRun) float64 { return 100 * float64(run.refused) / float64(run.requests) }
			var all sharedRun
			late := 0
			for seed := range uint64(seeds) {
				run := runShared(t, seed, test.runners, test.reads)
				if got := percent(run); got > 5 {
					t.Errorf("seed %d: %.1f %% are refused, want at most 5 %%", seed, got)
				}
				if run.took > test.most {
					late++
				}
				all.refused += run.refused
				all.requests += run.requests
				all.took += run.took
			}
			t.Logf("%.1f %% are refused, and a run takes %s on average; %d of %d are late", percent(all), all.took/seeds, late, seeds)
			if got := percent(all); got > test.refused {
				t.Errorf("%.1f %% of all requests are refused, want at most %g %%", got, test.refused)
			}
			if late > test.late {
				t.Errorf("%d runs take more than %s, want at most %d", late, test.most, test.late)
			}
		})
	}
}
