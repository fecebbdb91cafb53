// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill/ratelimit"
)

// The kinds of errors, for [errors.Is].
var (
	// ErrNotFound means that the account does not have the customer: the API returned 404
	// in its own error envelope, which repeats the status. A proxy, a gateway, or a wrong base
	// URL can cause any other 404, for every customer.
	ErrNotFound = errors.New("not found")
	// ErrUnconfirmedNotFound means a 404 without the error envelope of the API. The customer might
	// exist.
	ErrUnconfirmedNotFound = errors.New("not found, but not by the API")
	// ErrUnauthorized means that the key is wrong, malformed, or for another environment: the
	// API returned 401, 403, or a 400 about the authorization key.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrBlocked means that a firewall or a proxy refused the request: a 401 or 403 with HTML or
	// text. The key might be valid.
	ErrBlocked = errors.New("blocked")
	// ErrRateLimited means a 429, after which the read ended for another reason.
	ErrRateLimited = errors.New("rate limited")
	// ErrIncomplete means a 1xx or 2xx status other than 200 and 203, such as 204 or 206. The
	// response does not contain a complete customer.
	ErrIncomplete = errors.New("incomplete")
	// ErrUnavailable means that the API or a gateway failed temporarily: 408,
	// 425, or most 5xx statuses.
	ErrUnavailable = errors.New("unavailable")
	// ErrNoTimeToRetry means that the deadline leaves no time for another attempt, because of the
	// back-off or Retry-After. It wraps [context.DeadlineExceeded].
	ErrNoTimeToRetry = fmt.Errorf("no time for another attempt: %w", context.DeadlineExceeded)
	// ErrUnreachable means that the API cannot be reached at all: all attempts of a read failed,
	// and no other request of the client has received a response since the first attempt.
	// Reads of other customers would fail in the same way.
	ErrUnreachable = errors.New("unreachable")
)

// Request describes the request of an error.
type Request struct {
	// Method and Path are those of the request. Path includes the path of the base URL.
	Method, Path string
	// Attempts is the number of times the request was sent.
	Attempts int
	// Ended is the reason that the read ended before its retries were exhausted:
	// [ErrNoTimeToRetry], or the cause of the context's end. It is nil otherwise.
	Ended error
	// Unreachable is whether the error is of the kind [ErrUnreachable].
	Unreachable bool
}

func (r *Request) request() *Request { return r }

// An APIError is a response that is not a success. Its texts are from the server. They are
// printable, truncated, and do not contain the key.
type APIError struct {
	Request
	// StatusCode is the HTTP status code of the response, or the one in the error envelope if
	// the API returned an envelope with status 200.
	StatusCode int
	// Messages are the messages of the error envelope.
	Messages []string
	// Body describes a body that is not the error envelope: the text of an HTML page, or the
	// length and type of any other body. It is empty if the body is empty.
	Body string
	// RedirectHost is the host that a redirect points to.
	RedirectHost string
	// RetryAfter is the wait that the server asks for, or 0.
	RetryAfter time.Duration
	// Kind is one of the kinds above except [ErrUnreachable], or nil.
	Kind error
}

func (e *APIError) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s: %d", e.Method, e.Path, e.StatusCode)
	if status := http.StatusText(e.StatusCode); status != "" {
		text.WriteString(" " + status)
	}
	if e.RedirectHost != "" {
		text.WriteString(", a redirect to " + e.RedirectHost)
	}
	switch {
	case len(e.Messages) > 0:
		text.WriteString(": " + strings.Join(e.Messages, "; "))
	case e.Body != "":
		text.WriteString(": " + e.Body)
	}
	return text.String()
}

// Is reports whether the error is of the kind target.
func (e *APIError) Is(target error) bool {
	return target == e.Kind || target == ErrUnreachable && e.Unreachable
}

// Unwrap returns Ended.
func (e *APIError) Unwrap() error { return e.Ended }

