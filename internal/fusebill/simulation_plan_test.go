// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// plan is what a seed determines before the simulation starts. All times have nanoseconds, which
// makes simultaneous events unlikely. The seed would not determine their order.
type plan struct {
	seed    uint64
	api     fusebilltest.Options
	start   time.Duration // Determines how windows are aligned with the clock.
	runners []runnerPlan
	// faults is the probability of a fault per request.
	faults float64
	// gatewaySkew is the difference between the clock of a gateway and the local one.
	gatewaySkew time.Duration
	// early is the time from the start of the account's first windows to that of the clients. 0 means that the
	// first request starts them.
	early time.Duration
	// outageFrom and outageTo are the start and the end of an outage.
	outageFrom, outageTo time.Duration
	// latency is the mean latency in each direction.
	latency time.Duration
	// traffic is the mean time between requests of other clients, or 0, and burst the number of
	// their requests at the start of each window.
	traffic time.Duration
	burst   int
}

type runnerPlan struct {
	config Config
	reads  []readPlan
}

type readPlan struct {
	customer    int64
	begin       time.Duration
	timeout     time.Duration
	cancelAfter time.Duration // 0 for a read that is not canceled.
	full        bool          // Whether the overview is read, and not the status.
}

// simulatedCustomers is the number of customers that exist. Some reads are of other IDs.
const simulatedCustomers = 60

func newPlan(seed uint64) plan {
	r := rand.New(rand.NewPCG(seed, 0))
	chance := func(p float64) bool { return r.Float64() < p }
	between := func(a, b int) int { return a + r.IntN(b-a+1) }
	span := func(a, b time.Duration) time.Duration { return a + randomDuration(r, b-a) }

	p := plan{seed: seed, start: span(0, time.Hour), latency: span(time.Millisecond, 150*time.Millisecond)}
	p.api.Fleet = simulatedCustomers
	p.gatewaySkew = span(-time.Minute, time.Minute)
	if chance(0.9) {
		p.api.Minute = fusebilltest.Window{Limit: between(5, 120), Length: span(4*time.Second, time.Minute)}
	}
	if chance(0.5) {
		p.early = span(0, p.api.Minute.Length)
	}
	if chance(0.3) {
		p.api.Day = fusebilltest.Window{Limit: between(20, 400)}
	}
	if chance(0.5) {
		formats := fusebilltest.ResetFormats()
		p.api.ResetFormat = formats[r.IntN(len(formats))]
	}
	if chance(0.5) {
		p.api.ClockSkew = span(-3*time.Hour, 3*time.Hour)
	}
	if chance(0.2) {
		for _, name := range fusebilltest.RateLimitHeaders() {
			if chance(0.3) {
				p.api.OmitHeaders = append(p.api.OmitHeaders, name)
			}
		}
	}
	if chance(0.6) {
		p.faults = []float64{0.01, 0.1, 0.4}[r.IntN(3)]
	}
	if chance(0.2) {
		p.outageFrom = p.start + span(0, 30*time.Second)
		p.outageTo = p.outageFrom + span(0, 3*time.Minute)
	}
	n := 1
	if chance(0.6) {
		n = between(2, 6)
		if chance(0.05) {
			n = 20
		}
		if chance(0.5) {
			p.traffic = span(20*time.Millisecond, 3*time.Second)
		}
		if chance(0.3) {
			p.burst = between(1, 30)
		}
	}
	for range n {
		config := Config{
			BaseURL: Production.BaseURL(), Key: fusebilltest.Key, MaxConcurrentRequests: between(1, 16),
			MaxRetries: between(0, 4), RequestTimeout: span(time.Second, 30*time.Second),
		}
		if chance(0.2) {
			config.RequestsPerMinute = between(3, 100)
		}
		if chance(0.5) {
			config.RateLimitReservePercent = between(1, 90)
		}
		pool, length := between(5, simulatedCustomers+3), span(0, 40*time.Second)
		var reads []readPlan
		for range between(5, 50) {
			read := readPlan{
				customer: int64(between(1, pool)), begin: span(0, length), timeout: span(time.Second, 20*time.Minute), full: chance(0.5),
			}
			if !p.shares() {
				read.customer = int64(1 + len(reads))
			}
			if chance(0.4) {
				read.timeout = span(100*time.Millisecond, 30*time.Second)
			}
			if chance(0.1) {
				read.cancelAfter = span(0, read.timeout)
			}
			reads = append(reads, read)
		}
		p.runners = append(p.runners, runnerPlan{config, reads})
	}
	return p
}

// String describes the plan without its reads, which the trace has.
func (p plan) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "seed %d, account %+v\nfaults %g, outage %s to %s, latency %s, other traffic %s, burst %d\n",
		p.seed, p.api, p.faults, p.outageFrom, p.outageTo, p.latency, p.traffic, p.burst)
	for i, r := range p.runners {
		fmt.Fprintf(&text, "runner %d: %d reads, %d at once, %d per minute, reserve %d %%, %d retries, timeout %s\n",
			i, len(r.reads), r.config.MaxConcurrentRequests, r.config.RequestsPerMinute, r.config.RateLimitReservePercent,
			r.config.MaxRetries, r.config.RequestTimeout)
	}
	return text.String()
}

func randomDuration(r *rand.Rand, n time.Duration) time.Duration {
	return time.Duration(r.Int64N(int64(n) + 1))
}

// alone reports whether all requests of the account are those of one client.
func (p plan) alone() bool { return len(p.runners) == 1 && p.traffic == 0 && p.burst == 0 }

// shares reports whether reads of the same customer can share a request. The end of one such request
// wakes several reads at the same time, and so do other events that coincide in these seeds, so that
// the trace is the same again only on one processor.
func (p plan) shares() bool { return p.seed%2 == 1 }

// exact reports whether responses have all rate-limit headers, with exact resets.
func (p plan) exact() bool { return len(p.api.OmitHeaders) == 0 && p.resetError() < time.Second }

// resetError returns the largest error of the resets that responses state.
func (p plan) resetError() time.Duration {
	switch p.api.ResetFormat {
	case "", fusebilltest.ResetFraction, fusebilltest.ResetNoZone:
		return time.Microsecond
	case fusebilltest.ResetNone, fusebilltest.ResetGarbage:
		return 24 * time.Hour
	default:
		return time.Second
	}
}

// fate is what happens to one request.
type fate struct {
	kind      string
	out, back time.Duration
	// abortsNext means that the end of the request coincides with the end of another read's context.
	abortsNext bool
	// alone means that no other request of the runner is in flight.
	alone bool
}

// fate draws the fate of a request. It depends on the request alone, and not on the order of
// requests.
func (p plan) fate(runner, read, attempt int) fate {
	r := rand.New(rand.NewPCG(p.seed, uint64(1+runner)<<40|uint64(1+read)<<20|uint64(attempt)))
	f := fate{
		out:  time.Microsecond + time.Duration(r.ExpFloat64()*float64(p.latency)),
		back: time.Microsecond + time.Duration(r.ExpFloat64()*float64(p.latency)),
	}
	if r.Float64() < p.faults {
		kinds := []string{"refused", "lost", "cut", "gateway", "503", "503-retry-after", "429-bare", "429-retry-after", "hang", "slow"}
		f.kind = kinds[r.IntN(len(kinds))]
	}
	f.abortsNext = p.shares() && r.Float64() < 0.1
	if f.kind == "slow" {
		f.back += time.Duration(r.Int64N(int64(20 * time.Second)))
	}
	return f
}
