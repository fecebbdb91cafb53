// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill/ratelimit"
)

// resource is a resource of the API to read.
type resource struct {
	// path is relative to the base URL.
	path  string
	query url.Values
	// maxBytes is the maximum size of the body after decompression.
	maxBytes int
	// logFields identify the resource in the log.
	logFields map[string]any
	// onSend, if not nil, is called before the first attempt is sent.
	onSend func()
}

// get reads a resource and returns the response if it is a success. It is the only method that
// performs network I/O. It waits for the rate limiter before each attempt, retries transient
// failures, and resends after a 429, which is not a failure.
//
// The error is an [*APIError], a [*DecodeError], a [*RateLimitError], or a [*TransportError]. If the
// context ends the read, the error still reports the last response or transport error.
func (c *Client) get(ctx context.Context, r resource) (*response, error) {
	ctx = tflog.MaskMessageRegexes(tflog.MaskAllFieldValuesRegexes(ctx, c.keyPattern), c.keyPattern)
	target := c.config.BaseURL.JoinPath(r.path)
	target.RawQuery = r.query.Encode()

	sent := Request{Method: http.MethodGet, Path: target.Path}
	reachedBefore := c.reached.Load()
	deadline, _ := ctx.Deadline()
	var last error // The last failure other than a 429, or a 429 if there is no other.
	var retries retryCount
	for {
		done, err := c.limiter.Acquire(ctx)
		if err != nil {
			return nil, ended(sent, err, last)
		}
		if sent.Attempts == 0 && r.onSend != nil {
			r.onSend()
		}
		sent.Attempts++
		resp := c.attempt(ctx, target, r, sent.Attempts)
		done(resp.status, resp.header)
		reached := resp.err == nil && !resp.isTransient()
		if reached {
			c.reached.Add(1)
		}

		failure := c.classify(sent, resp)
		if failure == nil {
			c.keyAccepted.Store(true)
			return resp, nil
		}
		if resp.err != nil && ctx.Err() != nil {
			return nil, ended(sent, context.Cause(ctx), cmp.Or(last, failure))
		}
		if resp.status == http.StatusTooManyRequests {
			last = cmp.Or(last, failure) // The error of the limiter has more detail.
			continue
		}
		next := c.retry.next(resp, retries, c.keyAccepted.Load(), time.Now(), deadline, c.random())
		if !next.retry {
			return nil, final(failure, next.late, !reached && !next.late && c.reached.Load() == reachedBefore)
		}
		last, retries = failure, next.retries
		if !sleep(ctx, next.wait) {
			return nil, ended(sent, context.Cause(ctx), failure)
		}
	}
}

// attempt sends a request once. The timeout includes reading the body.
func (c *Client) attempt(ctx context.Context, target *url.URL, r resource, number int) *response {
	ctx, cancel := context.WithTimeoutCause(ctx, c.config.RequestTimeout, ErrRequestTimeout)
	defer cancel()
	start := time.Now()
	resp := c.exchange(ctx, target, r.maxBytes)

	fields := map[string]any{"attempt": number, "duration_ms": time.Since(start).Milliseconds()}
	maps.Copy(fields, r.logFields)
	if resp.err != nil {
		if ctx.Err() != nil {
			resp.err = context.Cause(ctx)
		}
		// Connections can die silently and together, so the next attempt must use a new one.
		c.closeIdleConnections()
		fields["error"] = c.redactTransport(resp.err)
		tflog.Debug(ctx, "Fusebill request failed", fields)
		return resp
	}
	fields["status"] = resp.status
	perMinute, perDay := ratelimit.Remaining(resp.header)
	if perMinute != "" {
		fields["remaining_minute"] = perMinute
	}
	if perDay != "" {
		fields["remaining_day"] = perDay
	}
	tflog.Debug(ctx, "Received Fusebill response", fields)
	return resp
}

// exchange sends an authenticated GET request and reads the response.
func (c *Client) exchange(ctx context.Context, target *url.URL, maxBytes int) *response {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return &response{err: err}
	}
	req.Header.Set("Authorization", "Basic "+c.config.Key)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", c.config.UserAgent)
	httpResp, err := c.transport.RoundTrip(req) // Unlike an http.Client, it does not follow redirects.
	if err != nil {
		return &response{err: err}
	}
	defer func() { _ = httpResp.Body.Close() }() // The body has been read.
	resp := &response{status: httpResp.StatusCode, header: httpResp.Header}
	// Without a length and without chunks, the body ends with the connection.
	resp.isOpenEnded = httpResp.Close && httpResp.ContentLength < 0 && len(httpResp.TransferEncoding) == 0
	resp.read(httpResp.Body, maxBytes)
	return resp
}

// closeIdleConnections closes the connections that no request uses.
func (c *Client) closeIdleConnections() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
