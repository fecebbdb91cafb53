package fusebill

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// ErrRequestTimeout is wrapped by a [TransportError] when an attempt took longer
// than [Config.RequestTimeout].
var ErrRequestTimeout = errors.New("no complete answer within the request time-out")

// call is one request to the API, however often it has to be sent. It travels in
// the context of the request.
type call struct {
	// logged is what the log says of it.
	logged map[string]any
	// maxBytes is the most that is read of the answer, after decompression.
	maxBytes int64
	// attempts is how often it was sent so far.
	attempts int
	// sending, where there is one, is called each time before it is sent.
	sending func()
}

type callKey struct{}

// attempter sends a request once, and reads the answer to its end, or to one byte
// past the call's limit: a body that breaks off is an attempt that failed, and the
// time-out covers all of it.
type attempter struct {
	next    http.RoundTripper
	timeout time.Duration
}

func (a attempter) RoundTrip(request *http.Request) (*http.Response, error) {
	call, _ := request.Context().Value(callKey{}).(*call)
	call.attempts++
	if call.sending != nil {
		call.sending()
	}
	ctx, cancel := context.WithTimeoutCause(request.Context(), a.timeout, ErrRequestTimeout)
	defer cancel()
	start := time.Now()
	response, err := a.exchange(request.WithContext(ctx), call.maxBytes)
	fields := maps.Clone(call.logged)
	fields["attempt"] = call.attempts
	fields["duration_ms"] = time.Since(start).Milliseconds()
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		fields["error"] = err.Error()
		tflog.Debug(ctx, "Fusebill request failed", fields)
		return nil, err
	}
	fields["status"] = response.StatusCode
	for name, header := range map[string]string{
		"remaining_minute": "X-Rate-Limit-Remaining-Minute",
		"remaining_day":    "X-Rate-Limit-Remaining-Day",
	} {
		if remaining := response.Header.Get(header); remaining != "" {
			fields[name] = remaining
		}
	}
	tflog.Debug(ctx, "Fusebill answered", fields)
	return response, nil
}

func (a attempter) exchange(request *http.Request, maxBytes int64) (*http.Response, error) {
	response, err := a.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	closeErr := response.Body.Close()
	if err = errors.Join(err, closeErr); err != nil {
		return nil, fmt.Errorf("the answer broke off after %d bytes: %w", len(body), err)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}
