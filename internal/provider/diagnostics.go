package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// Summaries of the diagnostics. They never hold values.
const (
	invalidCustomerIDSummary    = "Invalid Customer ID"
	notFoundSummary             = "Customer Not Found"
	authenticationSummary       = "Fusebill Authentication Failed"
	missingKeySummary           = "Missing Fusebill API Key"
	rateLimitSummary            = "Fusebill Rate Limit Reached"
	unexpectedSummary           = "Unexpected Fusebill Response"
	unreachableSummary          = "Unable to Reach Fusebill"
	unknownConfigurationSummary = "Unknown Fusebill Provider Configuration"
)

// missingKeyDetail explains that there is no key.
func (s setting) missingKeyDetail() string {
	found := "Neither is set."
	if s.given {
		found = fmt.Sprintf("The value of %s is empty.", s.origin())
	}
	return fmt.Sprintf("Reading from Fusebill needs the account's API key, in the provider's argument %s or in the environment variable %s. %s",
		s.name, s.variable, found)
}

// unknownConfigurationDiagnostic explains that the provider's arguments are not
// known yet, but something must be read.
func (c *connection) unknownConfigurationDiagnostic(id int64) diag.Diagnostic {
	return diag.NewErrorDiagnostic(unknownConfigurationSummary, fmt.Sprintf(
		"Customer %d must be read now, but the provider's argument %s depends on values that are known only after an apply. "+
			"Apply what it depends on first (with -target), or set it from a variable or an environment variable.",
		id, strings.Join(c.unknown, ", ")))
}

// readDiagnostic explains why a customer could not be read. The customer's id
// was given at the path.
func (c *connection) readDiagnostic(at path.Path, id int64, err error) diag.Diagnostic {
	asked := fmt.Sprintf("The overview of customer %d was asked for at %s. ", id, c.client.Host())
	apiError, decodeError, quotaError := (*fusebill.APIError)(nil), (*fusebill.DecodeError)(nil), (*fusebill.QuotaError)(nil)
	isAPIError := errors.As(err, &apiError)
	switch {
	case errors.Is(err, fusebill.ErrNotFound):
		return diag.NewAttributeErrorDiagnostic(at, notFoundSummary, asked+notFoundDetail(apiError))
	case errors.Is(err, fusebill.ErrUnauthorized):
		return diag.NewErrorDiagnostic(authenticationSummary, asked+fmt.Sprintf(
			"The API refused the key: %s\n\nThe key came from %s. It must be a current key of the account that has this customer, "+
				"and belongs to one environment: a production key does not work in staging, nor the other way round.",
			sentence(apiError), c.key.origin()))
	case errors.As(err, &quotaError):
		return diag.NewErrorDiagnostic(rateLimitSummary, asked+quotaDetail(quotaError))
	case isAPIError && !errors.Is(err, fusebill.ErrUnavailable):
		detail := "The API refused the request: " + sentence(apiError)
		if apiError.RedirectHost != "" {
			detail += "\n\nRedirects are not followed, so that the API key goes to no other host. Is the provider's base_url right?"
		}
		return diag.NewErrorDiagnostic(unexpectedSummary, asked+detail)
	case errors.As(err, &decodeError):
		return diag.NewErrorDiagnostic(unexpectedSummary, asked+fmt.Sprintf(
			"The answer is not understood: %s\n\nA proxy in between, or a base_url that is no Fusebill API, would explain it. "+
				"If it is Fusebill's own answer, please report it at %s/issues.", sentence(decodeError), projectURL))
	default:
		return diag.NewErrorDiagnostic(unreachableSummary, asked+c.unreachableDetail(err))
	}
}

func notFoundDetail(err *fusebill.APIError) string {
	if !err.Envelope {
		return fmt.Sprintf("The answer was %s, but not in the form of the Fusebill API, so it says little about the customer. Is the provider's base_url right?", err)
	}
	return fmt.Sprintf("The account has no such customer: %s\n\n"+
		"Check the id. It is Fusebill's own, not the account's reference for the customer; and production and staging are different accounts "+
		"with different customers. Where the customer may be missing, set allow_missing = true and look at exists.", sentence(err))
}

// quotaDetail explains that a read would have had to wait for longer than it may.
func quotaDetail(err *fusebill.QuotaError) string {
	detail := "The account's requests are used up, and the read cannot wait for more before its deadline: " + sentence(err)
	knobs := "quota_reserve_percent is the share that the provider leaves to others. "
	switch err.Window {
	case fusebill.CapWindow:
		knobs = "This limit is the provider's own requests_per_minute. "
	case "":
		knobs = ""
	}
	return detail + "\n\nEverything that uses the account spends from the same limits. Run again after that time, read fewer customers, " +
		"or let reads wait for longer with timeouts.read. " + knobs + "With TF_LOG_PROVIDER=INFO the log tells each wait."
}

func (c *connection) unreachableDetail(err error) string {
	detail := "There was no usable answer"
	if n := attempts(err); n > 1 {
		detail += fmt.Sprintf(" in %d attempts, the last of which gave", n)
	}
	detail += ": " + sentence(err)
	switch {
	case errors.Is(err, context.Canceled):
		return detail + " The read was interrupted."
	case errors.Is(err, context.DeadlineExceeded):
		return detail + " The time that timeouts.read gives the read is over."
	case errors.Is(err, fusebill.ErrRequestTimeout):
		detail += fmt.Sprintf(" The provider's request_timeout is %s.", c.config.RequestTimeout)
	}
	if c.environment.StatusPage != "" {
		return detail + fmt.Sprintf("\n\nWhether Fusebill itself has an outage is told at %s.", c.environment.StatusPage)
	}
	return detail + fmt.Sprintf("\n\nThe address is the provider's base_url, so look at what serves %s.", c.client.Host())
}

// attempts is how often the request was sent, or 0 where the error does not tell.
func attempts(err error) int {
	apiError, transportError := (*fusebill.APIError)(nil), (*fusebill.TransportError)(nil)
	switch {
	case errors.As(err, &apiError):
		return apiError.Attempts
	case errors.As(err, &transportError):
		return transportError.Attempts
	default:
		return 0
	}
}

// sentence ends an error's text with one full stop, which the API's own messages
// bring along.
func sentence(err error) string {
	return strings.TrimRight(err.Error(), ".") + "."
}
