// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
	"github.com/fusebill/terraform-provider-fusebill/internal/golden"
)

// The golden file has the outcome of a read for each fault: the names of the package's errors that it matches,
// and its text. Neither the key nor anything personal is in it.
func TestClient_faults(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	outcomes := map[string]string{}
	t.Run("read", func(t *testing.T) {
		for name, fault := range fusebilltest.Faults {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					outcome := faultOutcome(t, fault)
					mu.Lock()
					defer mu.Unlock()
					outcomes[name] = outcome
				})
			})
		}
	})
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(outcomes)) {
		fmt.Fprintf(&text, "%s: %s\n", name, outcomes[name])
	}
	for _, secret := range []string{
		fusebilltest.Key, strings.TrimRight(fusebilltest.Key, "="), "simulated-secret",
		"Foreman", "Travis", "9934643454", "9984242269", "100986", "[email protected]",
	} {
		if strings.Contains(text.String(), secret) {
			t.Errorf("an outcome has %q", secret)
		}
	}
	if len(outcomes) < len(fusebilltest.Faults) {
		return // Only some of the faults were selected.
	}
	golden.Compare(t, "faults.golden", text.String(), "go test -run TestClient_faults -update")
}

// faultOutcome describes the outcome of a read of the sample customer, in virtual time and without retries.
func faultOutcome(t *testing.T, fault http.Handler) string {
	t.Helper()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 9})
	api.InjectFault(0, fusebilltest.Always, fault)
	overNetwork, _ := networkClient(t, api, false, func(*Config) {})
	client := newClient(overNetwork.config, overNetwork.transport, func() float64 { return 0 })
	ctx, cancel := context.WithTimeout(t.Context(), 2900*time.Millisecond) // Not the end of a wait for Retry-After.
	defer cancel()
	_, err := client.CustomerOverview(ctx, fusebilltest.SampleID, CustomerOverviewOptions{})
	if err == nil {
		return "ok"
	}
	var kinds []string
	for _, kind := range []error{
		ErrNotFound, ErrUnconfirmedNotFound, ErrUnauthorized, ErrBlocked, ErrRateLimited, ErrIncomplete, ErrUnavailable, ErrUnreachable,
	} {
		if errors.Is(err, kind) {
			kinds = append(kinds, kind.Error())
		}
	}
	return fmt.Sprintf("%q: %s", kinds, err)
}
