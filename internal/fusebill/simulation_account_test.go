// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// account is the simulated account with the network in front of it. It counts by itself what it
// takes from the windows.
type account struct {
	s    *simulation
	api  *fusebilltest.API
	calm bool // Without faults and rate limits.

	mu sync.Mutex
	// minute and day are the present windows.
	minute, day truth
	// sent has the time at which each request that arrived was sent, by its number.
	sent []time.Time
	// requests is the number of requests that the account counted before it calmed down, and others counts
	// those of other clients.
	requests, others int
	// longest is the longest time that a request and its response travel.
	longest time.Duration
	// stated is whether a client has received the state of a window, and silent counts the consecutive
	// requests since that ended without it.
	stated bool
	silent int
}

// truth is a window, in local time.
type truth struct {
	fusebilltest.Window
	reset time.Time
	used  int
	// stray counts the requests that the client cannot expect in the window: they were sent before it
	// started, or arrive after the client canceled them, or are the first in a window that others use.
	stray int
	// stated is whether a client has received the state of the window. lost holds the ends of requests
	// without it, until the response to a later request is received.
	stated bool
	lost   []time.Time
	// followsStated is whether stated was true for the window before.
	followsStated bool
	// blind is whether the client sends requests although it does not know the window: after three probes
	// without a response, or one in an unknown account.
	blind bool
	// alone counts the requests that were sent alone while others were lost, to find out what remains.
	alone int
}

func (w *truth) start() time.Time { return w.reset.Add(-w.Length) }

func (w *truth) roll(now time.Time) {
	if w.reset.IsZero() {
		w.reset = now.Add(w.Length)
	}
	for !now.Before(w.reset) {
		*w = truth{Window: w.Window, reset: w.reset.Add(w.Length), followsStated: w.stated}
	}
}

func newAccount(s *simulation) *account {
	a := &account{s: s, api: fusebilltest.New(s.plan.api), minute: truth{Window: s.plan.api.Minute}, day: truth{Window: s.plan.api.Day}}
	a.day.Length = 24 * time.Hour
	return a
}

// calmDown ends faults and rate limits.
func (a *account) calmDown() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests = a.api.Stats().Requests
	a.api = fusebilltest.New(fusebilltest.Options{Fleet: simulatedCustomers, ClockSkew: a.s.plan.api.ClockSkew})
	a.calm, a.minute, a.day = true, truth{}, truth{}
}

var (
	errRefused = fmt.Errorf("dial: %w", syscall.ECONNREFUSED)
	errLost    = fmt.Errorf("read: %w", syscall.ECONNRESET)
)

type outcome struct {
	resp *http.Response
	err  error
	// served is the time at which the account served the request, or zero if it did not.
	served time.Time
}

// exchange sends a request of a runner. A request that the client cancels arrives all the same.
func (a *account) exchange(req *http.Request, f fate, owner *runner) outcome {
	sent := time.Now()
	result := make(chan outcome, 1)
	if elapsed := sent.Sub(a.s.begin); !a.calm && elapsed >= a.s.plan.outageFrom && elapsed < a.s.plan.outageTo {
		f.kind = "refused"
	}
	time.AfterFunc(f.out, func() {
		o := a.arrive(req, f, owner, sent)
		time.AfterFunc(f.back, func() {
			if f.kind != "hang" {
				result <- o
			}
		})
	})
	select {
	case o := <-result:
		a.received(o, sent)
		return o
	case <-req.Context().Done():
		a.received(outcome{}, sent)
		time.Sleep(1 + f.out%time.Millisecond) // Requests that end together are noticed one by one.
		return outcome{err: req.Context().Err()}
	}
}

// received records which state of the windows a client received.
func (a *account) received(o outcome, sent time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	isSilent := o.resp == nil || o.resp.Header.Get("X-Rate-Limit-Remaining-Minute")+o.resp.Header.Get("X-Rate-Limit-Remaining-Day") == ""
	a.silent++
	for _, w := range a.windows() {
		if !w.reset.IsZero() {
			w.roll(now)
		}
		switch {
		case isSilent:
			w.lost = append(w.lost, now)
			w.blind = w.blind || !w.stated && (a.silent > 2 || !a.stated)
		case !o.served.Before(w.start()):
			w.stated, a.stated, a.silent = true, true, 0
			w.lost = slices.DeleteFunc(w.lost, func(at time.Time) bool { return !at.After(sent) })
		}
	}
}

