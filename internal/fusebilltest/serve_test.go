// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"
)

// newClient returns an HTTP client for a server of ServeTLS.
func newClient(t *testing.T, certificates *TLS, hasClientCert bool) *http.Client {
	t.Helper()
	config := &tls.Config{RootCAs: x509.NewCertPool()}
	if !config.RootCAs.AppendCertsFromPEM(certificates.CAPEM) {
		t.Fatal("CAPEM is not a certificate")
	}
	if hasClientCert {
		certificate, err := tls.X509KeyPair(certificates.ClientCertPEM, certificates.ClientKeyPEM)
		if err != nil {
			t.Fatal(err)
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// fetched is a response with its body.
type fetched struct {
	status, protocol int
	body             string
}

// fetch requests a customer and returns the response.
func fetch(ctx context.Context, client *http.Client, baseURL, id string) (f fetched, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, baseURL+"/v1/customers/"+id+"/overview", nil)
	if err != nil {
		return f, err
	}
	request.Header.Set("Authorization", authorization)
	response, err := client.Do(request)
	if err != nil {
		return f, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	return fetched{response.StatusCode, response.ProtoMajor, string(body)}, errors.Join(err, response.Body.Close())
}

func TestServe(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("served", func(t *testing.T) {
		url = Serve(t, New(Options{})).URL
		got, err := fetch(t.Context(), http.DefaultClient, url, "650084")
		if err != nil || got.status != http.StatusOK || !strings.Contains(got.body, "Foreman") {
			t.Errorf("got %+v and error %v, want the sample", got, err)
		}
	})
	if _, err := fetch(t.Context(), http.DefaultClient, url, "650084"); err == nil {
		t.Error("the server still runs after the test")
	}
}

func TestServeTLS(t *testing.T) {
	t.Parallel()
	server, certificates := ServeTLS(t, New(Options{}), false)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		url := strings.Replace(server.URL, "127.0.0.1", host, 1)
		got, err := fetch(t.Context(), newClient(t, certificates, false), url, "650084")
		if err != nil || got.status != http.StatusOK || got.protocol != 2 {
			t.Errorf("%s: got %+v and error %v, want 200 over HTTP/2", host, got, err)
		}
	}
	_, other := ServeTLS(t, New(Options{}), false)
	_, err := fetch(t.Context(), newClient(t, other, false), server.URL, "650084")
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) {
		t.Errorf("with another CA: got error %v, want an unknown authority", err)
	}
}

func TestServeTLS_clientCert(t *testing.T) {
	t.Parallel()
	server, certificates := ServeTLS(t, New(Options{}), true)
	got, err := fetch(t.Context(), newClient(t, certificates, true), server.URL, "650084")
	if err != nil || got.status != http.StatusOK {
		t.Errorf("with the certificate: got %+v and error %v, want 200", got, err)
	}
	if got, err := fetch(t.Context(), newClient(t, certificates, false), server.URL, "650084"); err == nil {
		t.Errorf("without a certificate: got %+v, want an error", got)
	}
}

// TestOptions_http2 asserts that GOAWAY ends a connection but loses no request, and that a reset
// request fails alone.
func TestOptions_http2(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options Options
		failed  int
		left    string
	}{
		"goaway": {Options{Minute: Window{Limit: 1000}, GoAwayEvery: 20}, 0, "799"},
		"reset":  {Options{Minute: Window{Limit: 1000}, ResetEvery: 20}, 10, "809"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := New(test.options)
			var mu sync.Mutex
			connections, failed := map[string]bool{}, 0
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				connections[r.RemoteAddr] = true
				mu.Unlock()
				api.ServeHTTP(w, r)
			})
			server, certificates := ServeTLS(t, handler, false)
			client := newClient(t, certificates, false)
			// The first request opens a connection. Without it, each of the first requests could open one.
			if _, err := fetch(t.Context(), client, server.URL, "650084"); err != nil {
				t.Fatal(err)
			}
			group, ctx := errgroup.WithContext(t.Context())
			group.SetLimit(8)
			for range 199 {
				group.Go(func() error {
					if _, err := fetch(ctx, client, server.URL, "650084"); err != nil {
						mu.Lock()
						failed++
						mu.Unlock()
					}
					return nil
				})
			}
			if err := group.Wait(); err != nil {
				t.Fatal(err)
			}
			stats := api.Stats()
			if failed != test.failed || stats.Requests != 200 || stats.Statuses[200] != 200-test.failed {
				t.Errorf("got %d failures and %+v, want %d failures of 200 requests", failed, stats, test.failed)
			}
			if isOne := len(connections) == 1; isOne != (test.options.GoAwayEvery == 0) {
				t.Errorf("got %d connections", len(connections))
			}
			response := get(t, api, "/v1/customers/650084/overview", authorization)
			if left := response.Header().Get("X-Rate-Limit-Remaining-Minute"); left != test.left {
				t.Errorf("got %s requests left, want %s", left, test.left)
			}
		})
	}
}

