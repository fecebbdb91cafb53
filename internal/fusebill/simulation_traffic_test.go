// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// otherTraffic sends requests of other clients until ctx ends.
func (a *account) otherTraffic(ctx context.Context) {
	p := a.s.plan
	var group sync.WaitGroup
	defer group.Wait()
	r := rand.New(rand.NewPCG(p.seed, 1))
	if p.burst > 0 && p.api.Minute.Limit > 0 {
		group.Go(func() {
			a.serveOthers(1)
			a.mu.Lock()
			next := a.minute.reset
			a.mu.Unlock()
			for pause(ctx, time.Until(next)+time.Microsecond+7) {
				a.serveOthers(p.burst)
				next = next.Add(p.api.Minute.Length)
			}
		})
	}
	for p.traffic > 0 && pause(ctx, 1+time.Duration(r.ExpFloat64()*float64(p.traffic))) {
		a.serveOthers(1)
	}
}

// serveOthers serves n requests of other clients.
func (a *account) serveOthers(n int) {
	req, err := http.NewRequestWithContext(a.s.Context(), http.MethodGet, "http://fusebill.example/v1/customers/1/overview", nil)
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Basic "+fusebilltest.Key)
	a.mu.Lock()
	defer a.mu.Unlock()
	for range n {
		a.serve(req, nil, time.Now(), false)
	}
	a.s.event("other clients send %d", n)
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
