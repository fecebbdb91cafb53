// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	simulationSeed  = flag.Int64("simulation.seed", -1, "the only seed that TestSimulation runs, with its trace")
	simulationSeeds = flag.Int("simulation.seeds", 200, "number of seeds that TestSimulation runs, starting with 0")
)

// Clients of one account run in virtual time, with faults. A seed determines the plan, and the invariants
// hold with any seed.
func TestSimulation(all *testing.T) {
	if testing.Short() {
		all.Skip("The simulation takes too long for -short.")
	}
	all.Parallel()
	if *simulationSeed >= 0 {
		simulate(all, uint64(*simulationSeed))
		return
	}
	for seed := range uint64(*simulationSeeds) {
		all.Run(fmt.Sprintf("SEED=%d", seed), func(t *testing.T) {
			t.Parallel()
			if all.Failed() && flag.Lookup("test.failfast").Value.String() == "true" {
				t.Skip("Another seed failed.") // -failfast alone does not stop parallel tests.
			}
			simulate(t, seed)
		})
	}
}

// The same seed leads to the same trace, however the machine schedules goroutines.
func TestSimulation_deterministic(t *testing.T) {
	if testing.Short() {
		t.Skip("The simulation takes too long for -short.")
	}
	t.Parallel()
	for i := range uint64(20) {
		seed := 2 * i // Reads do not share requests.
		t.Run(fmt.Sprintf("SEED=%d", seed), func(t *testing.T) {
			t.Parallel()
			if first, second := simulate(t, seed), simulate(t, seed); first != second {
				t.Errorf("the traces differ:\n%s\nand\n%s", first, second)
			}
		})
	}
}

// simulation is one run.
type simulation struct {
	*testing.T
	plan    plan
	account *account
	begin   time.Time

	mu    sync.Mutex
	trace []traceLine
}

type traceLine struct {
	at   time.Duration
	text string
}

// simulate runs the simulation of a seed and returns its trace.
func simulate(t *testing.T, seed uint64) (trace string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &simulation{T: t, plan: newPlan(seed), begin: time.Now()}
		s.account = newAccount(s)
		s.run()
		trace = s.sortedTrace()
		switch {
		case *simulationSeed >= 0:
			t.Log(trace)
		case t.Failed():
			t.Logf("To print the trace, run: make simulate SEED=%d", seed)
		}
	})
	return trace
}

// run runs all clients at once, and then each of them without faults and rate limits.
func (s *simulation) run() {
	time.Sleep(s.plan.start)
	if s.plan.early > 0 {
		s.account.serveOthers(1)
		time.Sleep(s.plan.early)
	}
	runners := make([]*runner, len(s.plan.runners))
	var group sync.WaitGroup
	for i, p := range s.plan.runners {
		runners[i] = newRunner(s, i, p)
		group.Go(runners[i].run)
	}
	ctx, cancel := context.WithCancel(s.Context())
	others := make(chan struct{})
	go func() { defer close(others); s.account.otherTraffic(ctx) }()
	group.Wait()
	cancel()
	<-others
	time.Sleep(25 * time.Hour) // All windows have ended, and all late requests have arrived.
	s.account.calmDown()
	arrived := s.account.others
	for _, r := range runners {
		arrived += r.arrived
	}
	if counted := s.account.requests; counted != arrived { // A check of the simulation itself.
		s.violation("the account counts %d requests, want %d", counted, arrived)
	}
	for _, r := range runners {
		r.checkRun()
		r.checkSlots()
	}
}

// event adds a line to the trace.
func (s *simulation) event(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trace = append(s.trace, traceLine{time.Since(s.begin), fmt.Sprintf(format, args...)})
}

// violation reports that an invariant does not hold.
func (s *simulation) violation(format string, args ...any) {
	s.Helper()
	s.event("VIOLATION "+format, args...)
	s.Errorf("SEED=%d, at %s: %s", s.plan.seed, time.Since(s.begin), fmt.Sprintf(format, args...))
}

// sortedTrace returns the trace in the order of time. Goroutines that run at the same virtual time
// add their lines in any order, so that lines of the same time are in alphabetical order.
func (s *simulation) sortedTrace() string {
	slices.SortFunc(s.trace, func(a, b traceLine) int {
		return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.text, b.text))
	})
	var text strings.Builder
	text.WriteString(s.plan.String())
	for _, line := range s.trace {
		fmt.Fprintf(&text, "%15s %s\n", line.at, line.text)
	}
	return text.String()
}
