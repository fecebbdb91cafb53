package provider

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// Summaries of the diagnostics. They never hold values.
const (
	notFoundSummary             = "Customer Not Found"
	authenticationSummary       = "Fusebill Authentication Failed"
	missingKeySummary           = "Missing Fusebill API Key"
	rateLimitSummary            = "Fusebill Rate Limit Reached"
	unexpectedSummary           = "Unexpected Fusebill Response"
	unreachableSummary          = "Unable to Reach Fusebill"
	unknownConfigurationSummary = "Unknown Fusebill Provider Configuration"
	tooManySummary              = "Too Many Customers"
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
func (c *connection) unknownConfigurationDiagnostic(what string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(unknownConfigurationSummary, fmt.Sprintf(
		"Reading %s is due now, but the provider's argument %s depends on values that are known only after an apply. "+
			"Apply what it depends on first (with -target), or set it from a variable or an environment variable.",
		what, strings.Join(c.unknown, ", ")))
}

// A failure is a customer that could not be read.
type failure struct {
	id  int64
	err error
}

// manyIDs is how many ids a diagnostic names at most, where it need not name all.
const manyIDs = 20

// failureDiagnostics explains why customers could not be read, each kind of failure
// once, in the order of the failures. The ids were given at the path.
func (c *connection) failureDiagnostics(at path.Path, failures []failure) diag.Diagnostics {
	var kinds []string
	details := map[string]string{}
	ids := map[string][]int64{}
	for _, f := range failures {
		kind, detail := c.explain(f.err)
		if _, known := details[kind]; !known {
			kinds = append(kinds, kind)
			details[kind] = detail
		}
		ids[kind] = append(ids[kind], f.id)
	}
	var diags diag.Diagnostics
	for _, kind := range kinds {
		most := manyIDs
		if kind == notFoundSummary {
			most = len(ids[kind])
		}
		detail := c.failed(nameCustomers(ids[kind], most))
		if len(ids[kind]) > 1 {
			detail += "The first failure: "
		}
		detail += details[kind]
		if kind == notFoundSummary {
			diags.AddAttributeError(at, kind, detail)
		} else {
			diags.AddError(kind, detail)
		}
	}
	return diags
}

// failed begins to explain why something could not be read.
func (c *connection) failed(what string) string {
	return fmt.Sprintf("Reading %s from %s failed. ", what, c.client.Host())
}

// listDiagnostic explains why the list of customers could not be read.
func (c *connection) listDiagnostic(err error) diag.Diagnostic {
	asked := c.failed(listOfCustomers)
	apiError, tooMany := (*fusebill.APIError)(nil), (*fusebill.TooManyCustomersError)(nil)
	switch {
	case errors.As(err, &tooMany):
		return diag.NewAttributeErrorDiagnostic(path.Root("max_results"), tooManySummary, asked+
			sentence(err)+" Narrow the filter down, or raise max_results; nothing is cut off silently.")
	case errors.Is(err, fusebill.ErrListChanged):
		return diag.NewErrorDiagnostic(unexpectedSummary, asked+sentence(err)+" Run again when fewer customers are being changed.")
	case errors.Is(err, fusebill.ErrNotFound) && errors.As(err, &apiError):
		return diag.NewErrorDiagnostic(unexpectedSummary, asked+"The list itself was not found: "+sentence(apiError)+" Is the provider's base_url right?")
	default:
		summary, detail := c.explain(err)
		return diag.NewErrorDiagnostic(summary, asked+detail)
	}
}

// listOfCustomers is what a list reads, for whoever reads a diagnostic.
const listOfCustomers = "the list of customers"

// nameCustomers names customers, so many of them at most.
func nameCustomers(ids []int64, most int) string {
	if len(ids) == 1 {
		return fmt.Sprintf("customer %d", ids[0])
	}
	var text strings.Builder
	for i, id := range ids[:min(len(ids), most)] {
		switch {
		case i == 0:
			text.WriteString("customers ")
		case i == len(ids)-1:
			text.WriteString(" and ")
		default:
			text.WriteString(", ")
		}
		text.WriteString(strconv.FormatInt(id, 10))
	}
	if more := len(ids) - most; more > 0 {
		fmt.Fprintf(&text, " and %d more", more)
	}
	return text.String()
}

// explain tells what kind of failure an error is, as a diagnostic's summary, and
// what there is to say of it.
func (c *connection) explain(err error) (summary, detail string) {
	apiError, decodeError, quotaError := (*fusebill.APIError)(nil), (*fusebill.DecodeError)(nil), (*fusebill.QuotaError)(nil)
	isAPIError := errors.As(err, &apiError)
	switch {
	case errors.Is(err, fusebill.ErrNotFound):
		return notFoundSummary, notFoundDetail(apiError)
	case errors.Is(err, fusebill.ErrUnauthorized):
		return authenticationSummary, fmt.Sprintf(
			"The API refused the key: %s\n\nThe key came from %s. It must be a current key of the right account, "+
				"and belongs to one environment: a production key does not work in staging, nor the other way round.",
			sentence(apiError), c.key.origin())
	case errors.As(err, &quotaError):
		return rateLimitSummary, quotaDetail(quotaError)
	case isAPIError && !errors.Is(err, fusebill.ErrUnavailable):
		detail := "The API refused the request: " + sentence(apiError)
		if apiError.RedirectHost != "" {
			detail += "\n\nRedirects are not followed, so that the API key goes to no other host. Is the provider's base_url right?"
		}
		return unexpectedSummary, detail
	case errors.As(err, &decodeError):
		return unexpectedSummary, fmt.Sprintf(
			"The answer is not understood: %s\n\nA proxy in between, or a base_url that is no Fusebill API, would explain it. "+
				"If it is Fusebill's own answer, please report it at %s/issues.", sentence(decodeError), projectURL)
	default:
		return unreachableSummary, c.unreachableDetail(err)
	}
}

func notFoundDetail(err *fusebill.APIError) string {
	if !err.Envelope {
		return fmt.Sprintf("The answer was %s, but not in the form of the Fusebill API, so it says little about the customer. Is the provider's base_url right?", err)
	}
	return fmt.Sprintf("The account has no such customer: %s\n\n"+
		"Check the id. It is Fusebill's own, not the account's reference for the customer; and production and staging are different accounts "+
		"with different customers. Where customers may be missing, set allow_missing = true.", sentence(err))
}

// quotaDetail explains that a read would have had to wait for longer than it may.
func quotaDetail(err *fusebill.QuotaError) string {
	const (
		waits = "Run again after that time, read fewer customers, or let reads wait for longer with timeouts. "
		log   = "With TF_LOG_PROVIDER=INFO the log tells each wait."
	)
	if err.Window == fusebill.CapWindow {
		return "The provider's own requests_per_minute lets no more be sent before the read's deadline: " + sentence(err) + "\n\n" + waits +
			"Or raise requests_per_minute: the account's own limits are kept in any case. " + log
	}
	knobs := ""
	if err.Window != "" {
		knobs = "quota_reserve_percent is the share that the provider leaves to others. "
	}
	return "The account's requests are used up, and the read cannot wait for more before its deadline: " + sentence(err) +
		"\n\nEverything that uses the account spends from the same limits. " + waits + knobs + log
}

func (c *connection) unreachableDetail(err error) string {
	if errors.Is(err, context.Canceled) {
		return "There was no usable answer: " + sentence(err) + " The read was interrupted."
	}
	late := errors.Is(err, context.DeadlineExceeded)
	detail := "There was no usable answer"
	switch n := attempts(err); {
	case n > 1 && late:
		detail += fmt.Sprintf(" in %d attempts", n)
	case n > 1:
		detail += fmt.Sprintf(" in %d attempts, the last of which gave", n)
	}
	detail += ": " + sentence(err)
	switch {
	case late:
		detail += " The time that timeouts gives the read is over."
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