// A TransportError is a request without a complete response.
type TransportError struct {
	Request
	// Cause is the kind of the failure.
	Cause Cause
	// Err is the failure of the last attempt.
	Err error

	// text is the redacted text of Err. If it is empty, Err needs no redaction.
	text string
}

func (e *TransportError) Error() string {
	text := e.text
	if text == "" {
		text = e.Err.Error()
	}
	return fmt.Sprintf("%s %s: %s", e.Method, e.Path, text)
}

// Is reports whether the error is of the kind target.
func (e *TransportError) Is(target error) bool {
	return target == ErrUnreachable && e.Unreachable
}

// Unwrap returns Err and Ended.
func (e *TransportError) Unwrap() []error {
	if e.Ended == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Ended}
}

// A RateLimitError is a read that ended because the account's rate limit does not allow another
// request before the read's deadline.
type RateLimitError struct {
	// RateLimit describes the exhausted window.
	RateLimit
	// Attempts is the number of times the request was sent.
	Attempts int
	// Last is the last failure other than a 429, or a 429 if the window is not known, or nil.
	Last error
}

// RateLimit is the exhausted window of a [RateLimitError].
type RateLimit = ratelimit.Error

func (e *RateLimitError) Error() string {
	text := e.RateLimit.Error()
	switch {
	case errors.Is(e.Last, ErrRateLimited):
		text += fmt.Sprintf("; the API returned %s", e.Last)
	case e.Last != nil:
		text += fmt.Sprintf("; the last of %d attempts failed: %s", e.Attempts, e.Last)
	}
	return text
}

// Unwrap returns Last.
func (e *RateLimitError) Unwrap() error { return e.Last }

// CapWindow is the window of [Config.RequestsPerMinute] in a [RateLimitError].
const CapWindow = ratelimit.CapWindow

// A DecodeError is a complete, successful response with an unexpected body. A retry would not help.
type DecodeError struct {
	// Row is the number of the invalid row of a list, starting at 1. It is 0 if the response is
	// not a list, or if the list as a whole is invalid.
	Row int
	// Field is the JSON name of the invalid field. It is empty if the body as a whole is invalid.
	Field string
	// Want describes the valid values.
	Want string
	// Found describes the value without personal data. It is printable, truncated, and does not
	// contain the key.
	Found string
}

func (e *DecodeError) Error() string {
	place := "body"
	if e.Row > 0 {
		place = fmt.Sprintf("row %d", e.Row)
	}
	if e.Field != "" && e.Row > 0 {
		place += ", field " + e.Field
	} else if e.Field != "" {
		place = "field " + e.Field
	}
	return fmt.Sprintf("%s: expected %s, found %s", place, e.Want, e.Found)
}

// ended returns the error of a read that ends before its retries are exhausted. reason is the error
// of the rate limiter or the cause of the context's end. last is the last failure, or nil.
func ended(sent Request, reason, last error) error {
	var limit *ratelimit.Error
	if errors.As(reason, &limit) {
		if limit.Window != "" && errors.Is(last, ErrRateLimited) {
			last = nil // The rate limit explains the 429.
		}
		return &RateLimitError{RateLimit: *limit, Attempts: sent.Attempts, Last: last}
	}
	if last == nil {
		last = &TransportError{Request: sent, Cause: CauseOther, Err: reason}
	}
	if r := requestOf(last); r != nil {
		r.Attempts, r.Ended = sent.Attempts, reason
	}
	return last
}

// final returns the error of a read after its last attempt. late is whether the deadline alone
// prevented another attempt.
func final(failure error, late, unreachable bool) error {
	if r := requestOf(failure); r != nil {
		r.Unreachable = unreachable
		if late {
			r.Ended = ErrNoTimeToRetry
		}
	}
	return failure
}

// requestOf returns the request of an error for modification, or nil.
func requestOf(err error) *Request {
	if e, ok := err.(interface{ request() *Request }); ok {
		return e.request()
	}
	return nil
}
