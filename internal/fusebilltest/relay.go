// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"context"
	"net"
	"net/http/httptest"
	"net/url"
	"sync"
)

// Relay forwards TCP connections to a server on loopback. It can lose
// connections silently, like a firewall that drops idle connections.
type Relay struct {
	// URL is the URL of the server through the relay.
	URL string

	target   string
	listener net.Listener

	mu          sync.Mutex
	connections []*relayed
}

// relayed is a connection through a relay. When lost is closed, the relay
// discards all data without closing the connection.
type relayed struct {
	client, server net.Conn
	lost           chan struct{}
}

// NewRelay returns a relay to a server. It closes when the test ends.
func NewRelay(t TB, server *httptest.Server) *Relay {
	t.Helper()
	target, err := url.Parse(server.URL)
	if err != nil {
		t.Fatalf("Parse(%q): %v", server.URL, err)
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("Listen: %v", err)
	}
	relay := &Relay{URL: target.Scheme + "://" + listener.Addr().String(), target: target.Host, listener: listener}
	var accepting sync.WaitGroup
	accepting.Go(relay.accept)
	t.Cleanup(func() {
		_ = listener.Close() // Ends accept.
		accepting.Wait()
		relay.close()
	})
	return relay
}

// LoseConnections loses all open connections. The client gets neither data nor
// an error on them. New connections work.
func (r *Relay) LoseConnections() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.connections {
		select {
		case <-c.lost:
		default:
			close(c.lost)
		}
	}
}

// Connections returns the number of connections that the relay has accepted.
func (r *Relay) Connections() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.connections)
}

func (r *Relay) accept() {
	for {
		client, err := r.listener.Accept()
		if err != nil {
			return
		}
		server, err := new(net.Dialer).DialContext(context.Background(), "tcp", r.target)
		if err != nil {
			_ = client.Close() // The client gets a reset, as without a relay.
			continue
		}
		c := &relayed{client: client, server: server, lost: make(chan struct{})}
		r.mu.Lock()
		r.connections = append(r.connections, c)
		r.mu.Unlock()
		go c.copy(server, client)
		go c.copy(client, server)
	}
}

// close closes all connections.
func (r *Relay) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.connections {
		_ = c.client.Close() // The connection may be closed already.
		_ = c.server.Close()
	}
}

// copy copies data until the source closes. It closes the destination unless the
// connection is lost.
func (c *relayed) copy(destination, source net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, readErr := source.Read(buffer)
		select {
		case <-c.lost:
			if readErr != nil {
				return
			}
			continue
		default:
		}
		if _, err := destination.Write(buffer[:n]); err != nil || readErr != nil {
			_ = destination.Close() // It may be closed already.
			_ = source.Close()
			return
		}
	}
}
