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

// customerIDValidator wants a number that can be a Fusebill id, or a list of such
// numbers. The attributes that hold ids are Number and not Int64, because the
// framework answers a fraction in an Int64 with a diagnostic that blames the
// provider.
type customerIDValidator struct{}

var (
	_ validator.Number = customerIDValidator{}
	_ validator.List   = customerIDValidator{}
)

func (customerIDValidator) Description(context.Context) string {
	return "a whole number from 1 on, of at most 64 bits"
}

func (v customerIDValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (v customerIDValidator) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	number := req.ConfigValue.ValueBigFloat()
	if id, accuracy := number.Int64(); accuracy != big.Exact || id < 1 {
		resp.Diagnostics.Append(invalidCustomerID(req.Path, number.Text('g', 20)))
	}
}

func (v customerIDValidator) ValidateList(ctx context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	for i, element := range req.ConfigValue.Elements() {
		at := req.Path.AtListIndex(i)
		number, ok := element.(types.Number)
		if !ok || number.IsNull() {
			resp.Diagnostics.Append(invalidCustomerID(at, "null"))
			continue
		}
		each := validator.NumberResponse{}
		v.ValidateNumber(ctx, validator.NumberRequest{Path: at, ConfigValue: number}, &each)
		resp.Diagnostics.Append(each.Diagnostics...)
	}
}

func invalidCustomerID(at path.Path, found string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, invalidCustomerIDSummary, fmt.Sprintf(
		"%s is %s. A Fusebill id is a whole number from 1 to %d.", at, found, int64(math.MaxInt64)))
}
