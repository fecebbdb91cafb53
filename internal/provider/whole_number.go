package provider

import (
	"context"
	"fmt"
	"math"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// wholeNumberValidator wants a whole number from 1 on, of at most 64 bits, or a list
// of such numbers. What it looks at is Number and not Int64, because the framework
// answers a fraction in an Int64 with a diagnostic that blames the provider.
type wholeNumberValidator struct {
	summary string
	// noun is what the number is.
	noun string
}

// customerIDValidator wants what can be a Fusebill id.
var customerIDValidator = wholeNumberValidator{summary: "Invalid Customer ID", noun: "A Fusebill id"}

var (
	_ validator.Number = wholeNumberValidator{}
	_ validator.List   = wholeNumberValidator{}
)

// Description is for tools that show what a validator wants.
func (v wholeNumberValidator) Description(context.Context) string {
	return fmt.Sprintf("%s is a whole number from 1 to %d", v.noun, int64(math.MaxInt64))
}

// MarkdownDescription is the same.
func (v wholeNumberValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateNumber looks at a number that is there and known.
func (v wholeNumberValidator) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	number := req.ConfigValue.ValueBigFloat()
	if n, accuracy := number.Int64(); accuracy != big.Exact || n < 1 {
		resp.Diagnostics.Append(v.invalid(ctx, req.Path, number.Text('g', 20)))
	}
}

// ValidateList looks at each number of a list, none of which may be null.
func (v wholeNumberValidator) ValidateList(ctx context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	for i, element := range req.ConfigValue.Elements() {
		at := req.Path.AtListIndex(i)
		number, ok := element.(types.Number)
		if !ok || number.IsNull() {
			resp.Diagnostics.Append(v.invalid(ctx, at, "null"))
			continue
		}
		each := validator.NumberResponse{}
		v.ValidateNumber(ctx, validator.NumberRequest{Path: at, ConfigValue: number}, &each)
		resp.Diagnostics.Append(each.Diagnostics...)
	}
}

func (v wholeNumberValidator) invalid(ctx context.Context, at path.Path, found string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, v.summary, fmt.Sprintf("%s is %s. %s.", at, found, v.Description(ctx)))
}