// arrive serves a request that arrives at the account, or at a gateway in front of it.
func (a *account) arrive(req *http.Request, f fate, owner *runner, sent time.Time) outcome {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.longest = max(a.longest, f.out+f.back)
	switch f.kind {
	case "refused":
		owner.lostOnTheWay++
		return outcome{err: errRefused}
	case "gateway":
		owner.lostOnTheWay++
		return a.gateway("502-html", req)
	case "429-bare", "429-retry-after":
		owner.lostOnTheWay++
		return a.gateway(f.kind, req)
	}
	o := a.serve(req, owner, sent, f.alone)
	switch f.kind {
	case "lost":
		return outcome{err: errLost}
	case "503", "503-retry-after":
		return a.gateway(f.kind, req)
	case "cut":
		body, _ := io.ReadAll(o.resp.Body)
		o.resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:len(body)/2]), brokenReader{}))
	}
	return o
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// serve serves a request that reached the account. owner is nil for other clients.
func (a *account) serve(req *http.Request, owner *runner, sent time.Time, alone bool) outcome {
	now := time.Now()
	var id int64
	_, _ = fmt.Sscanf(req.URL.Path, "/v1/customers/%d/", &id)
	if id <= simulatedCustomers {
		overview := fusebilltest.Generate(id)
		overview["nextBillingDate"] = a.s.begin.Add(time.Duration(len(a.sent)) * time.Second).Format("2006-01-02T15:04:05")
		a.api.SetCustomer(id, overview)
	}
	a.sent = append(a.sent, sent)
	o := serveNow(a.api, req)
	o.served = now
	exhausted := false
	for _, w := range a.windows() {
		w.roll(now)
		exhausted = exhausted || w.used >= w.Limit
	}
	if refused := o.resp.StatusCode == http.StatusTooManyRequests; refused != exhausted {
		a.s.violation("the account responds %d, exhausted = %t", o.resp.StatusCode, exhausted)
	}
	// A client cannot know what others used before its first request.
	isFirst := owner != nil && owner.arrived == 0 && a.s.plan.early > 0
	if owner != nil {
		owner.arrived++
	} else {
		a.others++
	}
	for _, w := range a.windows() {
		isStray := isFirst || sent.Before(w.start()) || req.Context().Err() != nil
		isAlone := alone && len(w.lost) > 0
		asked := w.used + 1
		if !exhausted {
			w.used = asked
			if isStray {
				w.stray++
			}
			if isAlone {
				w.alone++
			}
		}
		isExpected := exhausted && (isStray || isAlone || w.used < w.Limit)
		if owner == nil || isExpected || w.blind || !a.s.plan.alone() || !a.s.plan.exact() {
			continue
		}
		reserve := w.Limit * owner.config.RateLimitReservePercent / 100
		if asked > w.Limit-reserve+w.stray+w.alone {
			a.s.violation("request %d in a window of %d: %d are reserved, %d are stray, and %d were sent alone", asked, w.Limit, reserve,
				w.stray, w.alone)
		}
	}
	return o
}

func (a *account) windows() (open []*truth) {
	for _, w := range []*truth{&a.minute, &a.day} {
		if w.Limit > 0 {
			open = append(open, w)
		}
	}
	return open
}

// gateway returns the response of a gateway, with the clock of the gateway.
func (a *account) gateway(fault string, req *http.Request) outcome {
	o := serveNow(fusebilltest.Faults[fault], req)
	o.resp.Header.Set("Date", time.Now().Add(a.s.plan.gatewaySkew).UTC().Format(http.TimeFormat))
	return o
}

func serveNow(handler http.Handler, req *http.Request) outcome {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, req.Clone(context.Background()))
	return outcome{resp: recorder.Result()}
}

// sentAt returns the time at which a request was sent. mark is the nextBillingDate in its
// response.
func (a *account) sentAt(mark *time.Time) (time.Time, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if mark == nil {
		return time.Time{}, errors.New("no mark")
	}
	i := int(mark.Sub(a.s.begin.UTC().Truncate(time.Second)) / time.Second)
	if i < 0 || i >= len(a.sent) {
		return time.Time{}, fmt.Errorf("mark %d of %d", i, len(a.sent))
	}
	return a.sent[i], nil
}
