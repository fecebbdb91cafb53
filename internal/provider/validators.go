// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// integerValidator validates a number, or each number of a list, as an integer between 1 and maximum. The
// attribute is a Number, and not an Int64, because the framework reports a fraction in an Int64 as a bug of the
// provider.
type integerValidator struct {
	summary string
	maximum int64
}

var (
	// customerIDValidator validates IDs of customers in Fusebill.
	customerIDValidator = integerValidator{summary: "Invalid Customer ID", maximum: math.MaxInt64}
	// maxResultsValidator validates the maximum number of customers in a list.
	maxResultsValidator = integerValidator{summary: "Invalid Maximum Number of Results", maximum: fusebill.MaxResults}

	_ validator.Number = integerValidator{}
	_ validator.List   = integerValidator{}
)

func (v integerValidator) Description(context.Context) string {
	if v.maximum == math.MaxInt64 {
		return "must be a positive integer of at most 64 bits"
	}
	return fmt.Sprintf("must be an integer between 1 and %d", v.maximum)
}

func (v integerValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v integerValidator) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	v.validate(ctx, req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateList validates each element of a list. Null is invalid.
func (v integerValidator) ValidateList(ctx context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	for i, element := range req.ConfigValue.Elements() {
		at := req.Path.AtListIndex(i)
		if number, ok := element.(types.Number); ok && !number.IsNull() {
			v.validate(ctx, at, number, &resp.Diagnostics)
		} else {
			v.addInvalid(ctx, at, "null", &resp.Diagnostics)
		}
	}
}

// validate validates a number that is known and not null.
func (v integerValidator) validate(ctx context.Context, at path.Path, number types.Number, diags *diag.Diagnostics) {
	if number.IsNull() || number.IsUnknown() {
		return
	}
	value := number.ValueBigFloat()
	if n, accuracy := value.Int64(); accuracy != big.Exact || n < 1 || n > v.maximum {
		v.addInvalid(ctx, at, value.Text('g', 20), diags)
	}
}

func (v integerValidator) addInvalid(ctx context.Context, at path.Path, found string, diags *diag.Diagnostics) {
	diags.AddAttributeError(at, v.summary, fmt.Sprintf("%s %s, got %s.", at, v.Description(ctx), found))
}

// referenceValidator validates a customer reference that is used to look up customers.
type referenceValidator struct{}

var _ validator.String = referenceValidator{}

func (referenceValidator) Description(context.Context) string {
	return "must be a customer reference that Fusebill's query syntax can express"
}

func (v referenceValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (referenceValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := fusebill.ValidateReference(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Customer Reference",
			fmt.Sprintf("Customers cannot be looked up by %s: %s. Look up the customer by ID.", req.Path, err))
	}
}

// wholeSecondValidator validates that a timestamp has no fraction of a second, since the vendor documents none
// for filters.
type wholeSecondValidator struct{}

var _ validator.String = wholeSecondValidator{}

func (wholeSecondValidator) Description(context.Context) string {
	return "must be a timestamp in whole seconds"
}

func (v wholeSecondValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (v wholeSecondValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	// The type of the attribute reports invalid values. A value that is null or unknown is empty here.
	t, err := time.Parse(time.RFC3339, req.ConfigValue.ValueString())
	if err == nil && t.Nanosecond() != 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Timestamp",
			fmt.Sprintf("%s %s, got %s. Remove the fraction.", req.Path, v.Description(ctx), req.ConfigValue.ValueString()))
	}
}
