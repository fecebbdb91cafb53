// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// trusting returns a change of the configuration that trusts the certificates of a simulated API, in
// addition to the system's.
func trusting(t *testing.T, ca *fusebilltest.TLS) func(*Config) {
	t.Helper()
	roots, err := ParseCACertificates(string(ca.CAPEM))
	if err != nil {
		t.Fatal(err)
	}
	return func(c *Config) { c.RootCAs, c.Key = roots, fusebilltest.Key }
}

func TestClient_certificates(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		require, trust, present bool
		want                    Cause
		err                     bool
	}{
		"trusted":                         {trust: true},
		"not trusted":                     {err: true, want: CauseCertificate},
		"certificate required, presented": {require: true, trust: true, present: true},
		"certificate required, none":      {require: true, trust: true, err: true, want: CauseClientCertificate},
	} {
		for _, http2 := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, HTTP/2 %t", name, http2), func(t *testing.T) {
				t.Parallel()
				ca, err := fusebilltest.NewTLS(test.require)
				if err != nil {
					t.Fatal(err)
				}
				server := httptest.NewUnstartedServer(fusebilltest.New(fusebilltest.Options{Fleet: 1}))
				server.Config.ErrorLog = log.New(io.Discard, "", 0)
				server.EnableHTTP2 = http2
				server.TLS = ca.Config.Clone()
				if !http2 {
					server.TLS.NextProtos = nil
				}
				server.StartTLS()
				t.Cleanup(server.Close)
				client := clientOf(t, server, func(c *Config) {
					c.Key, c.MaxRetries = fusebilltest.Key, 1
					if test.trust {
						trusting(t, ca)(c)
					}
					if test.present {
						if c.ClientCertificate, err = ParseClientCertificate(string(ca.ClientCertPEM), string(ca.ClientKeyPEM)); err != nil {
							t.Error(err)
						}
					}
				})
				_, err = client.CustomerStatus(t.Context(), 1)
				var transportError *TransportError
				if !test.err {
					if err != nil {
						t.Error(err)
					}
				} else if !errors.As(err, &transportError) || transportError.Cause != test.want || !errors.Is(err, ErrUnreachable) {
					t.Errorf("got error %#v, want a TransportError with cause %d", err, test.want)
				}
			})
		}
	}
}

// A client certificate of another CA is refused, which is the same cause.
func TestClient_foreignClientCertificate(t *testing.T) {
	t.Parallel()
	server, ca := fusebilltest.ServeTLS(t, fusebilltest.New(fusebilltest.Options{Fleet: 1}), true)
	other, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	client := clientOf(t, server, trusting(t, ca), func(c *Config) {
		if c.ClientCertificate, err = ParseClientCertificate(string(other.ClientCertPEM), string(other.ClientKeyPEM)); err != nil {
			t.Fatal(err)
		}
	})
	_, err = client.CustomerStatus(t.Context(), 1)
	var transportError *TransportError
	if !errors.As(err, &transportError) || transportError.Cause != CauseClientCertificate {
		t.Errorf("got error %#v, want a TransportError with cause %d", err, CauseClientCertificate)
	}
}

func TestParseCertificates(t *testing.T) {
	t.Parallel()
	ca, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	other, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	caPEM, certificate, key := string(ca.CAPEM), string(ca.ClientCertPEM), string(ca.ClientKeyPEM)
	for name, test := range map[string]struct {
		bundle string
		ok     bool
	}{
		"one":            {bundle: caPEM, ok: true},
		"several":        {bundle: "# Gateway\n" + caPEM + "\r\n" + string(other.CAPEM), ok: true},
		"empty":          {bundle: ""},
		"a path":         {bundle: "/etc/ssl/ca.pem"},
		"a key":          {bundle: key},
		"cut":            {bundle: caPEM[:len(caPEM)/2]},
		"one broken":     {bundle: caPEM + strings.Replace(string(other.CAPEM), "MI", "AA", 1)},
		"one and a key":  {bundle: caPEM + key},
		"one and a path": {bundle: caPEM + "\n/etc/ssl/ca.pem", ok: true},
	} {
		if _, err := ParseCACertificates(test.bundle); (err == nil) != test.ok {
			t.Errorf("ParseCACertificates of %s: error %v, want none: %t", name, err, test.ok)
		}
	}
	for name, test := range map[string]struct {
		certificate, key string
		ok               bool
	}{
		"pair":              {certificate: certificate, key: key, ok: true},
		"with intermediate": {certificate: certificate + caPEM, key: key, ok: true},
		"key of another":    {certificate: certificate, key: string(other.ClientKeyPEM)},
		"swapped":           {certificate: key, key: certificate},
		"no key":            {certificate: certificate},
		"no certificate":    {key: key},
		"key that is cut":   {certificate: certificate, key: key[:len(key)/2]},
	} {
		_, err := ParseClientCertificate(test.certificate, test.key)
		if (err == nil) != test.ok {
			t.Errorf("ParseClientCertificate of %s: error %v, want none: %t", name, err, test.ok)
		}
		for line := range strings.Lines(key) {
			if err != nil && strings.Contains(err.Error(), strings.TrimSpace(line)) {
				t.Errorf("ParseClientCertificate of %s quotes the key: %v", name, err)
			}
		}
	}
}