// TestFaults_protocols sends every fault over HTTP/1.1, HTTP/2, and in the
// process, and asserts that the server does not complain.
func TestFaults_protocols(t *testing.T) {
	t.Parallel()
	api := New(Options{Minute: Window{Limit: 100_000}})
	for name, fault := range Faults {
		api.InjectFault(idOf(name), Always, fault)
	}
	var mu sync.Mutex
	var logged bytes.Buffer
	writer := writerFunc(func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return logged.Write(p)
	})
	plain := httptest.NewUnstartedServer(api)
	plain.Config.ErrorLog = log.New(writer, "", 0)
	plain.Start()
	t.Cleanup(plain.Close)
	secure, certificates := ServeTLS(t, api, false)
	for protocol, target := range map[string]struct {
		client *http.Client
		url    string
	}{
		"http1":   {plain.Client(), plain.URL},
		"http2":   {newClient(t, certificates, false), secure.URL},
		"process": {&http.Client{Transport: InProcess(api)}, "http://fusebill.example"},
	} {
		client := *target.client
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		group := errgroup.Group{}
		group.SetLimit(16)
		for name := range Faults {
			if name == "huge-header" && protocol == "http2" || name == "bomb" && protocol == "process" {
				continue // The header ends the connection for all; the bomb takes a minute to compress.
			}
			group.Go(func() error {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				if strings.HasPrefix(name, "hang") || name == "trickle" || name == "slow" {
					ctx, cancel = context.WithTimeout(ctx, 50*time.Millisecond)
					defer cancel()
				}
				_, err := fetch(ctx, &client, target.url, idText(name))
				want := slices.Contains(failsAlways, name) || protocol != "process" && slices.Contains(failsOverNetwork, name)
				if (err != nil) != want {
					t.Errorf("%s over %s: got error %v, want one: %t", name, protocol, err, want)
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if logged.Len() > 0 {
		t.Errorf("the server logged:\n%s", logged.String())
	}
}

var (
	// failsAlways are the faults that an HTTP client reports as an error.
	failsAlways = []string{
		"close", "cut", "chunked", "hang", "hang-body", "trickle", "slow", "not-http", "redirect-invalid",
	}
	// failsOverNetwork are those that it reports unless the API is in the process.
	failsOverNetwork = []string{"gzip-corrupt", "gzip-cut", "gzip-header-only", "huge-header"}
)

// idText returns the ID that represents a fault.
func idText(name string) string { return strconv.FormatInt(idOf(name), 10) }

func idOf(name string) int64 {
	return int64(slices.Index(slices.Sorted(maps.Keys(Faults)), name)) + 1
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestInProcess_context asserts that a request ends with its context, before and
// after the response has started.
func TestInProcess_context(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"hang", "hang-body"} {
		synctest.Test(t, func(t *testing.T) {
			api := New(Options{Fleet: 1})
			api.InjectFault(1, Always, Faults[name])
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			start := time.Now()
			_, err := fetch(ctx, &http.Client{Transport: InProcess(api)}, "http://fusebill.example", "1")
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Minute {
				t.Errorf("%s: got error %v after %s, want the deadline after 1m", name, err, time.Since(start))
			}
		})
	}
}

// TestInProcess_close asserts that closing the body ends the handler.
func TestInProcess_close(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan struct{})
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			Faults["endless"](w, r)
			close(ended)
		})
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://fusebill.example/v1/customers/1/overview", nil)
		response, err := InProcess(handler).RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Fatal(err)
		}
		<-ended
	})
}
