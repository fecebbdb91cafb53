package fusebill

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill/quota"
)

// The kinds of an [APIError], for [errors.Is].
var (
	// ErrNotFound: the account has no such customer (404).
	ErrNotFound = errors.New("not found")
	// ErrUnauthorized: the key is wrong, malformed or of the other environment
	// (401, 403, or a 400 that speaks of the authorization key).
	ErrUnauthorized = errors.New("unauthorized")
	// ErrUnavailable: the API or something in front of it failed for a reason that
	// may pass (408, 5xx).
	ErrUnavailable = errors.New("unavailable")
)

// An APIError is an answer other than 200. Its texts come from the server: they
// are printable, cut, and free of the key.
type APIError struct {
	// Method and Path are of the request; Path includes the base URL's.
	Method, Path string
	// StatusCode is the HTTP status of the answer.
	StatusCode int
	// Attempts is how often the request was sent.
	Attempts int
	// ErrorID is the envelope's ErrorId, 0 where there is none.
	ErrorID int64
	// Messages are the values in the envelope's Errors. Where the body is no
	// envelope they are the body's beginning, or empty with the body.
	Messages []string
	// Envelope tells that the body was the documented error envelope, or a part
	// of it, so that this is the API's own word and not that of a proxy.
	Envelope bool
	// RedirectHost is the host that a redirect pointed to. Redirects are not
	// followed, so that the key goes to no other host.
	RedirectHost string

	// toldStatus is the envelope's own HttpStatusCode, 0 where there is none.
	toldStatus int
	// speaksOfKey tells a refused key from another bad request: the vendor
	// documents that a malformed key is a 400 with the message "Authorization key
	// is not in the correct format.", and nothing but these words sets it apart.
	speaksOfKey bool
}

func (e *APIError) Error() string {
	text := fmt.Sprintf("%s %s: %d", e.Method, e.Path, e.StatusCode)
	if status := http.StatusText(e.StatusCode); status != "" {
		text += " " + status
	}
	if e.RedirectHost != "" {
		text += ", a redirect to " + e.RedirectHost
	}
	if len(e.Messages) > 0 {
		text += ": " + strings.Join(e.Messages, "; ")
	}
	return text
}

// Is reports whether the error is of the kind target.
func (e *APIError) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized || e.StatusCode == http.StatusForbidden ||
			e.StatusCode == http.StatusBadRequest && e.speaksOfKey
	case ErrUnavailable:
		return e.StatusCode == http.StatusRequestTimeout || e.StatusCode >= 500
	default:
		return false
	}
}

// IsMissing reports whether the API itself says that the customer does not exist, in
// an envelope that repeats the status, as the vendor's page shows it. Any other 404
// does not count: a proxy, a gateway or a wrong base URL gives that for every customer.
func IsMissing(err error) bool {
	apiError := (*APIError)(nil)
	return errors.As(err, &apiError) && errors.Is(apiError, ErrNotFound) && apiError.toldStatus == apiError.StatusCode
}

// A QuotaError is a read that was refused, because the account's request windows
// do not let it be sent before its deadline.
type QuotaError = quota.Error

// CapWindow is the [QuotaError]'s window of [Config.RequestsPerMinute].
const CapWindow = quota.CapWindow

// A DecodeError is a whole answer with status 200 that is not what was asked
// for. Asking again would not mend it.
type DecodeError struct {
	// Field is the JSON name of the field that is wrong, or empty where the body
	// as a whole is.
	Field string
	// Want says what should stand there.
	Want string
	// Found is what stood there: printable, cut, and free of the key.
	Found string
}

func (e *DecodeError) Error() string {
	where := "the body"
	if e.Field != "" {
		where = "field " + e.Field
	}
	return fmt.Sprintf("%s is not %s: %s", where, e.Want, e.Found)
}

// A TransportError is a request that got no whole answer: no connection, a
// connection that broke, a time-out.
type TransportError struct {
	// Method and Path are of the request; Path includes the base URL's.
	Method, Path string
	// Attempts is how often the request was sent.
	Attempts int
	// Err is what went wrong the last time. It wraps [context.Canceled] or
	// [context.DeadlineExceeded] where the caller's context ended.
	Err error
}

func (e *TransportError) Error() string {
	return fmt.Sprintf("%s %s: %s", e.Method, e.Path, e.Err)
}

// Unwrap gives what went wrong.
func (e *TransportError) Unwrap() error { return e.Err }