// closedAddress returns a loopback address at which nothing listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	return listener.Addr().String()
}

func TestClient_causes(t *testing.T) {
	t.Parallel()
	closed := closedAddress(t)
	for name, test := range map[string]struct {
		baseURL string
		handler http.HandlerFunc
		want    Cause
	}{
		"closed port":         {baseURL: "http://" + closed, want: CauseConnectionRefused},
		"unknown name":        {baseURL: "https://fusebill.invalid", want: CauseNameResolution},
		"timeout":             {handler: fusebilltest.Faults["hang"], want: CauseTimeout},
		"timeout in the body": {handler: fusebilltest.Faults["hang-body"], want: CauseTimeout},
		"closed connection":   {handler: fusebilltest.Faults["close"], want: CauseOther},
		"cut":                 {handler: fusebilltest.Faults["cut"], want: CauseOther},
		"not HTTP":            {handler: fusebilltest.Faults["not-http"], want: CauseOther},
		"too large a header":  {handler: fusebilltest.Faults["huge-header"], want: CauseOther},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) { test.handler(w, r) }, func(c *Config) {
				if test.want == CauseTimeout {
					c.RequestTimeout = 50 * time.Millisecond
				}
				if test.baseURL != "" {
					base, err := ParseBaseURL(test.baseURL)
					if err != nil {
						t.Fatal(err)
					}
					c.BaseURL = base
				}
			})
			_, err := client.CustomerStatus(t.Context(), 1)
			var transportError *TransportError
			if !errors.As(err, &transportError) || transportError.Cause != test.want {
				t.Errorf("got error %#v, want a TransportError with cause %d", err, test.want)
			}
		})
	}
}

// What a server sends in place of HTTP can be personal data, which net/http quotes.
func TestClient_quotesNothingThatIsNotHTTP(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(connection, "{\"lastName\": \"Travis \\\"T\\\"\"}\r\n\r\n")
		_ = connection.Close()
	})
	_, err := client.CustomerStatus(t.Context(), 1)
	if err == nil || strings.Contains(err.Error(), "Travis") || !strings.Contains(err.Error(), "malformed HTTP") {
		t.Errorf("got error %v, want a malformed HTTP response that is not quoted", err)
	}
}

// environment returns a function that returns environment variables.
func environment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestProxyFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		environment  map[string]string
		target       string
		host, envVar string
		invalid      string // The environment variable that is invalid.
	}{
		"none": {target: "https://api.example.com"},
		"HTTPS": {
			environment: map[string]string{"HTTPS_PROXY": "http://proxy.example.com:3128"}, target: "https://api.example.com",
			host: "proxy.example.com:3128", envVar: "HTTPS_PROXY",
		},
		"lower case": {
			environment: map[string]string{"https_proxy": "http://proxy.example.com"}, target: "https://api.example.com",
			host: "proxy.example.com", envVar: "https_proxy",
		},
		"both cases": {
			environment: map[string]string{"HTTPS_PROXY": "http://upper.example.com", "https_proxy": "http://lower.example.com"},
			target:      "https://api.example.com", host: "upper.example.com", envVar: "HTTPS_PROXY",
		},
		"without a scheme": {
			environment: map[string]string{"HTTPS_PROXY": "proxy.example.com:3128"}, target: "https://api.example.com",
			host: "proxy.example.com:3128", envVar: "HTTPS_PROXY",
		},
		"with a password": {
			environment: map[string]string{"HTTPS_PROXY": "http://user:hunter2@proxy.example.com:3128"}, target: "https://api.example.com",
			host: "proxy.example.com:3128", envVar: "HTTPS_PROXY",
		},
		"SOCKS": {
			environment: map[string]string{"HTTPS_PROXY": "socks5://proxy.example.com:1080"}, target: "https://api.example.com",
			host: "proxy.example.com:1080", envVar: "HTTPS_PROXY",
		},
		"NO_PROXY": {
			environment: map[string]string{"HTTPS_PROXY": "http://proxy.example.com", "NO_PROXY": ".example.com"},
			target:      "https://api.example.com",
		},
		"of another scheme": {environment: map[string]string{"HTTP_PROXY": "http://proxy.example.com"}, target: "https://api.example.com"},
		"loopback":          {environment: map[string]string{"HTTPS_PROXY": "http://proxy.example.com"}, target: "https://127.0.0.1:8443"},
		"invalid host": {
			environment: map[string]string{"HTTPS_PROXY": "http://[::1"}, target: "https://api.example.com", invalid: "HTTPS_PROXY",
		},
		"invalid lower case": {
			environment: map[string]string{"https_proxy": "http://user:hunter2@[::1"}, target: "https://api.example.com",
			invalid: "https_proxy",
		},
		"invalid scheme": {
			environment: map[string]string{"HTTPS_PROXY": "ftp://hunter2@proxy.example.com"}, target: "https://api.example.com",
			invalid: "HTTPS_PROXY",
		},
		"invalid port": {
			environment: map[string]string{"HTTPS_PROXY": "http://proxy.example.com:hunter2"}, target: "https://api.example.com",
			invalid: "HTTPS_PROXY",
		},
		"scheme alone": {
			environment: map[string]string{"HTTPS_PROXY": "http://"}, target: "https://api.example.com", invalid: "HTTPS_PROXY",
		},
		"carriage return": {
			environment: map[string]string{"HTTPS_PROXY": "http://proxy.example.com:3128\r"}, target: "https://api.example.com",
			invalid: "HTTPS_PROXY",
		},
		"invalid HTTP_PROXY": {
			environment: map[string]string{"HTTP_PROXY": "http://[::1"}, target: "https://api.example.com", invalid: "HTTP_PROXY",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target, err := url.Parse(test.target)
			if err != nil {
				t.Fatal(err)
			}
			proxy, err := proxyFor(target, environment(test.environment))
			if proxy.Host != test.host || proxy.EnvVar != test.envVar {
				t.Errorf("proxyFor = %+v, want %q of %q", proxy, test.host, test.envVar)
			}
			var proxyError *ProxyError
			if errors.As(err, &proxyError) != (test.invalid != "") {
				t.Fatalf("got error %v, want a ProxyError: %t", err, test.invalid != "")
			}
			if test.invalid != "" && (proxyError.EnvVar != test.invalid || strings.Contains(err.Error(), "hunter2") ||
				!strings.Contains(err.Error(), test.invalid)) {
				t.Errorf("got error %v, want one that names %s and does not quote it", err, test.invalid)
			}
		})
	}
}

