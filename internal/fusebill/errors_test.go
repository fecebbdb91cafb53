// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestClient_apiErrors(t *testing.T) {
	t.Parallel()
	const envelope = `{"ErrorId": 12, "HttpStatusCode": %d, "Errors": [{"Key": "Api Error", "Value": %q}]}`
	for name, test := range map[string]struct {
		status int
		header http.Header
		body   string
		kind   error
		want   APIError
	}{
		"404": {
			status: 404, body: fmt.Sprintf(envelope, 404, "CustomerOverview with id 7 not found."), kind: ErrNotFound,
			want: APIError{Messages: []string{"CustomerOverview with id 7 not found."}},
		},
		"404 with code alone":      {status: 404, body: `{"HttpStatusCode": 404}`, kind: ErrNotFound},
		"404 with code as text":    {status: 404, body: `{"HttpStatusCode": "404"}`, kind: ErrNotFound},
		"404 with byte-order mark": {status: 404, body: "\ufeff" + `{"HttpStatusCode": 404}`, kind: ErrNotFound},
		"404 in another case":      {status: 404, body: `{"httpStatusCode": 404}`, kind: ErrNotFound},
		"404 of a proxy":           {status: 404, kind: ErrUnconfirmedNotFound, body: "<html>Not here</html>", want: APIError{Body: "Not here"}},
		"404 without body":         {status: 404, kind: ErrUnconfirmedNotFound},
		"404 with an empty object": {status: 404, kind: ErrUnconfirmedNotFound, body: "{}", want: APIError{Body: "2 bytes of text/plain"}},
		"404 without code":         {status: 404, kind: ErrUnconfirmedNotFound, body: `{"ErrorId": 3, "Errors": []}`},
		"404 of another API":       {status: 404, kind: ErrUnconfirmedNotFound, body: `{"errors": [{"status": "404", "title": "Not Found"}]}`},
		"404 with another code":    {status: 404, kind: ErrUnconfirmedNotFound, body: `{"HttpStatusCode": 500}`},
		"404 of a customer": {
			status: 404, kind: ErrUnconfirmedNotFound, body: `{"HttpStatusCode": 404, "id": 7}`,
			want: APIError{Body: "32 bytes of text/plain"},
		},
		"400 with code 404": {
			status: 400, body: fmt.Sprintf(envelope, 404, "Not found."), want: APIError{Messages: []string{"Not found."}},
		},
		"401": {
			status: 401, body: fmt.Sprintf(envelope, 401, "No."), kind: ErrUnauthorized, want: APIError{Messages: []string{"No."}},
		},
		"401 without body": {status: 401, body: " \n", kind: ErrUnauthorized},
		"401 with other JSON": {
			status: 401, body: `{"message": "Unauthorized"}`, kind: ErrUnauthorized, want: APIError{Body: "27 bytes of text/plain"},
		},
		"401 with HTML":       {status: 401, kind: ErrBlocked, body: "<h1>Sign in</h1>", want: APIError{Body: "Sign in"}},
		"403 without body":    {status: 403, kind: ErrUnauthorized},
		"403 with other JSON": {status: 403, body: `"Forbidden"`, kind: ErrUnauthorized, want: APIError{Body: "11 bytes of text/plain"}},
		"403 with HTML": {
			status: 403, kind: ErrBlocked, body: "<html><h1>Access Denied</h1></html>", want: APIError{Body: "Access Denied"},
		},
		"403 with text": {status: 403, kind: ErrBlocked, body: "Forbidden", want: APIError{Body: "9 bytes of text/plain"}},
		"403 in another encoding": {
			status: 403, kind: ErrBlocked, header: http.Header{"Content-Encoding": {"br"}}, body: "xyz",
			want: APIError{Body: "expected gzip or no content encoding, found content encoding br"},
		},
		"404 in another encoding": {
			status: 404, kind: ErrUnconfirmedNotFound, header: http.Header{"Content-Encoding": {"br"}}, body: "xyz",
			want: APIError{Body: "expected gzip or no content encoding, found content encoding br"},
		},
		"404 with a location": {
			status: 404, header: http.Header{"Location": {"https://elsewhere.example.com/"}}, body: `{"HttpStatusCode": 404}`,
			kind: ErrNotFound,
		},
		"201 with a location": {status: 201, header: http.Header{"Location": {"https://a.example.com/"}}, kind: ErrIncomplete},
		"300 with a location": {
			status: 300, header: http.Header{"Location": {"https://a.example.com/"}}, want: APIError{RedirectHost: "a.example.com"},
		},
		"302 without a location": {status: 302},
		"400 with a location":    {status: 400, header: http.Header{"Location": {"https://a.example.com/"}}},
		"401 labelled gzip": {
			status: 401, header: http.Header{"Content-Encoding": {"gzip"}}, body: "Denied", kind: ErrBlocked,
			want: APIError{Body: "expected gzip data, as the content encoding states, found other data"},
		},
		"401 labelled gzip, without body": {
			status: 401, header: http.Header{"Content-Encoding": {"gzip"}}, kind: ErrUnauthorized,
		},
		"401 labelled gzip, of one byte": {
			status: 401, header: http.Header{"Content-Encoding": {"gzip"}}, body: "x", kind: ErrBlocked,
			want: APIError{Body: "expected gzip data, as the content encoding states, found other data"},
		},
		"400 about the key": {
			status: 400, body: fmt.Sprintf(envelope, 400, "Authorization key is not in the correct format."), kind: ErrUnauthorized,
			want: APIError{Messages: []string{"Authorization key is not in the correct format."}},
		},
		"400 about the key in HTML": {status: 400, body: "<p>authorization key</p>", want: APIError{Body: "authorization key"}},
		"400 about something else":  {status: 400, body: fmt.Sprintf(envelope, 400, "Bad id."), want: APIError{Messages: []string{"Bad id."}}},
		"409":                       {status: 409},
		"408":                       {status: 408, kind: ErrUnavailable},
		"425":                       {status: 425, kind: ErrUnavailable},
		"500":                       {status: 500, kind: ErrUnavailable},
		"501":                       {status: 501},
		"505":                       {status: 505},
		"507":                       {status: 507, kind: ErrUnavailable},
		"511":                       {status: 511},
		"524":                       {status: 524, kind: ErrUnavailable},
		"502 with HTML": {
			status: 502, body: "<h1>Bad\r\n\tGateway</h1>\x00\x1b[31m", kind: ErrUnavailable, want: APIError{Body: "Bad Gateway [31m"},
		},
		"503 with Retry-After": {
			status: 503, header: http.Header{"Retry-After": {"3600"}}, kind: ErrUnavailable, want: APIError{RetryAfter: time.Hour},
		},
		"204":      {status: 204, kind: ErrIncomplete},
		"206":      {status: 206, kind: ErrIncomplete, body: `{"id": 7}`, want: APIError{Body: "9 bytes of text/plain"}},
		"an array": {status: 500, body: "[1]", kind: ErrUnavailable, want: APIError{Body: "3 bytes of text/plain"}},
		"an envelope that is cut": {
			status: 500, body: `{"ErrorId": 0, "Err`, kind: ErrUnavailable, want: APIError{Body: "19 bytes of text/plain"},
		},
		"messages of wrong types": {
			status: 500, body: `{"Errors": [1, {"Value": 2}, {"Value": []}, {"Value": "x"}]}`, kind: ErrUnavailable,
			want: APIError{Messages: []string{"2", "x"}},
		},
		"errors that are not a list": {status: 500, body: `{"Errors": "x"}`, kind: ErrUnavailable},
		"200 with 404": {
			status: 200, body: fmt.Sprintf(envelope, 404, "CustomerOverview with id 7 not found."), kind: ErrNotFound,
			want: APIError{StatusCode: 404, Messages: []string{"CustomerOverview with id 7 not found."}},
		},
		"203 with 404": {status: 203, body: `{"HttpStatusCode": 404}`, kind: ErrNotFound, want: APIError{StatusCode: 404}},
		"200 with 401": {
			status: 200, body: fmt.Sprintf(envelope, 401, "No."), kind: ErrUnauthorized,
			want: APIError{StatusCode: 401, Messages: []string{"No."}},
		},
		"200 with 500": {
			status: 200, body: fmt.Sprintf(envelope, 500, "Oops."), kind: ErrUnavailable,
			want: APIError{StatusCode: 500, Messages: []string{"Oops."}},
		},
		"200 with an envelope": {
			status: 200, body: `{"ErrorId": 5, "Errors": [{"Value": "Oops."}]}`, want: APIError{Messages: []string{"Oops."}},
		},
		"200 with 399":                {status: 200, body: `{"HttpStatusCode": 399}`},
		"200 with 400":                {status: 200, body: `{"HttpStatusCode": 400}`, want: APIError{StatusCode: 400}},
		"200 with 599":                {status: 200, body: `{"HttpStatusCode": 599}`, kind: ErrUnavailable, want: APIError{StatusCode: 599}},
		"200 with 600":                {status: 200, body: `{"HttpStatusCode": 600}`},
		"200 with an impossible code": {status: 200, body: `{"HttpStatusCode": 99999}`},
		"many messages": {
			status: 500, body: `{"Errors": [` + strings.Repeat(`{"Value": "x"}, `, 1000) + `{"Value": "y"}]}`, kind: ErrUnavailable,
			want: APIError{Messages: []string{"x", "x", "x", "x", "x"}},
		},
		"a long message": {
			status: 500, body: "<p>" + strings.Repeat("é", 5000), kind: ErrUnavailable,
			want: APIError{Body: strings.Repeat("é", maxTextRunes) + "…"},
		},
		"an endless message": {
			status: 500, body: "<p>" + strings.Repeat("x", 3*maxOverviewBytes), kind: ErrUnavailable,
			want: APIError{Body: "expected at most 1048576 bytes, found more"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/plain; charset=utf-8")
				for name, values := range test.header {
					w.Header()[name] = values
				}
				respond(test.status, test.body)(w, r)
			})
			_, err := client.CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
			var got *APIError
			if !errors.As(err, &got) {
				t.Fatalf("got error %v, want an APIError", err)
			}
			for _, kind := range []error{ErrNotFound, ErrUnconfirmedNotFound, ErrUnauthorized, ErrBlocked, ErrUnavailable, ErrIncomplete} {
				if is, want := errors.Is(err, kind), errors.Is(test.kind, kind); is != want {
					t.Errorf("errors.Is(err, %q) = %t, want %t", kind, is, want)
				}
			}
			want := test.want
			want.Request = Request{Method: "GET", Path: "/v1/customers/7/overview", Attempts: 1, Unreachable: errors.Is(test.kind, ErrUnavailable)}
			want.Kind = test.kind
			if want.StatusCode == 0 {
				want.StatusCode = test.status
			}
			if diff := cmp.Diff(want, *got, cmpopts.EquateErrors()); diff != "" {
				t.Errorf("the error differs (-want +got):\n%s", diff)
			}
		})
	}
}

