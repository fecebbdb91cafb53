package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"net/http/httptest"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

func BenchmarkReadOverview(b *testing.B) {
	t := &testing.T{}
	_ = t
	server := httptest.NewServer(fusebilltest.New(fusebilltest.Options{Fleet: 5}))
	defer server.Close()
	s, _ := factories(pointedAt(server.URL))[typeName]()
	schemas, _ := s.GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{})
	mk := func(schema *tfprotov6.Schema, attributes map[string]tftypes.Value) *tfprotov6.DynamicValue {
		objectType := schema.ValueType().(tftypes.Object)
		values := map[string]tftypes.Value{}
		for name, attributeType := range objectType.AttributeTypes {
			values[name] = tftypes.NewValue(attributeType, nil)
			if value, ok := attributes[name]; ok {
				values[name] = value
			}
		}
		dynamic, _ := tfprotov6.NewDynamicValue(objectType, tftypes.NewValue(objectType, values))
		return &dynamic
	}
	_, _ = s.ConfigureProvider(b.Context(), &tfprotov6.ConfigureProviderRequest{Config: mk(schemas.Provider, nil)})
	cfg := mk(schemas.DataSourceSchemas["fusebill_customer_overview"], map[string]tftypes.Value{"customer_id": tftypes.NewValue(tftypes.Number, 1)})
	b.ReportAllocs()
	for b.Loop() {
		r, err := s.ReadDataSource(b.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "fusebill_customer_overview", Config: cfg})
		if err != nil || len(r.Diagnostics) > 0 {
			b.Fatal(r.Diagnostics)
		}
	}
}
