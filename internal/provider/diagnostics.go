// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// Summaries of the diagnostics. They contain no values.
const (
	notFoundSummary             = "Customer Not Found"
	authenticationSummary       = "Fusebill Authentication Failed"
	missingKeySummary           = "Missing Fusebill API Key"
	rateLimitSummary            = "Fusebill Rate Limit Reached"
	unexpectedSummary           = "Unexpected Fusebill Response"
	unreachableSummary          = "Unable to Reach Fusebill"
	certificateSummary          = "Unable to Verify Fusebill's Certificate"
	proxySummary                = "Invalid Proxy Environment Variable"
	unknownConfigurationSummary = "Unknown Fusebill Provider Configuration"
	tooManySummary              = "Too Many Customers"
)

// newClientDiagnostic returns the diagnostic for an error of fusebill.NewClient.
func newClientDiagnostic(err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(proxySummary,
		"Unable to use the proxy: "+sentence(err)+" Correct the environment variable, or unset it.")
}

// notReady returns a diagnostic if the provider is not configured for reads, and nil otherwise. what is the name of
// the object to read.
func (d *providerData) notReady(what string) diag.Diagnostic {
	if len(d.unknown) > 0 {
		return diag.NewErrorDiagnostic(unknownConfigurationSummary, fmt.Sprintf(
			"Unable to read %s during plan, because these provider arguments are not yet known: %s.\n\n"+
				"Apply the resources that they depend on first, using -target, or set them from an input variable or an environment variable.",
			what, strings.Join(d.unknown, ", ")))
	}
	if d.config.Key == "" {
		found := "The key is not set."
		if d.apiKey.isSet {
			found = fmt.Sprintf("The %s is empty.", d.apiKey.origin())
		}
		return diag.NewErrorDiagnostic(missingKeySummary, fmt.Sprintf(
			"Unable to read %s without an API key. %s\n\nSet the provider argument %s or the environment variable %s.",
			what, found, d.apiKey.name, d.apiKey.envVar))
	}
	return nil
}

// failure is a customer that could not be read.
type failure struct {
	id  int64
	err error
}

// maxListedIDs is the maximum number of IDs in a diagnostic.
const maxListedIDs = 20

// failureDiagnostics returns a diagnostic for each kind of failure, in the order of the failures. The IDs are
// the value of the argument at the path.
func (d *providerData) failureDiagnostics(at path.Path, failures []failure, options customerOptions) diag.Diagnostics {
	var kinds []string
	first := map[string]error{}
	ids := map[string][]int64{}
	for _, f := range failures {
		kind := summaryOf(f.err)
		if _, known := first[kind]; !known {
			kinds = append(kinds, kind)
			first[kind] = f.err
		}
		ids[kind] = append(ids[kind], f.id)
	}
	var diags diag.Diagnostics
	for _, kind := range kinds {
		detail := d.failed(customerNames(ids[kind], maxListedIDs))
		if len(ids[kind]) > 1 {
			detail += "First failure: "
		}
		detail += d.explain(first[kind])
		if kind == notFoundSummary {
			if !options.allowMissing {
				detail += " To allow missing customers, set allow_missing = true."
			}
			diags.AddAttributeError(at, kind, detail)
		} else {
			diags.AddError(kind, detail)
		}
	}
	return diags
}

// customerList names the object of a read of the list in diagnostics.
const customerList = "the list of customers"

// failed returns the beginning of the detail of a diagnostic.
func (d *providerData) failed(what string) string {
	return fmt.Sprintf("Unable to read %s from %s. ", what, d.client.Host())
}

// listDiagnostic returns the diagnostic for a list that could not be read.
func (d *providerData) listDiagnostic(err error) diag.Diagnostic {
	detail := d.failed(customerList)
	var tooMany *fusebill.TooManyCustomersError
	switch {
	case errors.As(err, &tooMany):
		return diag.NewAttributeErrorDiagnostic(path.Root("max_results"), tooManySummary,
			detail+sentence(err)+"\n\nNarrow the filter or increase max_results. Results are never truncated.")
	case errors.Is(err, fusebill.ErrListChanged):
		return diag.NewErrorDiagnostic(unexpectedSummary, detail+sentence(err)+"\n\nTry again when fewer customers are changing.")
	case errors.Is(err, fusebill.ErrNotFound), errors.Is(err, fusebill.ErrUnconfirmedNotFound):
		return diag.NewErrorDiagnostic(unexpectedSummary, detail+sentence(err)+"\n\nThe list itself does not exist at this URL. Verify base_url.")
	default:
		return diag.NewErrorDiagnostic(summaryOf(err), detail+d.explain(err))
	}
}

// customerNames lists at most maximum customers, followed by the number of those that are left.
func customerNames(ids []int64, maximum int) string {
	var names []string
	for _, id := range ids[:min(len(ids), maximum)] {
		names = append(names, strconv.FormatInt(id, 10))
	}
	if more := len(ids) - maximum; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	switch last := len(names) - 1; last {
	case 0:
		return "customer " + names[0]
	case 1:
		return "customers " + names[0] + " and " + names[1]
	default:
		return "customers " + strings.Join(names[:last], ", ") + ", and " + names[last]
	}
}

// summaryOf returns the summary of the diagnostic for an error of the client.
func summaryOf(err error) string {
	var (
		apiError       *fusebill.APIError
		decodeError    *fusebill.DecodeError
		rateLimitError *fusebill.RateLimitError
		transportError *fusebill.TransportError
	)
	switch {
	case errors.As(err, &rateLimitError), errors.Is(err, fusebill.ErrRateLimited):
		return rateLimitSummary
	case errors.Is(err, fusebill.ErrNotFound):
		return notFoundSummary
	case errors.Is(err, fusebill.ErrUnauthorized):
		return authenticationSummary
	case errors.As(err, &decodeError), errors.As(err, &apiError) && !errors.Is(err, fusebill.ErrUnavailable):
		return unexpectedSummary
	case errors.As(err, &transportError) &&
		(transportError.Cause == fusebill.CauseCertificate || transportError.Cause == fusebill.CauseClientCertificate):
		return certificateSummary
	default:
		return unreachableSummary
	}
}
