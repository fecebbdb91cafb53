// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"math"
	"time"
)

// windowState is an open window.
type windowState struct {
	windowStatus
	kind windowKind
	// end is the reset on the local clock.
	end time.Time
	// reserve is the number of requests that are left to other clients.
	reserve int
	// used counts the requests of all clients since the first response, and own those of this
	// client.
	used, own int
	// lost holds the times at which requests ended without a status of the window. The account can have
	// counted them, until the response to a later request shows whether it has.
	lost []time.Time
}

// traffic counts the requests of this client and of all clients. Each response reduces the weight of the
// requests before it.
type traffic struct{ own, all float64 }

// unknownTraffic is assumed before the first window: this client is one of many.
var unknownTraffic = traffic{own: 1, all: 64}

// The constants of the share were tuned in runs of 20, 4, and 1 clients: see TestLimiter_sharedWindow.
const (
	// decay is the weight of the requests before the last response.
	decay = 0.6
	// divisor divides the share, because requests of other clients are in flight as well.
	divisor = 3
	// finishers is the number of clients, of all that share the window, that use up its end.
	finishers = 7
)

// add adds the requests since the response before.
func (t *traffic) add(own, all int) {
	t.own = t.own*decay + float64(own)
	t.all = max(t.all*decay+float64(all), t.own)
}

// part returns this client's part of the traffic.
func (t traffic) part() float64 { return t.own / t.all }

// isShared reports whether other clients spend from the window.
func (w *windowState) isShared(inFlight int) bool { return w.used > w.own+inFlight }

// share returns the number of requests that this client may have in flight if left remain: a part that
// corresponds to its part of the traffic. If that is less than one request, few clients go on, and the
// others leave the end of the window to them.
//
// A fraction of a request is rounded up for some remainders. Each response has another remainder, so
// clients that cannot see each other round differently.
func (w *windowState) share(left, inFlight int, part float64) int {
	fair := float64(left) * part
	_, rounding := math.Modf(float64(w.remaining) * math.Phi)
	if fair >= 1 || !w.isShared(inFlight) {
		return max(int(fair/divisor+rounding), 1)
	}
	return int(max(fair/divisor, finishers*part) + rounding)
}

// exhausted returns the error of a request that the window does not allow.
func (w *windowState) exhausted() Error {
	return Error{Window: w.kind.name, Limit: w.limit, Remaining: w.remaining, Reserve: w.reserve, Reset: w.reset}
}
