// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/sync/errgroup"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

const (
	defaultTimeout     = 20 * time.Minute
	timeoutDescription = "Timeout of the whole read, including retries and waiting for the rate limit, " +
		"as a [duration](https://pkg.go.dev/time#ParseDuration) such as `90s` or `20m`. Defaults to `20m`."
)

// customerKind is a kind of customer data, such as the status: its fields, and how to read it. T is the
// client's type.
type customerKind[T any] struct {
	fields []field[T]
	// hasFinancials is true if the fields include the financial fields, which a read can omit.
	hasFinancials bool
	read          func(ctx context.Context, client *fusebill.Client, id int64, options customerOptions) (*T, error)
}

// customerOptions are the arguments that the data sources and the ephemeral resource share.
type customerOptions struct {
	allowMissing      bool
	includeFinancials bool
}

// addOptions adds the schema of the arguments in customerOptions. allowMissing is the first sentence of
// the description of allow_missing.
func (k customerKind[T]) addOptions(attributes map[string]schema.Attribute, allowMissing string) {
	attributes["allow_missing"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: allowMissing + " Only a 404 response in Fusebill's own error format counts as not found. " +
			"With an API key for a different account, no customer is found; do not set this argument if the result " +
			"determines which resources exist. Defaults to `false`.",
	}
	if k.hasFinancials {
		attributes["include_financials"] = schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether to read balances and revenue. If `false`, the provider asks Fusebill to omit them, " +
				"and the eight financial attributes are null. Defaults to `true`.",
		}
	}
}

// options reads the arguments in customerOptions from a configuration.
func (k customerKind[T]) options(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) customerOptions {
	var allowMissing, includeFinancials types.Bool
	diags.Append(config.GetAttribute(ctx, path.Root("allow_missing"), &allowMissing)...)
	if k.hasFinancials {
		diags.Append(config.GetAttribute(ctx, path.Root("include_financials"), &includeFinancials)...)
	}
	return customerOptions{
		allowMissing:      allowMissing.ValueBool(),
		includeFinancials: includeFinancials.IsNull() || includeFinancials.ValueBool(),
	}
}

// withReadTimeout returns a context with the read timeout of a data source's configuration.
func withReadTimeout(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	var value timeouts.Value
	diags.Append(config.GetAttribute(ctx, path.Root("timeouts"), &value)...)
	timeout := defaultTimeout
	if !value.IsNull() {
		read, timeoutDiags := value.Read(ctx, defaultTimeout)
		diags.Append(timeoutDiags...)
		timeout = read
	}
	return withTimeout(ctx, timeout, "read", diags)
}

// withTimeout returns a context with a timeout. name is the name of the attribute of timeouts that sets it.
func withTimeout(ctx context.Context, timeout time.Duration, name string, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	if timeout <= 0 {
		diags.AddAttributeError(path.Root("timeouts").AtName(name), "Invalid Timeout",
			fmt.Sprintf("timeouts.%s must be greater than zero, got %s.", name, timeout))
	}
	return context.WithTimeout(ctx, timeout)
}

// withComputed returns the value of a configuration with the computed attributes.
func withComputed(config tfsdk.Config, computed map[string]tftypes.Value, diags *diag.Diagnostics) tftypes.Value {
	var arguments map[string]tftypes.Value
	if err := config.Raw.As(&arguments); err != nil {
		diags.AddError("Unexpected Configuration", "Unable to read the configuration: "+err.Error()+". Report this bug at "+projectURL+"/issues.")
		return tftypes.Value{}
	}
	values := maps.Clone(arguments) // As returns the map of the configuration itself.
	maps.Copy(values, computed)
	return tftypes.NewValue(config.Raw.Type(), values)
}

// readCustomers reads customers concurrently, and returns the values of the fields of those that exist, by
// ID. The IDs are distinct, and are the value of the argument at the path. A customer that does not exist
// is an error unless the options allow it.
//
// A failure that all customers share ends the read. The customers that were not read for that reason count as
// failed in the same way.
func readCustomers[T any](
	ctx context.Context, data *providerData, kind customerKind[T], at path.Path, ids []int64, options customerOptions,
) (map[int64]map[string]tftypes.Value, diag.Diagnostics) {
	if len(ids) == 0 {
		return nil, nil
	}
	if d := data.notReady(customerNames(ids, maxListedIDs)); d != nil {
		return nil, diag.Diagnostics{d}
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(data.config.MaxConcurrentRequests)
	values := make([]map[string]tftypes.Value, len(ids))
	errs := make([]error, len(ids))
	for i, id := range ids {
		group.Go(func() error {
			customer, err := kind.read(groupCtx, data.client, id, options)
			if err == nil {
				values[i] = fieldValues(kind.fields, customer)
			}
			errs[i] = err
			return sharedFailure(err)
		})
	}
	sharedErr := group.Wait()

	customers := make(map[int64]map[string]tftypes.Value, len(ids))
	var failures []failure
	for i, id := range ids {
		switch err := errs[i]; {
		case err == nil:
			customers[id] = values[i]
		case sharedErr != nil && errors.Is(err, sharedErr): // The read was canceled because of it.
			failures = append(failures, failure{id: id, err: sharedErr})
		case !options.allowMissing || !errors.Is(err, fusebill.ErrNotFound):
			failures = append(failures, failure{id: id, err: err})
		}
	}
	return customers, data.failureDiagnostics(at, failures, options)
}

// sharedFailure returns the error of a customer if reads of all other customers would fail in the same way: the
// key is refused, the rate limit cannot be met in time, or the API cannot be reached. Otherwise it returns nil.
func sharedFailure(err error) error {
	var rateLimitError *fusebill.RateLimitError
	if errors.Is(err, fusebill.ErrUnauthorized) || errors.Is(err, fusebill.ErrUnreachable) || errors.As(err, &rateLimitError) {
		return err
	}
	return nil
}