func TestClient_proxy(t *testing.T) {
	t.Parallel()
	closed := closedAddress(t)
	refusing := httptest.NewServer(respond(http.StatusProxyAuthRequired, ""))
	t.Cleanup(refusing.Close)
	failing := httptest.NewServer(respond(http.StatusBadGateway, ""))
	t.Cleanup(failing.Close)
	for name, test := range map[string]struct {
		proxy    string
		attempts int
	}{
		"closed port":       {proxy: "http://user:hunter2@" + closed, attempts: 2},
		"407":               {proxy: refusing.URL, attempts: 1},
		"502":               {proxy: failing.URL, attempts: 2},
		"unknown name":      {proxy: "http://proxy.invalid:3128", attempts: 2},
		"SOCKS closed port": {proxy: "socks5://" + closed, attempts: 2},
		"HTTPS, but HTTP":   {proxy: strings.Replace(refusing.URL, "http:", "https:", 1), attempts: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, err := ParseBaseURL("https://fusebill.invalid")
			if err != nil {
				t.Fatal(err)
			}
			client, err := NewClient(Config{
				BaseURL: base, Key: testKey, RequestTimeout: 5 * time.Second, MaxConcurrentRequests: 1, MaxRetries: 1,
				Getenv: environment(map[string]string{"HTTPS_PROXY": test.proxy}),
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.CustomerStatus(t.Context(), 1)
			var transportError *TransportError
			if !errors.As(err, &transportError) || transportError.Cause != CauseProxy || transportError.Attempts != test.attempts ||
				strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got error %v, want a TransportError of the proxy after %d attempts", err, test.attempts)
			}
		})
	}
}

// A request through a proxy reaches the API.
func TestClient_throughProxy(t *testing.T) {
	t.Parallel()
	server, ca := fusebilltest.ServeTLS(t, fusebilltest.New(fusebilltest.Options{Fleet: 1}), false)
	target, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan string, 1)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.Host
		upstream, err := new(net.Dialer).DialContext(r.Context(), "tcp", target.Host)
		if err != nil {
			panic(err)
		}
		defer func() { _ = upstream.Close() }()
		client, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer func() { _ = client.Close() }()
		_, _ = io.WriteString(client, "HTTP/1.1 200 Connection Established\r\n\r\n")
		go func() { _, _ = io.Copy(upstream, client) }()
		_, _ = io.Copy(client, upstream)
	}))
	t.Cleanup(proxy.Close)
	// Loopback hosts have no proxy, so the base URL has the name of a host that does not exist, and the
	// proxy connects to the server. The certificate is for another name, which shows that it was reached.
	client := clientOf(t, server, trusting(t, ca), func(c *Config) {
		c.Getenv = environment(map[string]string{"HTTPS_PROXY": proxy.URL})
		if c.BaseURL, err = ParseBaseURL("https://fusebill.invalid"); err != nil {
			t.Fatal(err)
		}
	})
	_, err = client.CustomerStatus(t.Context(), 1)
	var transportError *TransportError
	if !errors.As(err, &transportError) || transportError.Cause != CauseCertificate {
		t.Errorf("got error %v, want one about the server's certificate", err)
	}
	if got, want := <-asked, "CONNECT fusebill.invalid:443"; got != want {
		t.Errorf("the proxy was asked to %s, want %s", got, want)
	}
	if got := client.Proxy(); got.Host != strings.TrimPrefix(proxy.URL, "http://") || got.EnvVar != "HTTPS_PROXY" {
		t.Errorf("Proxy = %+v", got)
	}
}
