// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// Each kind of failure is one diagnostic, with what failed, what the API returned, and what to do.
func TestFailureDiagnostics(t *testing.T) {
	t.Parallel()
	const (
		get        = "GET /v1/customers/7/overview: "
		statusPage = "\n\nFor Fusebill outages, refer to https://status.staxbill.com."
		logWaits   = " To log each wait, set TF_LOG_PROVIDER=INFO."
	)
	request := func(attempts int, ended error) fusebill.Request {
		return fusebill.Request{Method: "GET", Path: "/v1/customers/7/overview", Attempts: attempts, Ended: ended}
	}
	apiError := func(status int, kind error, messages ...string) *fusebill.APIError {
		return &fusebill.APIError{Request: request(1, nil), StatusCode: status, Kind: kind, Messages: messages}
	}
	transportError := func(cause fusebill.Cause, err error) *fusebill.TransportError {
		return &fusebill.TransportError{Request: request(1, nil), Cause: cause, Err: err}
	}
	rateLimit := func(limit fusebill.RateLimit, last error) error {
		limit.Reset = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		return &fusebill.RateLimitError{RateLimit: limit, Attempts: 3, Last: last}
	}
	broken := errors.New("it broke")
	for name, test := range map[string]struct {
		err          error
		environment  fusebill.Environment // Production by default.
		baseURL      string
		allowMissing bool
		summary      string
		onID         bool
		want         string // After "Unable to read customer 7 from HOST. ".
	}{
		"404": {
			err: apiError(404, fusebill.ErrNotFound, "CustomerOverview with id 7 not found."), summary: notFoundSummary, onID: true,
			want: get + "404 Not Found: CustomerOverview with id 7 not found.\n\n" +
				"The customer does not exist in this account. Verify that the ID is the Fusebill ID, not the customer reference, " +
				"and that the API key belongs to the intended environment. To allow missing customers, set allow_missing = true.",
		},
		"404_allow_missing": { // Not a failure with allow_missing, but it must not be advised all the same.
			err: apiError(404, fusebill.ErrNotFound), allowMissing: true, summary: notFoundSummary, onID: true,
			want: get + "404 Not Found.\n\n" +
				"The customer does not exist in this account. Verify that the ID is the Fusebill ID, not the customer reference, " +
				"and that the API key belongs to the intended environment.",
		},
		"404_of_a_gateway": {
			err: apiError(404, fusebill.ErrUnconfirmedNotFound), allowMissing: true, summary: unexpectedSummary,
			want: get + "404 Not Found.\n\nThe response is not in the format of the Fusebill API, so the customer might exist. Verify base_url.",
		},
		"401": {
			err: apiError(401, fusebill.ErrUnauthorized, "Denied."), summary: authenticationSummary,
			want: "The API refused the key: " + get + "401 Unauthorized: Denied.\n\n" +
				"The key is from the environment variable FUSEBILL_API_KEY. Verify that the key is current and belongs to this account. " +
				"Keys are specific to an environment; a production key is not valid in staging.",
		},
		"403_of_a_firewall": {
			err:     &fusebill.APIError{Request: request(1, nil), StatusCode: 403, Kind: fusebill.ErrBlocked, Body: "Access Denied"},
			summary: unexpectedSummary,
			want: get + "403 Forbidden: Access Denied.\n\nThe response is not in the format of the Fusebill API. " +
				"A firewall or a proxy in front of the API refused the request, which does not mean that the API key is wrong. " +
				"Ask the administrator to allow requests from this machine to secure.fusebill.com.",
		},
		"minute": {
			err:     rateLimit(fusebill.RateLimit{Window: "minute", Limit: 50, Remaining: 5, Reserve: 5}, nil),
			summary: rateLimitSummary,
			want: "The rate limit does not allow another request before the read's deadline: " +
				"the account's limit of 50 requests per minute is exhausted and resets at 2026-01-02T03:04:05Z; " +
				"the remaining 5 are reserved for other clients.\n\nAll clients of the account share this limit. " +
				"Try again after the reset, read fewer customers, increase timeouts, or lower rate_limit_reserve_percent." + logWaits,
		},
		"day_of_unknown_limit_after_a_failure": {
			err:     rateLimit(fusebill.RateLimit{Window: "day"}, apiError(500, fusebill.ErrUnavailable)),
			summary: rateLimitSummary,
			want: "The rate limit does not allow another request before the read's deadline: " +
				"the account's limit per day is exhausted and resets at 2026-01-02T03:04:05Z; " +
				"the last of 3 attempts failed: " + get + "500 Internal Server Error.\n\n" +
				"All clients of the account share this limit. Try again after the reset, read fewer customers, or increase timeouts." + logWaits,
		},
		"requests_per_minute": {
			err:     rateLimit(fusebill.RateLimit{Window: fusebill.CapWindow, Limit: 10}, nil),
			summary: rateLimitSummary,
			want: "The provider's own requests_per_minute does not allow another request before the read's deadline: " +
				"the limit of 10 requests (requests_per_minute) is reached and resets at 2026-01-02T03:04:05Z.\n\n" +
				"Try again after the reset, read fewer customers, increase timeouts, or increase requests_per_minute." + logWaits,
		},
		"refusal_without_information": {
			err:     rateLimit(fusebill.RateLimit{}, nil),
			summary: rateLimitSummary,
			want: "The rate limit does not allow another request before the read's deadline: " +
				"the API refuses requests until about 2026-01-02T03:04:05Z.\n\n" +
				"All clients of the account share this limit. Try again after the reset, read fewer customers, or increase timeouts." + logWaits,
		},
		"400": {
			err: apiError(400, nil, "Bad id."), summary: unexpectedSummary,
			want: "The API refused the request: " + get + "400 Bad Request: Bad id.\n\nVerify base_url. If it is correct, report this error at " +
				projectURL + "/issues.",
		},
		"204": {
			err: apiError(204, fusebill.ErrIncomplete), summary: unexpectedSummary,
			want: get + "204 No Content.\n\nOnly a complete response with status 200 or 203 contains a customer. " +
				"A proxy or a gateway can cause other statuses. Verify base_url.",
		},
		"500": {
			err: apiError(500, fusebill.ErrUnavailable), summary: unreachableSummary,
			want: "No valid response. Error: " + get + "500 Internal Server Error. Try again later, or increase max_retries." + statusPage,
		},
		"500_of_staging": {
			err: apiError(500, fusebill.ErrUnavailable), environment: fusebill.Staging, summary: unreachableSummary,
			want: "No valid response. Error: " + get + "500 Internal Server Error. Try again later, or increase max_retries." +
				"\n\nFor Fusebill outages, refer to https://stagingstatus.staxbill.com.",
		},
		"503_of_a_gateway_five_times": {
			err:     &fusebill.APIError{Request: request(5, nil), StatusCode: 503, Kind: fusebill.ErrUnavailable, Body: "Down"},
			baseURL: "https://gateway.example.com:8443", summary: unreachableSummary,
			want: "No valid response after 5 attempts. Last error: " + get + "503 Service Unavailable: Down. Try again later, or increase " +
				"max_retries." +
				"\n\nCheck the server at gateway.example.com:8443, which base_url points to.",
		},
		"503_until_the_deadline": {
			err:     &fusebill.APIError{Request: request(6, context.DeadlineExceeded), StatusCode: 503, Kind: fusebill.ErrUnavailable},
			summary: unreachableSummary,
			want: "No valid response after 6 attempts. Last error: " + get + "503 Service Unavailable. " +
				"The read exceeded its timeout. Try again later, or increase timeouts." + statusPage,
		},
		"503_with_Retry-After_after_the_deadline": {
			err: &fusebill.APIError{
				Request: request(1, fusebill.ErrNoTimeToRetry), StatusCode: 503, Kind: fusebill.ErrUnavailable, RetryAfter: time.Hour,
			},
			summary: unreachableSummary,
			want: "No valid response. Error: " + get + "503 Service Unavailable. " +
				"The server asks to wait 1h. The read's timeout leaves no time for another attempt. Try again later, or increase timeouts." +
				statusPage,
		},
		"503_with_Retry-After": {
			err:     &fusebill.APIError{Request: request(2, nil), StatusCode: 503, Kind: fusebill.ErrUnavailable, RetryAfter: time.Minute},
			summary: unreachableSummary,
			want: "No valid response after 2 attempts. Last error: " + get + "503 Service Unavailable. " +
				"The server asks to wait 1m. Try again later, or increase max_retries." + statusPage,
		},
		"503_with_Retry-After_then_no_response": {
			err: &fusebill.APIError{
				Request: request(2, context.DeadlineExceeded), StatusCode: 503, Kind: fusebill.ErrUnavailable, RetryAfter: time.Second,
			},
			summary: unreachableSummary,
			want: "No valid response after 2 attempts. Last error: " + get + "503 Service Unavailable. The server asks to wait 1s. " +
				"The read exceeded its timeout. Try again later, or increase timeouts." + statusPage,
		},
		"503_and_no_time_for_the_back-off": {
			err:     &fusebill.APIError{Request: request(2, fusebill.ErrNoTimeToRetry), StatusCode: 503, Kind: fusebill.ErrUnavailable},
			summary: unreachableSummary,
			want: "No valid response after 2 attempts. Last error: " + get + "503 Service Unavailable. The read's timeout leaves no time for " +
				"another attempt. " +
				"Try again later, or increase timeouts." + statusPage,
		},
		"429_then_no_response": {
			err:     &fusebill.APIError{Request: request(2, context.DeadlineExceeded), StatusCode: 429, Kind: fusebill.ErrRateLimited},
			summary: rateLimitSummary,
			want: get + "429 Too Many Requests. The read exceeded its timeout.\n\n" +
				"All clients of the account share the rate limit. Try again later, or increase timeouts.",
		},
		"429_that_names_the_limit": {
			err:     rateLimit(fusebill.RateLimit{}, apiError(429, fusebill.ErrRateLimited, "Daily limit of 5000 requests exceeded.")),
			summary: rateLimitSummary,
			want: "The rate limit does not allow another request before the read's deadline: " +
				"the API refuses requests until about 2026-01-02T03:04:05Z; " +
				"the API returned " + get + "429 Too Many Requests: Daily limit of 5000 requests exceeded.\n\n" +
				"All clients of the account share this limit. Try again after the reset, read fewer customers, or increase timeouts." + logWaits,
		},
		"503_and_an_interrupt": {
			err:     &fusebill.APIError{Request: request(2, context.Canceled), StatusCode: 503, Kind: fusebill.ErrUnavailable},
			summary: unreachableSummary,
			want: "No valid response after 2 attempts. Last error: " + get + "503 Service Unavailable. The read was interrupted. Try again " +
				"later, or increase max_retries." + statusPage,
		},
		"redirect": {
			err:     &fusebill.APIError{Request: request(1, nil), StatusCode: 302, RedirectHost: "login.example.com"},
			summary: unexpectedSummary,
			want: get + "302 Found, a redirect to login.example.com.\n\n" +
				"The provider does not follow redirects, to avoid sending the API key to another host. Verify base_url.",
		},
		"decoding": {
			err:     &fusebill.DecodeError{Field: "arBalance", Want: "a decimal number", Found: "a string"},
			summary: unexpectedSummary,
			want: "Unable to decode the response: field arBalance: expected a decimal number, found a string.\n\n" +
				"A proxy, or a base_url that does not point to the Fusebill API, can cause this error. " +
				"If the response is from Fusebill, report it at " + projectURL + "/issues.",
		},
		"connection": {
			err: transportError(fusebill.CauseOther, broken), summary: unreachableSummary,
			want: "No valid response. Error: " + get + "it broke." + statusPage,
		},
		"name_resolution": {
			err: transportError(fusebill.CauseNameResolution, broken), summary: unreachableSummary,
			want: "No valid response. Error: " + get + "it broke.\n\nThe name of the host secure.fusebill.com cannot be resolved. Verify DNS " +
				"on this machine.",
		},
		"name_resolution_of_a_gateway": {
			err: transportError(fusebill.CauseNameResolution, broken), baseURL: "https://gateway.example.com", summary: unreachableSummary,
			want: "No valid response. Error: " + get + "it broke.\n\n" +
				"The name of the host gateway.example.com cannot be resolved. Verify DNS on this machine, and the host in base_url.",
		},
		"connection_refused": {
			err: transportError(fusebill.CauseConnectionRefused, broken), baseURL: "http://127.0.0.1:8080", summary: unreachableSummary,
			want: "No valid response. Error: " + get + "it broke.\n\nNothing accepts connections at 127.0.0.1:8080. " +
				"Check the server at 127.0.0.1:8080, which base_url points to.",
		},
		"certificate": {
			err: transportError(fusebill.CauseCertificate, broken), baseURL: "https://gateway.example.com", summary: certificateSummary,
			want: "No valid response. Error: " + get + "it broke.\n\nThe certificate of gateway.example.com is not trusted or not valid for " +
				"this host. " +
				"If a gateway or a proxy with a private CA is in front of the API, set ca_cert_pem to the CA certificate, " +
				"or the environment variable SSL_CERT_FILE to a file with it.",
		},
		"client_certificate": {
			err: transportError(fusebill.CauseClientCertificate, broken), baseURL: "https://gateway.example.com", summary: certificateSummary,
			want: "No valid response. Error: " + get + "it broke.\n\nThe server at gateway.example.com requires a client certificate that it " +
				"accepts. " +
				"Set client_cert_pem and client_key_pem.",
		},
		"timeout": {
			err: transportError(fusebill.CauseTimeout, fusebill.ErrRequestTimeout), summary: unreachableSummary,
			want: "No valid response. Error: " + get + "no complete response within the request timeout.\n\nThe provider's request_timeout is 5s. " +
				strings.TrimPrefix(statusPage, "\n\n"),
		},
		"deadline": {
			err:     &fusebill.TransportError{Request: request(1, context.DeadlineExceeded), Err: context.DeadlineExceeded},
			summary: unreachableSummary,
			want:    "No valid response. Error: " + get + "context deadline exceeded. The read exceeded its timeout." + statusPage,
		},
		"interrupt": {
			err:     &fusebill.TransportError{Request: request(1, context.Canceled), Err: context.Canceled},
			summary: unreachableSummary,
			want:    "No valid response. Error: " + get + "context canceled. The read was interrupted.",
		},
		"unknown": {err: broken, summary: unreachableSummary, want: "it broke."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			environment := test.environment
			if environment.Name == "" {
				environment = fusebill.Production
			}
			d := providerDataFor(t, environment, test.baseURL)
			at := path.Root("customer_id")
			diags := d.failureDiagnostics(at, []failure{{id: 7, err: test.err}}, customerOptions{allowMissing: test.allowMissing})
			if len(diags) != 1 {
				t.Fatalf("got %d diagnostics, want 1: %v", len(diags), diags)
			}
			got := diags[0]
			if got.Severity() != diag.SeverityError || got.Summary() != test.summary {
				t.Errorf("got %s %q, want an error %q", got.Severity(), got.Summary(), test.summary)
			}
			withPath, onPath := got.(diag.DiagnosticWithPath)
			if onID := onPath && withPath.Path().Equal(at); onID != test.onID {
				t.Errorf("on customer_id = %t, want %t", onID, test.onID)
			}
			want := fmt.Sprintf("Unable to read customer 7 from %s. %s", d.client.Host(), test.want)
			if diff := cmp.Diff(want, got.Detail()); diff != "" {
				t.Errorf("the detail differs (-want +got):\n%s", diff)
			}
		})
	}
}
