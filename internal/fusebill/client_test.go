package fusebill

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testKey has all that URLs, HTML and JSON may write in another way. It decodes to
// "0:" and testSecret.
const (
	testKey    = "MDp+L3Rlc3Q/Pj8+c2VjcmV0"
	testSecret = "~/test?>?>secret"
)

// newTestClient makes a client of a server that lives as long as the test.
func newTestClient(t *testing.T, handler http.HandlerFunc, changes ...func(*Config)) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return NewClient(configFor(t, server, changes...))
}

// configFor gives the configuration of a client of the server, without retries
// unless a change asks for them.
func configFor(t *testing.T, server *httptest.Server, changes ...func(*Config)) Config {
	t.Helper()
	base, err := ParseBaseURL(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	config := Config{BaseURL: base, Key: testKey, UserAgent: "test/1", RequestTimeout: 10 * time.Second, MaxConcurrentRequests: 4}
	for _, change := range changes {
		change(&config)
	}
	return config
}

// respond gives a handler that always answers the same.
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
	server := httptest.NewUnstartedServer(respond(200, `{"id": 7}`+strings.Repeat(" ", 100_000)))
	var opened atomic.Int32
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client := NewClient(configFor(t, server))
	for range 20 {
		if _, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("20 requests one after the other opened %d connections, want 1", n)
	}
}

func TestClient_takesGzip(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(compress(`{"id": 7, "status": "Active"}`))
	})
	overview, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
	if err != nil || *overview.Status != "Active" {
		t.Errorf("got %v, %v; want a customer who is Active", overview, err)
	}
}

func TestClient_speaksHTTP2(t *testing.T) {
	t.Parallel()
	protocol := make(chan string, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocol <- r.Proto
		_, _ = io.WriteString(w, `{"id": 7}`)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	config := configFor(t, server)
	network := newNetwork(config)
	network.TLSClientConfig.RootCAs = x509.NewCertPool()
	network.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	client := newClient(config, network)
	if _, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := <-protocol; got != "HTTP/2.0" {
		t.Errorf("the request came by %s, want HTTP/2.0", got)
	}
}

func TestClient_refusesUnknownCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(respond(200, `{"id": 7}`))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // It reports the handshake that we want to fail.
	server.StartTLS()
	t.Cleanup(server.Close)
	client := NewClient(configFor(t, server))
	_, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
	if transportError := (*TransportError)(nil); !errors.As(err, &transportError) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got error %v, want a TransportError about the certificate", err)
	}
}

func TestClient_apiErrors(t *testing.T) {
	t.Parallel()
	const envelope = `{"ErrorId": 12, "HttpStatusCode": %d, "Errors": [{"Key": "Api Error", "Value": %q}]}`
	for name, test := range map[string]struct {
		status  int
		body    string
		kind    error
		want    APIError
		missing bool
	}{
		"404": {
			404, fmt.Sprintf(envelope, 404, "CustomerOverview with id 7 not found."), ErrNotFound,
			APIError{ErrorID: 12, Messages: []string{"CustomerOverview with id 7 not found."}, Envelope: true}, true,
		},
		"404 of a proxy":           {404, "<html>Not here</html>", ErrNotFound, APIError{Messages: []string{"<html>Not here</html>"}}, false},
		"404 without a body":       {404, "", ErrNotFound, APIError{}, false},
		"404 with an empty object": {404, "{}", ErrNotFound, APIError{Messages: []string{"{}"}}, false},
		"404 with a code alone":    {404, `{"HttpStatusCode": 404}`, ErrNotFound, APIError{Envelope: true}, true},
		"404 without its code":     {404, `{"ErrorId": 3, "Errors": []}`, ErrNotFound, APIError{ErrorID: 3, Envelope: true}, false},
		"404 of another API":       {404, `{"errors": [{"status": "404", "title": "Not Found"}]}`, ErrNotFound, APIError{Envelope: true}, false},
		"404 that says otherwise":  {404, `{"HttpStatusCode": 500}`, ErrNotFound, APIError{Envelope: true}, false},
		"401":                      {401, fmt.Sprintf(envelope, 401, "No."), ErrUnauthorized, APIError{ErrorID: 12, Messages: []string{"No."}, Envelope: true}, false},
		"403":                      {403, "", ErrUnauthorized, APIError{}, false},
		"400 about the key": {
			400, fmt.Sprintf(envelope, 400, "Authorization key is not in the correct format."), ErrUnauthorized,
			APIError{ErrorID: 12, Messages: []string{"Authorization key is not in the correct format."}, Envelope: true}, false,
		},
		"400 about something else": {400, fmt.Sprintf(envelope, 400, "Bad id."), nil, APIError{ErrorID: 12, Messages: []string{"Bad id."}, Envelope: true}, false},
		"409":                      {409, "", nil, APIError{}, false},
		"408":                      {408, "", ErrUnavailable, APIError{}, false},
		"500":                      {500, "", ErrUnavailable, APIError{}, false},
		"502 with HTML":            {502, "<h1>Bad\r\n\tGateway</h1>\x00\x1b[31m", ErrUnavailable, APIError{Messages: []string{"<h1>Bad Gateway</h1> [31m"}}, false},
		"204":                      {204, "", nil, APIError{}, false},
		"an array":                 {500, "[1]", ErrUnavailable, APIError{Messages: []string{"[1]"}}, false},
		"an envelope cut short":    {500, `{"ErrorId": 0, "Err`, ErrUnavailable, APIError{Messages: []string{`{"ErrorId": 0, "Err`}}, false},
		"many errors": {
			500, `{"Errors": [` + strings.Repeat(`{"Value": "x"}, `, 1000) + `{"Value": "y"}]}`, ErrUnavailable,
			APIError{Messages: []string{"x", "x", "x", "x", "x"}, Envelope: true}, false,
		},
		"a long message": {
			500, strings.Repeat("é", 5000), ErrUnavailable,
			APIError{Messages: []string{strings.Repeat("é", maxQuoteRunes) + "…"}}, false,
		},
		"an endless message": {
			500, strings.Repeat("x", 3*maxBodyBytes), ErrUnavailable,
			APIError{Messages: []string{strings.Repeat("x", maxQuoteRunes) + "…"}}, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newTestClient(t, respond(test.status, test.body))
			_, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
			got := (*APIError)(nil)
			if !errors.As(err, &got) {
				t.Fatalf("got error %v, want an APIError", err)
			}
			for _, kind := range []error{ErrNotFound, ErrUnauthorized, ErrUnavailable} {
				if is, want := errors.Is(err, kind), errors.Is(test.kind, kind); is != want {
					t.Errorf("that it is %q is %t, want %t", kind, is, want)
				}
			}
			if is := IsMissing(err); is != test.missing {
				t.Errorf("that the customer is missing is %t, want %t", is, test.missing)
			}
			want := test.want
			want.Method, want.Path, want.StatusCode = "GET", "/v1/customers/7/overview", test.status
			want.speaksOfKey, want.toldStatus = got.speaksOfKey, got.toldStatus // Seen by the kinds, and by whether it is missing.
			want.Attempts = 1
			if diff := cmp.Diff(&want, got, cmp.AllowUnexported(APIError{})); diff != "" {
				t.Errorf("the error differs (-want +got):\n%s", diff)
			}
		})
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
		apiError := (*APIError)(nil)
		if !errors.As(err, &apiError) || apiError.RedirectHost != target.Host || !strings.Contains(err.Error(), target.Host) {
			t.Errorf("a %d gives error %v, want an APIError that names %s", status, err, target.Host)
		}
	}
	if reached.Load() {
		t.Error("a redirect was followed")
	}
}

