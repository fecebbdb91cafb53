// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// number returns a number of a configuration.
func number(t *testing.T, text string) types.Number {
	t.Helper()
	value, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	return types.NumberValue(value)
}

// details returns the summary and the detail of each diagnostic.
func details(diags diag.Diagnostics) (details []string) {
	for _, d := range diags {
		details = append(details, d.Summary()+": "+d.Detail())
	}
	return details
}

func TestIntegerValidator(t *testing.T) {
	t.Parallel()
	const id, results = "Invalid Customer ID: x must be a positive integer of at most 64 bits, got ", "Invalid Maximum Number of " +
		"Results: x must be an integer between 1 and 1000000, got "
	for text, want := range map[string][]string{ // For an ID and for a maximum number of results.
		"1":                    {"", ""},
		"1000000":              {"", ""},
		"1000001":              {"", results + "1000001."},
		"9223372036854775807":  {"", results + "9223372036854775807."},
		"9223372036854775808":  {id + "9223372036854775808.", results + "9223372036854775808."},
		"0":                    {id + "0.", results + "0."},
		"-1":                   {id + "-1.", results + "-1."},
		"1.5":                  {id + "1.5.", results + "1.5."},
		"1e300":                {id + "1e+300.", results + "1e+300."},
		"0.999999999999999999": {id + "0.999999999999999999.", results + "0.999999999999999999."},
	} {
		for i, v := range []integerValidator{customerIDValidator, maxResultsValidator} {
			var resp validator.NumberResponse
			v.ValidateNumber(t.Context(), validator.NumberRequest{Path: path.Root("x"), ConfigValue: number(t, text)}, &resp)
			var wanted []string
			if want[i] != "" {
				wanted = []string{want[i]}
			}
			if diff := cmp.Diff(wanted, details(resp.Diagnostics)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", text, diff)
			}
		}
	}
	for _, test := range []struct {
		validator integerValidator
		want      string
	}{
		{customerIDValidator, "must be a positive integer of at most 64 bits"},
		{maxResultsValidator, "must be an integer between 1 and 1000000"},
	} {
		if got := test.validator.MarkdownDescription(t.Context()); got != test.want {
			t.Errorf("the description is %q, want %q", got, test.want)
		}
	}
	for _, value := range []types.Number{types.NumberNull(), types.NumberUnknown()} {
		var resp validator.NumberResponse
		customerIDValidator.ValidateNumber(t.Context(), validator.NumberRequest{Path: path.Root("x"), ConfigValue: value}, &resp)
		if resp.Diagnostics.HasError() {
			t.Errorf("%s: %v", value, resp.Diagnostics)
		}
	}
}

func TestIntegerValidator_list(t *testing.T) {
	t.Parallel()
	list := types.ListValueMust(types.NumberType, []attr.Value{
		number(t, "1"), number(t, "0"), types.NumberNull(), types.NumberUnknown(), number(t, "1.5"),
	})
	var resp validator.ListResponse
	customerIDValidator.ValidateList(t.Context(), validator.ListRequest{Path: path.Root("ids"), ConfigValue: list}, &resp)
	want := []string{
		"Invalid Customer ID: ids[1] must be a positive integer of at most 64 bits, got 0.",
		"Invalid Customer ID: ids[2] must be a positive integer of at most 64 bits, got null.",
		"Invalid Customer ID: ids[4] must be a positive integer of at most 64 bits, got 1.5.",
	}
	if diff := cmp.Diff(want, details(resp.Diagnostics)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, list := range []types.List{types.ListNull(types.NumberType), types.ListUnknown(types.NumberType),
		types.ListValueMust(types.NumberType, nil)} {
		var resp validator.ListResponse
		customerIDValidator.ValidateList(t.Context(), validator.ListRequest{Path: path.Root("ids"), ConfigValue: list}, &resp)
		if resp.Diagnostics.HasError() {
			t.Errorf("%s: %v", list, resp.Diagnostics)
		}
	}
}

func TestStringValidators(t *testing.T) {
	t.Parallel()
	const fraction = "Invalid Timestamp: x must be a timestamp in whole seconds, got "
	for name, test := range map[string]struct {
		validator validator.String
		value     types.String
		want      []string
	}{
		"reference":         {referenceValidator{}, types.StringValue("REF-1"), nil},
		"reference_null":    {referenceValidator{}, types.StringNull(), nil},
		"reference_unknown": {referenceValidator{}, types.StringUnknown(), nil},
		"reference_empty": {
			referenceValidator{}, types.StringValue(""),
			[]string{"Invalid Customer Reference: Customers cannot be looked up by x: it is empty. Look up the customer by ID."},
		},
		"reference_reserved": {
			referenceValidator{}, types.StringValue("a|b"),
			[]string{
				"Invalid Customer Reference: Customers cannot be looked up by x: it contains '|', a reserved character in Fusebill's query syntax " +
					"that cannot be escaped. Look up the customer by ID.",
			},
		},
		"second":            {wholeSecondValidator{}, types.StringValue("2026-01-31T00:00:00Z"), nil},
		"second_with_zeros": {wholeSecondValidator{}, types.StringValue("2026-01-31T00:00:00.000+01:00"), nil},
		"second_null":       {wholeSecondValidator{}, types.StringNull(), nil},
		"second_unknown":    {wholeSecondValidator{}, types.StringUnknown(), nil},
		"fraction": {
			wholeSecondValidator{}, types.StringValue("2026-01-31T00:00:00.5Z"),
			[]string{fraction + "2026-01-31T00:00:00.5Z. Remove the fraction."},
		},
		"nanosecond": {
			wholeSecondValidator{}, types.StringValue("2026-01-31T00:00:00.000000001Z"),
			[]string{fraction + "2026-01-31T00:00:00.000000001Z. Remove the fraction."},
		},
		"not_a_timestamp": {wholeSecondValidator{}, types.StringValue("yesterday"), nil}, // The type of the attribute reports it.
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp validator.StringResponse
			test.validator.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("x"), ConfigValue: test.value}, &resp)
			if diff := cmp.Diff(test.want, details(resp.Diagnostics)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if test.validator.Description(t.Context()) == "" || test.validator.Description(t.Context()) != test.validator.MarkdownDescription(
				t.Context()) {
				t.Error("the validator has no description")
			}
		})
	}
}