// The texts of errors, which users read.
func TestErrors_text(t *testing.T) {
	t.Parallel()
	request := Request{Method: "GET", Path: "/v1/customers/7/overview", Attempts: 3}
	reset := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	limit := RateLimit{Window: "day", Limit: 5000, Reset: reset}
	limited := &APIError{Request: request, StatusCode: 429, Kind: ErrRateLimited}
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"status":         {&APIError{Request: request, StatusCode: 404}, "GET /v1/customers/7/overview: 404 Not Found"},
		"unknown status": {&APIError{Request: request, StatusCode: 598}, "GET /v1/customers/7/overview: 598"},
		"messages": {
			&APIError{Request: request, StatusCode: 500, Messages: []string{"One.", "Two."}, Body: "not shown"},
			"GET /v1/customers/7/overview: 500 Internal Server Error: One.; Two.",
		},
		"body": {
			&APIError{Request: request, StatusCode: 502, Body: "Bad Gateway page"},
			"GET /v1/customers/7/overview: 502 Bad Gateway: Bad Gateway page",
		},
		"redirect": {
			&APIError{Request: request, StatusCode: 302, RedirectHost: "login.example.com", Body: "Sign in"},
			"GET /v1/customers/7/overview: 302 Found, a redirect to login.example.com: Sign in",
		},
		"transport": {&TransportError{Request: request, Err: io.EOF}, "GET /v1/customers/7/overview: EOF"},
		"transport, redacted": {
			&TransportError{Request: request, Err: io.EOF, text: `malformed "…"`}, `GET /v1/customers/7/overview: malformed "…"`,
		},
		"rate limit": {&RateLimitError{RateLimit: limit, Attempts: 1}, limit.Error()},
		"rate limit after a 429": {
			&RateLimitError{RateLimit: limit, Attempts: 1, Last: limited},
			limit.Error() + "; the API returned GET /v1/customers/7/overview: 429 Too Many Requests",
		},
		"rate limit after a failure": {
			&RateLimitError{RateLimit: limit, Attempts: 4, Last: &TransportError{Request: request, Err: io.EOF}},
			limit.Error() + "; the last of 4 attempts failed: GET /v1/customers/7/overview: EOF",
		},
		"body of a response": {&DecodeError{Want: "one JSON object", Found: "null"}, "body: expected one JSON object, found null"},
		"field":              {&DecodeError{Field: "id", Want: "7", Found: "8"}, "field id: expected 7, found 8"},
		"row":                {&DecodeError{Row: 1, Want: "a JSON object", Found: "null"}, "row 1: expected a JSON object, found null"},
		"field of a row":     {&DecodeError{Row: 2, Field: "id", Want: "7", Found: "8"}, "row 2, field id: expected 7, found 8"},
		"too many":           {&TooManyCustomersError{Count: 3, Max: 2}, "3 customers match, which exceeds the maximum of 2"},
		"too many, not counted": {
			&TooManyCustomersError{Count: 3, Max: 2, AtLeast: true}, "at least 3 customers match, which exceeds the maximum of 2",
		},
		"proxy": {&proxyStatusError{status: 407}, "the proxy returned 407 Proxy Authentication Required"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, test.want)
		}
	}
}