func TestClient_limitsBodies(t *testing.T) {
	t.Parallel()
	padded := func(size int) string { return `{"id": 7` + strings.Repeat(" ", size-len(`{"id": 7}`)) + `}` }
	client := newTestClient(t, respond(200, padded(maxBodyBytes)))
	if _, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{}); err != nil {
		t.Errorf("a body of the greatest size: %v", err)
	}
	for name, handler := range map[string]http.HandlerFunc{
		"one byte more": respond(200, padded(maxBodyBytes+1)),
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
		if decodeError := (*DecodeError)(nil); !errors.As(err, &decodeError) || !strings.Contains(err.Error(), "at most 1048576 bytes") || len(err.Error()) > 2*maxQuoteRunes {
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
			if transportError := (*TransportError)(nil); !errors.As(err, &transportError) || !errors.Is(err, test.want) {
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

// A server that echoes the key, in any of its forms, finds it struck out.
func TestClient_stripsKey(t *testing.T) {
	t.Parallel()
	if decoded, err := base64.StdEncoding.DecodeString(testKey); err != nil || string(decoded) != "0:"+testSecret || !strings.ContainsAny(testKey, "+") || !strings.ContainsAny(testKey, "/") {
		t.Fatalf("the key decodes to %q, with error %v", decoded, err)
	}
	forms := []string{testKey, url.QueryEscape(testKey), url.PathEscape(testKey), html.EscapeString(testKey), testSecret}
	for _, plus := range []string{"+", `\u002B`, `\u002b`, "&#x2B;", "&#43;"} {
		for _, slash := range []string{"/", `\/`} {
			forms = append(forms, strings.NewReplacer("+", plus, "/", slash).Replace(testKey))
		}
	}
	echoes := strings.Join(forms, " | ")
	escaped := strings.NewReplacer("/", `\/`, "+", `\u002B`).Replace(testKey)
	for name, handler := range map[string]http.HandlerFunc{
		"envelope":          respond(500, fmt.Sprintf(`{"Errors": [{"Value": %q}]}`, echoes)),
		"envelope, escaped": respond(500, fmt.Sprintf(`{"Errors": [{"Value": "%s"}]}`, escaped)),
		"HTML":              respond(500, "<p>"+echoes+"</p>"),
		"at the cut":        respond(500, strings.Repeat("x", maxQuoteRunes-5)+testKey),
		"in a field":        respond(200, fmt.Sprintf(`{"id": 7, "status": [%q]}`, echoes)),
		"in a raw field":    respond(200, fmt.Sprintf(`{"id": 7, "status": ["%s"]}`, escaped)),
		"far behind":        respond(500, strings.Repeat(" ", 32*maxQuoteRunes-10)+echoes+strings.Repeat("y", 1000)),
		"in a bad body":     respond(200, echoes),
		"in a redirect": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://elsewhere.example.com/"+testKey)
			w.WriteHeader(302)
		},
		"in a status line": func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = io.WriteString(connection, "NONSENSE "+echoes+"\r\n\r\n")
			_ = connection.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newTestClient(t, handler).CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
			if err == nil {
				t.Fatal("got no error")
			}
			for _, form := range append(forms, testKey[:12]) {
				if strings.Contains(err.Error(), form) {
					t.Errorf("the error holds the key: %s", err)
				}
			}
		})
	}
}
