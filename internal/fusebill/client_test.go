// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// testKey has the characters that URLs, HTML, and JSON can encode, and padding. It decodes to "0:" and
// testSecret.
const (
	testKey    = "MDp+L3Rlc3Q/Pj8+c2VjcmV0IQ=="
	testSecret = "~/test?>?>secret!"
)

// newTestClient returns a client of a server that runs until the test ends.
func newTestClient(t *testing.T, handler http.HandlerFunc, changes ...func(*Config)) *Client {
	t.Helper()
	return clientOf(t, fusebilltest.Serve(t, handler), changes...)
}

// clientOf returns a client of a server, without retries unless a change sets them.
func clientOf(t *testing.T, server *httptest.Server, changes ...func(*Config)) *Client {
	t.Helper()
	return clientAt(t, server.URL, changes...)
}

// clientAt returns a client of the API at a URL, without retries unless a change sets them.
func clientAt(t *testing.T, url string, changes ...func(*Config)) *Client {
	t.Helper()
	base, err := ParseBaseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	config := Config{
		BaseURL: base, Key: testKey, UserAgent: "test/1", RequestTimeout: time.Minute, MaxConcurrentRequests: 4,
		Getenv: environment(nil),
	}
	for _, change := range changes {
		change(&config)
	}
	client, err := NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// respond returns a handler that always sends the same response.
func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func compress(text string) []byte {
	var buffer bytes.Buffer
	zip := gzip.NewWriter(&buffer)
	_, _ = io.WriteString(zip, text)
	_ = zip.Close()
	return buffer.Bytes()
}

func TestClient_request(t *testing.T) {
	t.Parallel()
	requests := make(chan *http.Request, 2)
	client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		requests <- r.Clone(context.Background())
		_, _ = io.WriteString(w, `{"id": 7}`)
	})
	for _, options := range []CustomerOverviewOptions{{}, {WithoutFinancials: true}} {
		if _, err := client.CustomerOverview(t.Context(), 7, options); err != nil {
			t.Fatal(err)
		}
	}
	first, second := <-requests, <-requests
	if got, want := first.Method+" "+first.RequestURI, "GET /v1/customers/7/overview"; got != want {
		t.Errorf("the request is %q, want %q", got, want)
	}
	wantHeader := http.Header{
		"Authorization":   {"Basic " + testKey},
		"Accept":          {"application/json"},
		"Accept-Encoding": {"gzip"},
		"Content-Type":    {"application/json"},
		"User-Agent":      {"test/1"},
	}
	if diff := cmp.Diff(wantHeader, first.Header); diff != "" {
		t.Errorf("the headers differ (-want +got):\n%s", diff)
	}
	if got, want := second.RequestURI, "/v1/customers/7/overview?showCustomerFinancialsInCustomerOverview=false"; got != want {
		t.Errorf("without financials the request is to %q, want %q", got, want)
	}
}

func TestClient_keepsConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		handler := respond(200, `{"id": 7}`+strings.Repeat(" ", 100_000))
		client, network := networkClient(t, handler, false, func(*Config) {})
		for range 20 {
			if _, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		if n := network.opened.Load(); n != 1 {
			t.Errorf("20 requests one after the other opened %d connections, want 1", n)
		}
	})
}

func TestClient_takesGzip(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(compress(`{"id": 7, "status": "Active"}`))
	})
	overview, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
	if err != nil || *overview.Status != "Active" {
		t.Errorf("got %v, %v; want an active customer", overview, err)
	}
}

func TestClient_followsNoRedirect(t *testing.T) {
	t.Parallel()
	var reached atomic.Bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(elsewhere.Close)
	target, err := url.Parse(elsewhere.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/login", status)
		})
		_, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
		var apiError *APIError
		if !errors.As(err, &apiError) || apiError.RedirectHost != target.Host || !strings.Contains(err.Error(), target.Host) {
			t.Errorf("a %d returns error %v, want an APIError that names %s", status, err, target.Host)
		}
	}
	client := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/login")
		w.WriteHeader(http.StatusFound)
	})
	_, err = client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
	var apiError *APIError
	if !errors.As(err, &apiError) || apiError.RedirectHost != client.Host() {
		t.Errorf("a relative redirect returns error %v, want an APIError that names %s", err, client.Host())
	}
	if reached.Load() {
		t.Error("a redirect was followed")
	}
}

func TestClient_limitsBodies(t *testing.T) {
	t.Parallel()
	padded := func(size int) string { return `{"id": 7` + strings.Repeat(" ", size-len(`{"id": 7}`)) + `}` }
	client := newTestClient(t, respond(200, padded(maxOverviewBytes)))
	if _, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{}); err != nil {
		t.Errorf("a body of the greatest size: %v", err)
	}
	for name, handler := range map[string]http.HandlerFunc{
		"one byte more": respond(200, padded(maxOverviewBytes+1)),
		"compressed bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			zip := gzip.NewWriter(w)
			defer func() { _ = zip.Close() }()
			for range 1 << 10 { // 1 GiB
				if _, err := zip.Write(bytes.Repeat([]byte("x"), 1<<20)); err != nil {
					return
				}
			}
		},
	} {
		client := newTestClient(t, handler)
		_, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
		var decodeError *DecodeError
		if !errors.As(err, &decodeError) || !strings.Contains(err.Error(), "at most 1048576 bytes") || len(err.Error()) > 2*maxTextRunes {
			t.Errorf("%s: got error %.500v, want a short DecodeError about the size", name, err)
		}
	}
}

func TestClient_transportErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    error
	}{
		"connection closed at once": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, io.EOF},
		"body cut short": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"id": 7`)
		}, io.ErrUnexpectedEOF},
		"chunked body cut short": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"id": 7`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, io.ErrUnexpectedEOF},
		"body without a length cut short": {func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = io.WriteString(connection, "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"id\": 7, \"status\": \"Act")
			_ = connection.Close()
		}, io.ErrUnexpectedEOF},
		"compressed body cut short": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			whole := compress(`{"id": 7}`)
			_, _ = w.Write(whole[:len(whole)-4])
		}, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newTestClient(t, test.handler)
			_, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
			var transportError *TransportError
			if !errors.As(err, &transportError) || !errors.Is(err, test.want) {
				t.Errorf("got error %v, want a TransportError that is %v", err, test.want)
			}
		})
	}
}

func TestClient_timesOut(t *testing.T) {
	t.Parallel()
	hang := func(begin string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if begin != "" {
				_, _ = io.WriteString(w, begin)
				_ = http.NewResponseController(w).Flush()
			}
			<-r.Context().Done()
		}
	}
	for name, handler := range map[string]http.HandlerFunc{"before the headers": hang(""), "within the body": hang(`{"id": 7`)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newTestClient(t, handler, func(c *Config) { c.RequestTimeout = 50 * time.Millisecond })
			_, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
			if !errors.Is(err, ErrRequestTimeout) || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got error %v, want ErrRequestTimeout", err)
			}
		})
		t.Run(name+", by the caller's deadline", func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			_, err := newTestClient(t, handler).CustomerOverview(ctx, 7, CustomerOverviewOptions{})
			if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrRequestTimeout) {
				t.Errorf("got error %v, want DeadlineExceeded", err)
			}
		})
		t.Run(name+", by cancellation", func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(50*time.Millisecond, cancel)
			_, err := newTestClient(t, handler).CustomerOverview(ctx, 7, CustomerOverviewOptions{})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got error %v, want Canceled", err)
			}
		})
	}
}