// An error is of the kind ErrUnreachable only if the API cannot be reached at all, and of no kind without one.
func TestErrors_kinds(t *testing.T) {
	t.Parallel()
	for _, unreachable := range []bool{true, false} {
		request := Request{Unreachable: unreachable}
		for _, err := range []error{
			&APIError{Request: request}, &APIError{Request: request, Kind: ErrUnavailable}, &TransportError{Request: request, Err: io.EOF},
		} {
			if got := errors.Is(err, ErrUnreachable); got != unreachable {
				t.Errorf("errors.Is(%#v, ErrUnreachable) = %t, want %t", err, got, unreachable)
			}
			if errors.Is(err, ErrNotFound) {
				t.Errorf("errors.Is(%#v, ErrNotFound) = true", err)
			}
		}
	}
}

// A TransportError wraps the failure of the last attempt, and the reason for which the read ended.
func TestTransportError_Unwrap(t *testing.T) {
	t.Parallel()
	for _, ended := range []error{nil, context.Canceled} {
		want := []error{io.EOF}
		if ended != nil {
			want = append(want, ended)
		}
		err := &TransportError{Request: Request{Ended: ended}, Err: io.EOF}
		if diff := cmp.Diff(want, err.Unwrap(), cmpopts.EquateErrors()); diff != "" {
			t.Errorf("ended by %v (-want +got):\n%s", ended, diff)
		}
	}
}
