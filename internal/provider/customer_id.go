package provider

import (
	"context"
	"fmt"
	"math"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// customerIDValidator wants a number that can be a Fusebill id. The attributes
// that hold ids are Number and not Int64, because the framework answers a
// fraction in an Int64 with a diagnostic that blames the provider.
type customerIDValidator struct{}

var _ validator.Number = customerIDValidator{}

func (customerIDValidator) Description(context.Context) string {
	return "a whole number from 1 on, of at most 64 bits"
}

func (v customerIDValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (v customerIDValidator) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	number := req.ConfigValue.ValueBigFloat()
	if id, accuracy := number.Int64(); accuracy != big.Exact || id < 1 {
		resp.Diagnostics.AddAttributeError(req.Path, invalidCustomerIDSummary, fmt.Sprintf(
			"%s is %s. A Fusebill id is a whole number from 1 to %d.", req.Path, number.Text('g', 20), int64(math.MaxInt64)))
	}
}
