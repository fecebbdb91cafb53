package provider

import (
	"context"
	"errors"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/sync/errgroup"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// The attribute of a surface's time-outs, and what the one in it means.
const (
	timeoutsName       = "timeouts"
	timeoutDescription = "How long the whole read may take, as a [duration](https://pkg.go.dev/time#ParseDuration) such as `90s` or `20m`. Default: `20m`."
)

// timeoutOf gives the time that a configuration allows for a read, with all that it
// waits for, by the method of package timeouts that the kind of surface has.
func timeoutOf[V attr.Value](ctx context.Context, config tfsdk.Config, get func(V, context.Context, time.Duration) (time.Duration, diag.Diagnostics)) (time.Duration, diag.Diagnostics) {
	const fallback = 20 * time.Minute
	var limits V
	diags := config.GetAttribute(ctx, path.Root(timeoutsName), &limits)
	if diags.HasError() || limits.IsNull() { // Or it would log that it is null.
		return fallback, diags
	}
	timeout, more := get(limits, ctx, fallback)
	return timeout, append(diags, more...)
}

// readOne reads the customer of a singular surface's configuration, and gives the
// surface's whole value.
func (c *connection) readOne(ctx context.Context, v view, config tfsdk.Config, timeout time.Duration) (tftypes.Value, diag.Diagnostics) {
	values := argumentsOf(config)
	id := values.number("customer_id")
	customers, diags := c.read(ctx, v, path.Root("customer_id"), []int64{id}, values, timeout)
	customer, exists := customers[id]
	if !exists {
		customer = fieldValues(v.fields, nil)
	}
	maps.Copy(values, customer)
	values["exists"] = tftypes.NewValue(tftypes.Bool, exists)
	return values.value(config), diags
}

// readMany reads the customers of a plural surface's configuration, and gives the
// surface's whole value.
func (c *connection) readMany(ctx context.Context, v view, config tfsdk.Config, timeout time.Duration) (tftypes.Value, diag.Diagnostics) {
	values := argumentsOf(config)
	ids := values.numbers("customer_ids")
	customers, diags := c.read(ctx, v, path.Root("customer_ids"), ids, values, timeout)
	object := objectType(v.fields).TerraformType(ctx)
	objects := make(map[string]tftypes.Value, len(customers))
	missing := []tftypes.Value{}
	for _, id := range ids {
		if customer, exists := customers[id]; exists {
			objects[strconv.FormatInt(id, 10)] = tftypes.NewValue(object, customer)
		} else {
			missing = append(missing, tftypes.NewValue(tftypes.Number, id))
		}
	}
	values[v.plural] = tftypes.NewValue(tftypes.Map{ElementType: object}, objects)
	values["missing_customer_ids"] = tftypes.NewValue(tftypes.List{ElementType: tftypes.Number}, missing)
	return values.value(config), diags
}

// read reads customers, as many at once as the provider may, and gives the view's
// values of those that exist, by id. That one does not exist is an error where the
// arguments do not allow it. The ids were given at the path.
//
// A failure that all would share, of the key or of the quota, ends the read; what
// it kept from being read counts as failed in the same way.
func (c *connection) read(ctx context.Context, v view, at path.Path, ids []int64, given arguments, timeout time.Duration) (map[int64]map[string]tftypes.Value, diag.Diagnostics) {
	if len(c.unknown) > 0 && len(ids) > 0 {
		return nil, diag.Diagnostics{c.unknownConfigurationDiagnostic(nameCustomers(ids, manyIDs))}
	}
	options := fusebill.CustomerOverviewOptions{WithoutFinancials: !v.financials || !given.boolean("include_financials", true)}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(c.config.MaxConcurrentRequests)
	values := make([]map[string]tftypes.Value, len(ids))
	errs := make([]error, len(ids))
	for i, id := range ids {
		group.Go(func() error {
			var customer *overview
			if errs[i] = context.Cause(ctx); errs[i] == nil {
				customer, errs[i] = c.client.CustomerOverview(ctx, id, options)
			}
			switch {
			case errs[i] == nil:
				values[i] = fieldValues(v.fields, customer)
			case isShared(errs[i]):
				return errs[i]
			}
			return nil
		})
	}
	sharedErr := group.Wait()

	customers := make(map[int64]map[string]tftypes.Value, len(ids))
	allowMissing := given.boolean("allow_missing", false)
	var failures []failure
	for i, id := range ids {
		switch err := errs[i]; {
		case err == nil:
			customers[id] = values[i]
		case sharedErr != nil && errors.Is(err, sharedErr):
			failures = append(failures, failure{id, sharedErr})
		case !allowMissing || !fusebill.IsMissing(err):
			failures = append(failures, failure{id, err})
		}
	}
	return customers, c.failureDiagnostics(at, failures)
}

// isShared reports whether the reads of all customers would fail in this way.
func isShared(err error) bool {
	quotaError := (*fusebill.QuotaError)(nil)
	return errors.Is(err, fusebill.ErrUnauthorized) || errors.As(err, &quotaError)
}

// arguments are the values of a surface's configuration. Its schema has seen to
// their types, and so reading one cannot fail.
type arguments map[string]tftypes.Value

// argumentsOf gives a configuration's arguments, which may be changed.
func argumentsOf(config tfsdk.Config) arguments {
	var a map[string]tftypes.Value
	_ = config.Raw.As(&a)
	return maps.Clone(a) // As gives the configuration's own map.
}

// value puts a surface's whole value together, once the rest is beside the arguments.
func (a arguments) value(config tfsdk.Config) tftypes.Value {
	return tftypes.NewValue(config.Raw.Type(), map[string]tftypes.Value(a))
}

// boolean gives an argument, or the fallback where it is null or the surface has
// none of that name.
func (a arguments) boolean(name string, fallback bool) bool {
	value := fallback
	if given := a[name]; !given.IsNull() {
		_ = given.As(&value)
	}
	return value
}

// number gives a whole number, as a validator has seen that it is, or 0 where it is
// null.
func (a arguments) number(name string) int64 { return toInt64(a[name]) }

// numbers gives a list of whole numbers, in ascending order and each of them once, or
// nil where it is null.
func (a arguments) numbers(name string) []int64 {
	numbers := list(a[name], toInt64)
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// texts gives a list of strings, or nil where it is null.
func (a arguments) texts(name string) []string { return list(a[name], toText) }

// time gives a time, as a validator has seen that it is, or the zero time where it is
// null.
func (a arguments) time(name string) time.Time {
	t, _ := time.Parse(time.RFC3339, toText(a[name]))
	return t
}

// list gives a list's elements, or nil where it is null.
func list[T any](value tftypes.Value, convert func(tftypes.Value) T) []T {
	if value.IsNull() {
		return nil
	}
	var elements []tftypes.Value
	_ = value.As(&elements)
	converted := make([]T, len(elements))
	for i, element := range elements {
		converted[i] = convert(element)
	}
	return converted
}

func toInt64(value tftypes.Value) int64 {
	var number big.Float
	if !value.IsNull() {
		_ = value.As(&number)
	}
	n, _ := number.Int64()
	return n
}

func toText(value tftypes.Value) string {
	var text string
	if !value.IsNull() {
		_ = value.As(&text)
	}
	return text
}
