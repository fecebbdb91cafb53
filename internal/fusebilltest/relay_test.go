// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"context"
	"testing"
	"time"
)

func TestRelay(t *testing.T) {
	t.Parallel()
	server, certificates := ServeTLS(t, New(Options{}), false)
	relay := NewRelay(t, server)
	client := newClient(t, certificates, false)
	for range 2 {
		if got, err := fetch(t.Context(), client, relay.URL, "650084"); err != nil || got.status != 200 || got.protocol != 2 {
			t.Fatalf("got %+v and error %v, want 200 over HTTP/2", got, err)
		}
	}
	if got := relay.Connections(); got != 1 {
		t.Errorf("got %d connections, want 1", got)
	}

	relay.LoseConnections()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if got, err := fetch(ctx, client, relay.URL, "650084"); ctx.Err() == nil {
		t.Errorf("on a lost connection: got %+v and error %v before the timeout", got, err)
	}
	if got, err := fetch(t.Context(), newClient(t, certificates, false), relay.URL, "650084"); err != nil || got.status != 200 {
		t.Errorf("on a new connection: got %+v and error %v, want 200", got, err)
	}
}
