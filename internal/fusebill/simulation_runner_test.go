// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// runner is one client of the account, which no other client can see.
type runner struct {
	s      *simulation
	number int
	plan   runnerPlan
	config Config
	client *Client

	// arrived counts the requests that reached the account, and lostOnTheWay those that did not. The
	// mutex of the account guards them.
	arrived, lostOnTheWay int

	mu             sync.Mutex
	reads          []*read
	inFlight, peak int
	// full is the last time at which MaxConcurrentRequests were in flight.
	full time.Time
	sent []time.Time
	// capReached has the times of errors that state that RequestsPerMinute is reached, and abortedAt those
	// at which a read was aborted.
	capReached, abortedAt []time.Time
	// usable and refused are the times of the last response other than a transient failure or a 429,
	// and of the last 429.
	usable, refused time.Time
	// blocked is whether the last 429 can still delay requests.
	blocked bool
	// knowsClock is whether the account has stated its clock.
	knowsClock bool
	// firstRefused is the time of the first of the consecutive 429 responses.
	firstRefused time.Time
}

// read is one read of a runner.
type read struct {
	readPlan
	number   int
	began    time.Time
	deadline time.Time
	attempts int
	refusals int
	first    time.Time // The time at which the first attempt was sent.
	failed   bool      // Whether an attempt failed, other than with a 429.
	ended    bool
	cancel   context.CancelFunc
	canceled time.Time // The time at which the read was canceled.
}

type readKey struct{}

func newRunner(s *simulation, number int, plan runnerPlan) *runner {
	r := &runner{s: s, number: number, plan: plan, config: plan.config}
	random := rand.New(rand.NewPCG(s.plan.seed, uint64(1000+number)))
	var mu sync.Mutex
	r.client = newClient(plan.config, r, func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return random.Float64()
	})
	return r
}

// run runs all reads.
func (r *runner) run() {
	var group sync.WaitGroup
	for i, plan := range r.plan.reads {
		rd := &read{readPlan: plan, number: i}
		r.mu.Lock()
		r.reads = append(r.reads, rd)
		r.mu.Unlock()
		group.Go(func() {
			time.Sleep(plan.begin)
			r.read(rd)
		})
	}
	group.Wait()
}

// read performs a read and checks its end.
func (r *runner) read(rd *read) {
	ctx := context.WithValue(r.s.Context(), readKey{}, rd)
	rd.began = time.Now()
	rd.deadline = rd.began.Add(rd.timeout)
	ctx, cancel := context.WithDeadline(ctx, rd.deadline)
	defer cancel()
	r.mu.Lock()
	rd.cancel = cancel
	r.mu.Unlock()
	if rd.cancelAfter > 0 {
		time.AfterFunc(rd.cancelAfter, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.cancel(rd)
		})
	}
	r.s.event("runner %d begins read %d of customer %d", r.number, rd.number, rd.customer)
	var status *CustomerStatus
	var err error
	if rd.full {
		var overview *CustomerOverview
		if overview, err = r.client.CustomerOverview(ctx, rd.customer, CustomerOverviewOptions{}); err == nil {
			status = &overview.CustomerStatus
		}
	} else {
		status, err = r.client.CustomerStatus(ctx, rd.customer)
	}
	r.s.event("runner %d ends read %d: %v", r.number, rd.number, err)
	r.mu.Lock()
	rd.ended = true
	r.mu.Unlock()
	r.checkRead(rd, status, err)
}

// RoundTrip sends a request.
func (r *runner) RoundTrip(req *http.Request) (*http.Response, error) {
	rd, _ := req.Context().Value(readKey{}).(*read)
	r.mu.Lock()
	rd.attempts++
	sent := time.Now()
	if rd.attempts == 1 {
		rd.first = sent
		r.checkWait(rd)
	}
	r.sent = append(r.sent, sent)
	r.inFlight++
	r.peak = max(r.peak, r.inFlight)
	if r.inFlight > r.config.MaxConcurrentRequests {
		r.s.violation("runner %d has %d requests in flight, more than %d", r.number, r.inFlight, r.config.MaxConcurrentRequests)
	}
	attempt, alone := rd.attempts, r.inFlight == 1
	r.mu.Unlock()

	f := r.s.plan.fate(r.number, rd.number, attempt)
	if r.s.account.calm {
		f = fate{out: f.out%time.Millisecond + 20*time.Millisecond, back: time.Microsecond}
	}
	f.alone = alone
	r.s.event("runner %d sends read %d, attempt %d %s", r.number, rd.number, attempt, f.kind)
	o := r.s.account.exchange(req, f, r)

	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if r.inFlight == r.config.MaxConcurrentRequests {
		r.full = now
	}
	r.inFlight--
	if f.abortsNext {
		r.abortNext()
	}
	switch {
	case o.err != nil:
		rd.failed = rd.failed || context.Cause(req.Context()) == nil || errors.Is(context.Cause(req.Context()), ErrRequestTimeout)
		return nil, o.err
	case o.resp.StatusCode == http.StatusTooManyRequests:
		rd.refusals++
		r.refused, r.blocked = now, true
		if r.firstRefused.IsZero() {
			r.firstRefused = now
		}
	default:
		r.firstRefused = time.Time{}
		isStated := o.resp.Header.Get("X-Rate-Limit-Remaining-Minute") != ""
		r.blocked = r.blocked && (!isStated || !sent.After(r.refused))
		if o.resp.StatusCode < 500 && f.kind != "cut" {
			r.usable = now
		} else {
			rd.failed = true
		}
	}
	isOfAccount := func(name string) bool { return o.resp.Header.Get(name) != "" }
	r.knowsClock = r.knowsClock || slices.ContainsFunc(fusebilltest.RateLimitHeaders(), isOfAccount)
	r.s.event("runner %d receives %d for read %d, %s remain in the minute",
		r.number, o.resp.StatusCode, rd.number, o.resp.Header.Get("X-Rate-Limit-Remaining-Minute"))
	return o.resp, nil
}

// abortNext cancels the read that is next to be sent, at the moment at which it can be sent.
func (r *runner) abortNext() {
	var next *read
	for _, rd := range r.reads {
		isWaiting := rd.cancel != nil && rd.attempts == 0 && !rd.ended && rd.canceled.IsZero()
		if isWaiting && (next == nil || rd.began.Before(next.began)) {
			next = rd
		}
	}
	if next != nil {
		r.abortedAt = append(r.abortedAt, time.Now())
		r.cancel(next)
	}
}

// cancel cancels a read.
func (r *runner) cancel(rd *read) {
	if rd.canceled.IsZero() {
		rd.canceled = time.Now()
	}
	rd.cancel()
}

// checkSlots checks that the client still sends as many requests at once as it may.
func (r *runner) checkSlots() {
	s, n := r.s, r.config.MaxConcurrentRequests
	want := n
	if limit := r.config.RequestsPerMinute; limit > 0 {
		want = min(want, limit-1)
	}
	r.peak = 0
	var group sync.WaitGroup
	for i := range 2*n + 8 {
		rd := &read{number: 1000 + i, readPlan: readPlan{customer: int64(1 + i), timeout: 10 * time.Minute, full: true}}
		group.Go(func() {
			time.Sleep(time.Duration(i))
			r.read(rd)
		})
	}
	group.Wait()
	if r.peak < want {
		s.violation("runner %d sends only %d requests at once, want %d", r.number, r.peak, want)
	}
}
