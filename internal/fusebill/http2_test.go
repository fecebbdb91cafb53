// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// network is a network in memory, for bubbles of package testing/synctest. It is the listener of one
// server.
type network struct {
	accepts chan net.Conn
	closed  chan struct{}
	// opened counts the connections.
	opened atomic.Int32
	// losses counts the calls of loseConnections.
	losses atomic.Int32
}

// networkClient serves handler in a network, over HTTPS with HTTP/2 or else over HTTP/1.1, and returns a
// client of it.
func networkClient(t *testing.T, handler http.Handler, http2 bool, change func(*Config)) (*Client, *network) {
	t.Helper()
	n := &network{accepts: make(chan net.Conn), closed: make(chan struct{})}
	changes := []func(*Config){func(c *Config) { c.Key = fusebilltest.Key }, change}
	server := &http.Server{Handler: handler}
	base, serve := "http://localhost", func() error { return server.Serve(n) }
	if http2 {
		certificates, err := fusebilltest.NewTLS(false)
		if err != nil {
			t.Fatal(err)
		}
		server.TLSConfig = certificates.Config
		server.TLSConfig.SessionTicketsDisabled = true // The server would wait for the client, which is writing, to read it.
		changes = append(changes, trusting(t, certificates))
		base, serve = "https://localhost", func() error { return server.ServeTLS(n, "", "") }
	}
	client := clientAt(t, base, changes...)
	transport, ok := client.transport.(*http.Transport)
	if !ok {
		t.Fatalf("the transport is a %T", client.transport)
	}
	transport.DialContext = n.dial
	go func() {
		if err := serve(); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("the server returned %v", err)
		}
	}()
	t.Cleanup(func() { _ = server.Close() })
	t.Cleanup(transport.CloseIdleConnections)
	return client, n
}

func (n *network) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case n.accepts <- server:
		n.opened.Add(1)
		return lossyConn{client, n, n.losses.Load()}, nil
	case <-n.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.accepts:
		return conn, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error {
	close(n.closed)
	return nil
}

func (n *network) Addr() net.Addr { return new(net.TCPAddr) }

// loseConnections loses all connections silently, as a firewall does that forgets them. New ones work.
func (n *network) loseConnections() { n.losses.Add(1) }

// lossyConn is a connection that discards all data, without an error, after it is lost.
type lossyConn struct {
	net.Conn

	network *network
	losses  int32 // Those before the connection.
}

func (c lossyConn) isLost() bool { return c.network.losses.Load() > c.losses }

func (c lossyConn) Read(p []byte) (int, error) {
	for {
		if n, err := c.Conn.Read(p); err != nil || !c.isLost() {
			return n, err
		}
	}
}

func (c lossyConn) Write(p []byte) (int, error) {
	if c.isLost() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// readMany reads the statuses of customers 1 to n, 32 at a time.
func readMany(ctx context.Context, client *Client, n int64) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32)
	for id := int64(1); id <= n; id++ {
		group.Go(func() error {
			status, err := client.CustomerStatus(ctx, id)
			if err == nil && status.ID != id {
				err = fmt.Errorf("customer %d is %d", id, status.ID)
			}
			return err
		})
	}
	return group.Wait()
}

// Over HTTP/2, with connections that the server closes by GOAWAY and streams that it resets, each
// customer is read, and what the server counts is what the client sent.
func TestClient_http2(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]fusebilltest.Options{
		"undisturbed": {},
		"GOAWAY":      {GoAwayEvery: 50},
		"reset":       {ResetEvery: 33},
		"both":        {GoAwayEvery: 50, ResetEvery: 33},
		"one at once": {GoAwayEvery: 5, ResetEvery: 33},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const customers = 200
				concurrency := 32
				if name == "one at once" {
					concurrency = 1
				}
				options.Fleet, options.Latency = customers, 2*time.Millisecond
				api := fusebilltest.New(options)
				var protocols [3]atomic.Int32
				client, _ := networkClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					protocols[r.ProtoMajor].Add(1)
					api.ServeHTTP(w, r)
				}), true, func(c *Config) { c.MaxConcurrentRequests, c.MaxRetries = concurrency, 10 })
				if err := readMany(t.Context(), client, customers); err != nil {
					t.Error(err)
				}
				stats := api.Stats()
				if got := stats.Statuses[http.StatusOK]; got != customers {
					t.Errorf("%d responses with status 200, want %d", got, customers)
				}
				for id, n := range stats.Customers {
					if n != 1 && options.ResetEvery == 0 {
						t.Errorf("customer %d was requested %d times, want once", id, n)
					}
				}
				if n := protocols[2].Load(); int(n) != stats.Requests {
					t.Errorf("%d of %d requests over HTTP/2", n, stats.Requests)
				}
			})
		})
	}
}

// A connection that dies without notice while the client waits does not use up all attempts.
func TestClient_deadConnection(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		http2       bool
		concurrency int
		reads       int64 // After all connections have died.
	}{
		"HTTP/1.1":            {concurrency: 32, reads: 50},
		"HTTP/1.1, one read":  {concurrency: 32, reads: 1},
		"HTTP/2":              {http2: true, concurrency: 32, reads: 50},
		"HTTP/2, one at once": {http2: true, concurrency: 1, reads: 50},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: 100, Latency: 5 * time.Millisecond})
				client, network := networkClient(t, api, test.http2, func(c *Config) {
					c.RequestTimeout, c.MaxConcurrentRequests, c.MaxRetries = 500*time.Millisecond, test.concurrency, 1
				})
				if err := readMany(t.Context(), client, 50); err != nil {
					t.Fatal(err)
				}
				network.loseConnections()
				if err := readMany(t.Context(), client, test.reads); err != nil {
					t.Errorf("after all connections died: %v", err)
				}
			})
		})
	}
}

// Pings find a dead connection before the timeout of the attempt that uses it.
func TestClient_pings(t *testing.T) {
	t.Parallel()
	for timeout, want := range map[time.Duration]time.Duration{3 * time.Second: 2 * time.Second, time.Minute: 15 * time.Second} {
		t.Run(timeout.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: 1})
				client, network := networkClient(t, api, true, func(c *Config) { c.RequestTimeout = timeout })
				if _, err := client.CustomerStatus(t.Context(), 1); err != nil {
					t.Fatal(err)
				}
				network.loseConnections()
				begin := time.Now()
				_, err := client.CustomerStatus(t.Context(), 1)
				if took := time.Since(begin); err == nil || errors.Is(err, ErrRequestTimeout) || took != want {
					t.Errorf("got error %v after %s, want that the connection is lost after %s", err, took, want)
				}
			})
		})
	}
}
