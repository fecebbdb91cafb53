// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

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
		"HTTP": {
			environment: map[string]string{"HTTP_PROXY": "http://proxy.example.com", "HTTPS_PROXY": "http://other.example.com"},
			target:      "http://api.example.com", host: "proxy.example.com", envVar: "HTTP_PROXY",
		},
		"loopback": {environment: map[string]string{"HTTPS_PROXY": "http://proxy.example.com"}, target: "https://127.0.0.1:8443"},
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

// In a CGI program, a client of the server sets HTTP_PROXY: https://httpoxy.org.
func TestProxyFor_cgi(t *testing.T) {
	t.Parallel()
	variables := environment(map[string]string{"HTTP_PROXY": "http://proxy.example.com", "REQUEST_METHOD": "GET"})
	proxy, err := proxyFor(&url.URL{Scheme: "http", Host: "api.example.com"}, variables)
	if proxy != (Proxy{}) || err == nil {
		t.Errorf("proxyFor = %+v, %v; want an error", proxy, err)
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
				BaseURL: base, Key: testKey, RequestTimeout: time.Minute, MaxConcurrentRequests: 1, MaxRetries: 1,
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
