// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// A Proxy is the proxy for requests to the API, as configured in the environment.
type Proxy struct {
	// Host is the host of the proxy, with the port if the URL has one, or empty without a proxy.
	Host string
	// EnvVar is the name of the environment variable that sets the proxy.
	EnvVar string

	url *url.URL
}

// A ProxyError reports a proxy environment variable with a value that is not the URL of a proxy. By
// default, net/http ignores such a value and connects directly. The error does not quote the value,
// which can contain a password.
type ProxyError struct {
	// EnvVar is the name of the environment variable.
	EnvVar string
}

func (e *ProxyError) Error() string {
	return fmt.Sprintf("the value of the environment variable %s is not the URL of a proxy, such as http://proxy.example.com:3128", e.EnvVar)
}

// proxyFor returns the proxy for requests to target, from the environment variables HTTPS_PROXY,
// HTTP_PROXY, and NO_PROXY, in upper or lower case. Requests to loopback hosts do not use a proxy.
func proxyFor(target *url.URL, getenv func(string) string) (Proxy, error) {
	first := func(names ...string) (name, value string) { // The first that is not empty.
		for _, name := range names {
			if value := getenv(name); value != "" {
				return name, value
			}
		}
		return "", ""
	}
	httpsName, httpsProxy := first("HTTPS_PROXY", "https_proxy")
	httpName, httpProxy := first("HTTP_PROXY", "http_proxy")
	_, noProxy := first("NO_PROXY", "no_proxy")
	for name, value := range map[string]string{httpsName: httpsProxy, httpName: httpProxy} {
		if value != "" && !isProxyURL(value) {
			return Proxy{}, &ProxyError{EnvVar: name}
		}
	}
	config := httpproxy.Config{HTTPSProxy: httpsProxy, HTTPProxy: httpProxy, NoProxy: noProxy, CGI: getenv("REQUEST_METHOD") != ""}
	proxyURL, err := config.ProxyFunc()(target)
	if err != nil || proxyURL == nil {
		return Proxy{}, err
	}
	name := httpsName
	if target.Scheme == "http" {
		name = httpName
	}
	return Proxy{Host: proxyURL.Host, EnvVar: name, url: proxyURL}, nil
}

// isProxyURL reports whether text is a URL with a scheme that Go supports for proxies, or a host
// with or without a port.
func isProxyURL(text string) bool {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return false
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		return true
	default:
		return false
	}
}

// proxyStatusError reports that a proxy refused to connect to the API.
type proxyStatusError struct{ status int }

func (e *proxyStatusError) Error() string {
	return fmt.Sprintf("the proxy returned %d %s", e.status, http.StatusText(e.status))
}

// checkProxyResponse returns a typed error if a proxy refuses to connect, since the error of net/http
// is untyped.
func checkProxyResponse(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return &proxyStatusError{status: resp.StatusCode}
	}
	return nil
}
