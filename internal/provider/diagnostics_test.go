package provider

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// connectionTo gives a connection whose key came from its environment variable.
func connectionTo(environment fusebill.Environment) *connection {
	return &connection{
		settings: settings{
			environment: environment,
			key:         setting{argument: apiKeyArgument, fromVariable: true},
			config:      fusebill.Config{RequestTimeout: 5 * time.Second},
		},
		client: fusebill.NewClient(fusebill.Config{BaseURL: environment.BaseURL()}),
	}
}

// Every kind of failure becomes the one diagnostic that its reader needs.
func TestFailureDiagnostics(t *testing.T) {
	t.Parallel()
	apiError := func(status int, envelope bool, messages ...string) error {
		return &fusebill.APIError{Method: "GET", Path: "/v1/customers/7/overview", StatusCode: status, Messages: messages, Envelope: envelope}
	}
	transportError := func(err error) error {
		return &fusebill.TransportError{Method: "GET", Path: "/v1/customers/7/overview", Err: err}
	}
	for name, test := range map[string]struct {
		err     error
		staging bool
		summary string
		onID    bool
		details []string
	}{
		"404": {
			err: apiError(404, true, "CustomerOverview with id 7 not found."), summary: notFoundSummary, onID: true,
			details: []string{"CustomerOverview with id 7 not found.", "production and staging are different accounts", "allow_missing = true"},
		},
		"404 of a proxy": {
			err: apiError(404, false), summary: notFoundSummary, onID: true,
			details: []string{"not in the form of the Fusebill API", "base_url"},
		},
		"401": {
			err: apiError(401, true, "Denied."), summary: authenticationSummary,
			details: []string{"401 Unauthorized: Denied.", "the environment variable FUSEBILL_API_KEY", "a production key does not work in staging"},
		},
		"403": {err: apiError(403, false), summary: authenticationSummary, details: []string{"403 Forbidden"}},
		"a used-up minute": {
			err:     &fusebill.QuotaError{Window: "minute", Limit: 50, Remaining: 5, Reserve: 5, Reset: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
			summary: rateLimitSummary,
			details: []string{"the limit of 50 requests (minute) is used up until 2026-01-02T03:04:05Z: 5 remain, of which 5 are reserved", "quota_reserve_percent", "timeouts"},
		},
		"the provider's own cap": {
			err:     &fusebill.QuotaError{Window: fusebill.CapWindow, Limit: 10, Reset: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
			summary: rateLimitSummary,
			details: []string{"The provider's own requests_per_minute lets no more", "the limit of 10 requests (requests_per_minute) is reached until 2026-01-02T03:04:05Z."},
		},
		"a refusal that tells nothing": {
			err:     &fusebill.QuotaError{Reset: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
			summary: rateLimitSummary, details: []string{"refuses requests until about 2026-01-02T03:04:05Z"},
		},
		"400":             {err: apiError(400, true, "Bad id."), summary: unexpectedSummary, details: []string{"400 Bad Request: Bad id."}},
		"418":             {err: apiError(418, false), summary: unexpectedSummary, details: []string{"418"}},
		"500":             {err: apiError(500, false), summary: unreachableSummary, details: []string{"500 Internal Server Error", "status.staxbill.com"}},
		"500 of staging":  {err: apiError(500, false), staging: true, summary: unreachableSummary, details: []string{"stagingstatus.staxbill.com"}},
		"408":             {err: apiError(408, false), summary: unreachableSummary, details: []string{"408 Request Timeout"}},
		"599":             {err: apiError(599, false), summary: unreachableSummary, details: []string{"599"}},
		"a strange error": {err: errors.New("something else"), summary: unreachableSummary, details: []string{"something else."}},
		"redirect": {
			err:     &fusebill.APIError{Method: "GET", Path: "/v1/customers/7/overview", StatusCode: 302, RedirectHost: "login.example.com"},
			summary: unexpectedSummary, details: []string{"a redirect to login.example.com", "Redirects are not followed"},
		},
		"decoding": {
			err:     &fusebill.DecodeError{Field: "arBalance", Want: "a decimal number", Found: `"much"`},
			summary: unexpectedSummary, details: []string{`field arBalance is not a decimal number: "much".`, projectURL + "/issues"},
		},
		"transport":       {err: transportError(errors.New("connection reset")), summary: unreachableSummary, details: []string{"status.staxbill.com"}},
		"request timeout": {err: transportError(fusebill.ErrRequestTimeout), summary: unreachableSummary, details: []string{"request_timeout is 5s"}},
		"deadline":        {err: transportError(context.DeadlineExceeded), summary: unreachableSummary, details: []string{"timeouts"}},
		"interrupt":       {err: transportError(context.Canceled), summary: unreachableSummary, details: []string{"interrupted"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			environment := fusebill.Environments[0]
			if test.staging {
				environment = fusebill.Environments[1]
			}
			c := connectionTo(environment)
			at := path.Root("customer_id")
			diags := c.failureDiagnostics(at, []failure{{7, test.err}})
			if len(diags) != 1 {
				t.Fatalf("got %d diagnostics, want 1: %v", len(diags), diags)
			}
			got := diags[0]
			if got.Severity() != diag.SeverityError || got.Summary() != test.summary {
				t.Errorf("got %s %q, want an error %q", got.Severity(), got.Summary(), test.summary)
			}
			withPath, onPath := got.(diag.DiagnosticWithPath)
			if onID := onPath && withPath.Path().Equal(at); onID != test.onID {
				t.Errorf("that it is on customer_id is %t, want %t", onID, test.onID)
			}
			for _, want := range append(test.details, "customer 7 ", environment.BaseURL().Host) {
				if !strings.Contains(got.Detail(), want) {
					t.Errorf("the detail does not say %q:\n%s", want, got.Detail())
				}
			}
			if odd := regexp.MustCompile(`\.\.|%!|: \.|  `).FindString(got.Detail()); odd != "" {
				t.Errorf("the detail holds %q:\n%s", odd, got.Detail())
			}
		})
	}
}

// Failures of many customers are told once for each kind, with the ids: all of those
// that do not exist, and the first twenty of the others.
func TestFailureDiagnostics_many(t *testing.T) {
	t.Parallel()
	missing := &fusebill.APIError{Method: "GET", Path: "/v1/customers/1/overview", StatusCode: 404, Messages: []string{"Nobody."}, Envelope: true}
	garbage := &fusebill.DecodeError{Field: "arBalance", Want: "a decimal number", Found: `"much"`}
	from := func(first, n int64, err error) (failures []failure) {
		for id := first; id < first+n; id++ {
			failures = append(failures, failure{id, err})
		}
		return failures
	}
	list := func(first, last int64) string {
		var ids []string
		for id := first; id <= last; id++ {
			ids = append(ids, strconv.FormatInt(id, 10))
		}
		return strings.Join(ids, ", ")
	}
	for name, test := range map[string]struct {
		failures []failure
		want     []string // What the details begin with.
	}{
		"none": {},
		"two":  {from(1, 2, missing), []string{"Reading customers 1 and 2 from secure.fusebill.com failed. The first failure: The account has no such customer"}},
		"thirty that are missing": {
			from(1, 30, missing),
			[]string{"Reading customers " + list(1, 29) + " and 30 from secure.fusebill.com failed."},
		},
		"twenty that are garbage": {
			from(1, 20, garbage),
			[]string{"Reading customers " + list(1, 19) + " and 20 from secure.fusebill.com failed. The first failure: The answer is not understood"},
		},
		"1,000 that are garbage": {
			from(1, 1000, garbage),
			[]string{"Reading customers " + list(1, 20) + " and 980 more from secure.fusebill.com failed."},
		},
		"each in its way": {
			slices.Concat(from(1, 1, garbage), from(2, 1, missing), from(3, 1, garbage), from(4, 1, errors.New("broken"))),
			[]string{
				"Reading customers 1 and 3 from secure.fusebill.com failed. The first failure: The answer is not understood",
				"Reading customer 2 from secure.fusebill.com failed. The account has no such customer",
				"Reading customer 4 from secure.fusebill.com failed. There was no usable answer: broken.",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := connectionTo(fusebill.Environments[0]).failureDiagnostics(path.Root("customer_ids"), test.failures)
			if len(diags) != len(test.want) {
				t.Fatalf("got %d diagnostics, want %d: %v", len(diags), len(test.want), diags)
			}
			for i, want := range test.want {
				if !strings.HasPrefix(diags[i].Detail(), want) {
					t.Errorf("detail %d begins with %.300q, want %q", i, diags[i].Detail(), want)
				}
			}
		})
	}
}
