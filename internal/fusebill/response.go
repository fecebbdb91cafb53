// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill/ratelimit"
)

// response is the outcome of one attempt.
type response struct {
	// status is the status code, or the one in the error envelope if the API returned an
	// envelope with a success status. It is 0 if no response arrived.
	status int
	header http.Header
	// body is decompressed and has no byte-order mark.
	body []byte
	// object is the JSON object in the body, and envelope the error envelope. Either is nil if the
	// body is something else.
	object   *objectDecoder
	envelope *envelope
	// bodyErr is the error of a complete body that cannot be used, or nil.
	bodyErr *DecodeError
	// err is the error of an attempt without a complete response, or nil.
	err error
	// isOpenEnded is true if the body ends with the connection, so a truncated body looks complete.
	isOpenEnded bool
}

// isTransient reports whether the attempt failed for a temporary reason.
func (r *response) isTransient() bool {
	if r.err != nil {
		return !isFinal(r.err)
	}
	switch r.status {
	case http.StatusRequestTimeout, http.StatusTooEarly:
		return true
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported, http.StatusNetworkAuthenticationRequired:
		return false
	default:
		return r.status >= 500 && r.status < 600
	}
}

// isSuccess reports whether the status is that of a response with the requested data. A proxy that
// changes a body, for example its encoding, returns 203 (RFC 9110, section 15.3.4).
func (r *response) isSuccess() bool {
	return r.status == http.StatusOK || r.status == http.StatusNonAuthoritativeInfo
}

// read reads the body, up to maxBytes after decompression, and the error envelope in it.
func (r *response) read(body io.Reader, maxBytes int) {
	encodings := contentEncodings(r.header)
	if len(encodings) > 1 || len(encodings) == 1 && encodings[0] != "gzip" {
		r.bodyErr = &DecodeError{Want: "gzip or no content encoding", Found: "content encoding " + strings.Join(encodings, ", ")}
		return
	}
	content, err := readAll(body, len(encodings) == 1, maxBytes)
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		r.bodyErr = &DecodeError{Want: "gzip data, as the content encoding states", Found: "other data"}
		return
	case err != nil:
		r.err = fmt.Errorf("the response with status %d was cut off after %d bytes: %w", r.status, len(content), err)
		return
	case len(content) > maxBytes:
		r.bodyErr = &DecodeError{Want: fmt.Sprintf("at most %d bytes", maxBytes), Found: "more"}
		return
	}
	r.body = bytes.TrimPrefix(content, []byte("\uFEFF"))
	if r.isOpenEnded && isCutOff(r.body) {
		r.err = fmt.Errorf("the response with status %d was cut off after %d bytes: %w", r.status, len(content), io.ErrUnexpectedEOF)
		return
	}
	r.object = decodeObject(r.body)
	r.envelope = decodeEnvelope(r.object)
	if r.isSuccess() && r.envelope != nil && r.envelope.status >= 400 && r.envelope.status < 600 {
		r.status = r.envelope.status
	}
}

// readAll reads a body up to one byte more than maxBytes.
func readAll(body io.Reader, zipped bool, maxBytes int) ([]byte, error) {
	if zipped {
		buffered := bufio.NewReader(body)
		start, err := buffered.Peek(len(gzipMagic))
		if len(start) == 0 && errors.Is(err, io.EOF) {
			return nil, nil // The body is empty.
		}
		if !bytes.HasPrefix([]byte(gzipMagic), start) {
			return nil, gzip.ErrHeader
		}
		reader, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		body = reader
	}
	return io.ReadAll(io.LimitReader(body, int64(maxBytes)+1))
}

// gzipMagic is the beginning of gzip data (RFC 1952, section 2.3.1).
const gzipMagic = "\x1f\x8b"

// isCutOff reports whether a body is the beginning of a JSON text.
func isCutOff(body []byte) bool {
	var syntaxError *json.SyntaxError
	err := json.Unmarshal(body, new(json.RawMessage))
	return len(body) > 0 && errors.As(err, &syntaxError) && syntaxError.Offset == int64(len(body)) && bytes.ContainsAny(body[:1], "{[")
}

// contentEncodings returns the content encodings of a body in lower case, without "identity".
// "x-gzip" is "gzip" (RFC 9110, section 8.4.1.3).
func contentEncodings(header http.Header) (encodings []string) {
	for encoding := range strings.SplitSeq(strings.Join(header.Values("Content-Encoding"), ","), ",") {
		switch encoding = strings.ToLower(strings.TrimSpace(encoding)); encoding {
		case "", "identity":
		case "x-gzip":
			encodings = append(encodings, "gzip")
		default:
			encodings = append(encodings, encoding)
		}
	}
	return encodings
}

// classify returns the error of an attempt, or nil if it is a success.
func (c *Client) classify(sent Request, r *response) error {
	switch {
	case r.err != nil:
		// A server that has responded does not require the certificate that it requests.
		certificateRequired := c.certificateWanted.Load() && c.reached.Load() == 0
		return &TransportError{Request: sent, Cause: causeOf(r.err, certificateRequired), Err: r.err, text: c.redactTransport(r.err)}
	case !r.isSuccess() || r.envelope != nil:
		return c.apiError(sent, r)
	case r.bodyErr != nil:
		return c.redactFound(r.bodyErr)
	default:
		return nil
	}
}

// apiError returns the error of a response that is not a success.
func (c *Client) apiError(sent Request, r *response) *APIError {
	e := &APIError{
		Request:    sent,
		StatusCode: r.status,
		RetryAfter: ratelimit.RetryAfter(r.header, time.Now()),
		Kind:       r.kind(),
	}
	switch {
	case r.bodyErr != nil:
		e.Body = c.redact(fmt.Sprintf("expected %s, found %s", r.bodyErr.Want, r.bodyErr.Found))
	case r.envelope != nil:
		for _, message := range r.envelope.messages {
			e.Messages = append(e.Messages, c.redact(message))
		}
	default:
		e.Body = c.redact(describeBody(r.header, r.body))
	}
	if location := r.header.Get("Location"); location != "" && r.status >= 300 && r.status < 400 {
		if target, err := c.config.BaseURL.Parse(location); err == nil {
			e.RedirectHost = c.redact(target.Host)
		}
	}
	return e
}

// kind returns the kind of the error, such as [ErrNotFound], or nil.
func (r *response) kind() error {
	switch {
	case r.status == http.StatusNotFound && r.envelope != nil && r.envelope.status == http.StatusNotFound:
		return ErrNotFound
	case r.status == http.StatusNotFound:
		return ErrUnconfirmedNotFound
	case r.status == http.StatusUnauthorized || r.status == http.StatusForbidden:
		if r.bodyErr == nil && (len(bytes.TrimSpace(r.body)) == 0 || json.Valid(r.body)) {
			return ErrUnauthorized
		}
		return ErrBlocked
	case r.status == http.StatusBadRequest && r.envelope != nil && r.envelope.isAboutKey():
		return ErrUnauthorized
	case r.status == http.StatusTooManyRequests:
		return ErrRateLimited
	case r.isTransient():
		return ErrUnavailable
	case r.status < 300 && !r.isSuccess():
		return ErrIncomplete
	default:
		return nil
	}
}
