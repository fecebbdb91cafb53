// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// testFields tests the fields of a kind of customer data. noValue is an object that has only an ID.
func testFields[T any](t *testing.T, fields []field[T], noValue *T) {
	t.Helper()
	derived := map[string]bool{"id": true, "is_active": true, "in_good_standing": true}
	none, empty := fieldValues(fields, nil), fieldValues(fields, noValue)
	for _, f := range fields {
		if !none[f.name].IsNull() {
			t.Errorf("%s of a missing customer is %s, want null", f.name, none[f.name])
		}
		if empty[f.name].IsNull() == derived[f.name] {
			t.Errorf("%s of a customer without it is %s", f.name, empty[f.name])
		}
		if !f.attribute.IsComputed() || f.attribute.IsSensitive() {
			t.Errorf("%s must be computed, and not sensitive", f.name)
		}
		if description := f.attribute.GetMarkdownDescription(); len(description) < 20 || !strings.HasSuffix(description, ".") {
			t.Errorf("the description of %s is %q, want a sentence", f.name, description)
		}
	}
	if len(none) != len(fields) {
		t.Errorf("%d fields have %d names", len(fields), len(none))
	}
}

// Each field has a description, is computed, and is null if the customer is missing or has no value.
func TestFields(t *testing.T) {
	t.Parallel()
	customer := fusebill.Customer{ID: 7}
	status := fusebill.CustomerStatus{Customer: customer}
	t.Run("overview", func(t *testing.T) {
		t.Parallel()
		testFields(t, customerOverview.fields, &fusebill.CustomerOverview{CustomerStatus: status})
	})
	t.Run("status", func(t *testing.T) {
		t.Parallel()
		testFields(t, customerStatus.fields, &status)
	})
	t.Run("list", func(t *testing.T) {
		t.Parallel()
		testFields(t, listedFields, &fusebill.ListedCustomer{Customer: customer})
	})
}

// withComputed leaves the configuration as it is: the framework compares with it.
func TestWithComputed_leavesTheConfiguration(t *testing.T) {
	t.Parallel()
	given := tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"exists": tftypes.Bool}},
		map[string]tftypes.Value{"exists": tftypes.NewValue(tftypes.Bool, nil)})
	config := tfsdk.Config{Raw: given.Copy()}
	var diags diag.Diagnostics
	got := withComputed(config, map[string]tftypes.Value{"exists": tftypes.NewValue(tftypes.Bool, true)}, &diags)
	if got.Equal(given) || diags.HasError() {
		t.Errorf("got %s and %v, want true", got, diags)
	}
	if !config.Raw.Equal(given) {
		t.Errorf("the configuration is %s, want %s", config.Raw, given)
	}
}

// A configuration that is not an object is a bug, which is reported and does not panic.
func TestWithComputed_otherConfiguration(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	got := withComputed(tfsdk.Config{Raw: tftypes.NewValue(tftypes.String, "other")}, nil, &diags)
	want := []string{"Unexpected Configuration: Unable to read the configuration: can't unmarshal tftypes.String into " +
		"*map[string]tftypes.Value, expected map[string]tftypes.Value. Report this bug at " +
		"https://github.com/fusebill/terraform-provider-fusebill/issues."}
	if diff := cmp.Diff(want, details(diags)); diff != "" || got.Type() != nil {
		t.Errorf("got %s and the diagnostics (-want +got):\n%s", got, diff)
	}
}

// Every data source and ephemeral resource fills each of its computed attributes for a customer that has a value
// everywhere, and each attribute has the value of the field with the same name.
func TestSchemas_complete(t *testing.T) {
	t.Parallel()
	var overview map[string]any
	if err := json.Unmarshal(fusebilltest.EveryFieldJSON(), &overview); err != nil {
		t.Fatal(err)
	}
	api := fusebilltest.New(fusebilltest.Options{})
	api.SetCustomer(7, overview)
	p := newProtocol(t, pointedAt(serve(t, api)))
	p.configure(t, nil, false)

	read := map[string]map[string]tftypes.Value{}
	computed := map[string]bool{}
	note := func(address string, schema *tfprotov6.Schema, value *tfprotov6.DynamicValue) {
		read[address] = attributes(t, schema, value)
		for _, attribute := range schema.Block.Attributes {
			computed[address+"."+attribute.Name] = attribute.Computed
		}
	}
	for name, schema := range p.schemas.DataSourceSchemas {
		given := customerIDArg(7)
		maps.Copy(given, customerIDsArg(7))
		given["ids"] = given["customer_ids"]
		response := p.read(t, name, given)
		requireNoDiagnostics(t, response.Diagnostics)
		note("data."+name, schema, response.State)
	}
	for name, schema := range p.schemas.EphemeralResourceSchemas {
		response := p.open(t.Context(), t, name, customerIDArg(7))
		requireNoDiagnostics(t, response.Diagnostics)
		note("ephemeral."+name, schema, response.Result)
	}

	want := map[string]string{} // By name in lower case without underscores.
	for name, value := range overview {
		text := fmt.Sprint(value)
		if strings.HasPrefix(text, "2020-") {
			text += "Z"
		}
		want[strings.ToLower(name)] = text
	}
	for address, values := range read {
		for name, value := range values {
			if !computed[address+"."+name] {
				continue
			}
			err := tftypes.Walk(value, func(at *tftypes.AttributePath, value tftypes.Value) (bool, error) {
				if value.IsNull() || !value.IsKnown() {
					t.Errorf("%s.%s %s is %s", address, name, at, value)
				}
				step, ok := at.LastStep().(tftypes.AttributeName)
				if !ok {
					step = tftypes.AttributeName(name)
				}
				text, isField := want[strings.ReplaceAll(string(step), "_", "")]
				if got := primitive(t, value); isField && got != text {
					t.Errorf("%s.%s %s is %q, want %q", address, name, at, got, text)
				}
				return true, nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
	registered := &fusebillProvider{}
	if want := len(registered.DataSources(t.Context())) + len(registered.EphemeralResources(t.Context())); len(read) != want {
		t.Errorf("%d data sources and ephemeral resources were read, want %d", len(read), want)
	}
}

// primitive returns a string, a number, or a Boolean as text, and an empty text for other values.
func primitive(t *testing.T, value tftypes.Value) string {
	t.Helper()
	var (
		text    string
		number  big.Float
		boolean bool
		err     error
	)
	switch {
	case value.Type().Is(tftypes.String):
		err = value.As(&text)
	case value.Type().Is(tftypes.Number):
		err = value.As(&number)
		text = number.Text('g', 10)
	case value.Type().Is(tftypes.Bool):
		err = value.As(&boolean)
		text = strconv.FormatBool(boolean)
	}
	if err != nil {
		t.Fatal(err)
	}
	return text
}
