package provider

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// Each attribute of each view describes itself, is computed, and is null where the
// customer is missing or has nothing there.
func TestViews(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]view{"overview": customerOverview, "status": customerStatus} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			worked := map[string]bool{"id": true, "is_active": true, "in_good_standing": true} // Out, or given.
			none, empty := fieldValues(v.fields, nil), fieldValues(v.fields, &overview{Customer: customer{ID: 7}})
			for _, f := range v.fields {
				if !none[f.name].IsNull() {
					t.Errorf("%s of a customer that is missing is %s, want null", f.name, none[f.name])
				}
				if empty[f.name].IsNull() == worked[f.name] {
					t.Errorf("%s of a customer without it is %s", f.name, empty[f.name])
				}
				if !f.attribute.IsComputed() || f.attribute.IsSensitive() {
					t.Errorf("%s must be computed, and not sensitive", f.name)
				}
				if description := f.attribute.GetMarkdownDescription(); len(description) < 20 || !strings.HasSuffix(description, ".") {
					t.Errorf("%s is described as %q, want a sentence", f.name, description)
				}
			}
			if len(none) != len(v.fields) {
				t.Errorf("%d fields have %d names", len(v.fields), len(none))
			}
		})
	}
}

// Whoever changes the arguments that were taken from a configuration leaves the
// configuration as it is: the framework compares with it.
func TestArgumentsOf_leavesTheConfiguration(t *testing.T) {
	t.Parallel()
	given := tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"exists": tftypes.Bool}},
		map[string]tftypes.Value{"exists": tftypes.NewValue(tftypes.Bool, nil)})
	config := tfsdk.Config{Raw: given.Copy()}
	argumentsOf(config)["exists"] = tftypes.NewValue(tftypes.Bool, true)
	if !config.Raw.Equal(given) {
		t.Errorf("the configuration is %s now, and was %s", config.Raw, given)
	}
}

// Every surface fills each of its computed attributes for a customer who has a value
// everywhere: what its schema says and what it reads are the same attributes of the
// same types, or the value could not be built.
func TestSurfaces_complete(t *testing.T) {
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
		given := aCustomer(7)
		maps.Copy(given, customers(7))
		given["ids"] = given["customer_ids"]
		response := p.read(t, name, given)
		noDiagnostics(t, response.Diagnostics)
		note("data."+name, schema, response.State)
	}
	for name, schema := range p.schemas.EphemeralResourceSchemas {
		ephemeral, ok := p.ProviderServer.(tfprotov6.EphemeralResourceServer)
		if !ok {
			t.Fatal("the provider serves no ephemeral resources")
		}
		response, err := ephemeral.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: name, Config: object(t, schema, aCustomer(7))})
		if err != nil {
			t.Fatal(err)
		}
		noDiagnostics(t, response.Diagnostics)
		note("ephemeral."+name, schema, response.Result)
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
				return true, nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
	if len(read) != 6 {
		t.Errorf("%d surfaces were read, want 6", len(read))
	}
}
