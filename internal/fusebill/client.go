// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"crypto/tls"
	"crypto/x509"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill/ratelimit"
)

// Config is the configuration of a [Client]. BaseURL, Key, RequestTimeout, and
// MaxConcurrentRequests are required.
type Config struct {
	// BaseURL is a URL from [Environment.BaseURL] or [ParseBaseURL].
	BaseURL *url.URL
	// Key is a key from [ParseKey]. The client sends it verbatim after "Basic ".
	Key string
	// UserAgent is the value of the User-Agent header.
	UserAgent string
	// RootCAs are the certificates to trust, from [ParseCACertificates], or nil for the
	// system's.
	RootCAs *x509.CertPool
	// ClientCertificate is the certificate to present to a server that asks for one, from
	// [ParseClientCertificate], or nil for none.
	ClientCertificate *tls.Certificate
	// RequestTimeout is the timeout of one attempt, from connecting to the last byte of the
	// body.
	RequestTimeout time.Duration
	// MaxRetries is the maximum number of retries of a request after a transport error, 408,
	// 425, or any 5xx status except 501, 505, and 511. A 429 does not count as a retry.
	MaxRetries int
	// MaxConcurrentRequests is the maximum number of requests in flight, at least 1.
	MaxConcurrentRequests int
	// RequestsPerMinute is a limit below the account's own, or 0 for none.
	RequestsPerMinute int
	// RateLimitReservePercent is the percentage of each of the account's rate-limit windows
	// to leave to other clients. Between 0 and 90.
	RateLimitReservePercent int
	// Getenv returns the value of a proxy environment variable. Defaults to os.Getenv.
	Getenv func(string) string
}

// A Client reads from one Fusebill account. It keeps within the account's rate limits, as
// package ratelimit describes, retries transient failures, and does not follow redirects. It
// is safe for concurrent use.
type Client struct {
	config    Config
	proxy     Proxy
	transport http.RoundTripper
	random    func() float64
	limiter   *ratelimit.Limiter
	retry     retryPolicy
	// keyPattern matches the key in each of its encodings.
	keyPattern *regexp.Regexp
	// waiting coalesces reads of the same customer that are not yet sent.
	waiting singleflight.Group
	// keyAccepted is true after a request with the key has succeeded.
	keyAccepted atomic.Bool
	// reached counts the responses that show that the API can be reached.
	reached atomic.Int64
	// certificateWanted is true after a server has requested a client certificate.
	certificateWanted atomic.Bool
}

// NewClient returns a client. It does not send a request. The error is a [*ProxyError].
func NewClient(config Config) (*Client, error) {
	getenv := config.Getenv
	if getenv == nil {
		getenv = os.Getenv
	}
	proxy, err := proxyFor(config.BaseURL, getenv)
	if err != nil {
		return nil, err
	}
	c := newClient(config, nil, rand.Float64)
	c.proxy = proxy
	c.transport = newTransport(config, proxy, &c.certificateWanted)
	return c, nil
}

// newClient returns a client that sends its requests through transport. random returns a random number
// in [0, 1).
func newClient(config Config, transport http.RoundTripper, random func() float64) *Client {
	return &Client{
		config:     config,
		transport:  transport,
		random:     random,
		retry:      retryPolicy{maxRetries: config.MaxRetries},
		keyPattern: keyPattern(config.Key),
		limiter: ratelimit.New(ratelimit.Options{
			MaxConcurrentRequests: config.MaxConcurrentRequests,
			RequestsPerMinute:     config.RequestsPerMinute,
			ReservePercent:        config.RateLimitReservePercent,
			Random:                random,
		}),
	}
}

// Host returns the host of the base URL, with the port if the URL has one.
func (c *Client) Host() string { return c.config.BaseURL.Host }

// Proxy returns the proxy that the client uses, or the zero value if it uses none.
func (c *Client) Proxy() Proxy { return c.proxy }
