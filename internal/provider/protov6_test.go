// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// protocol speaks to the provider as a CLI does, without one.
type protocol struct {
	tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

func newProtocol(t testing.TB, variables map[string]string) protocol {
	t.Helper()
	server, err := factories(variables)[providerTypeName]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	requireNoDiagnostics(t, schemas.Diagnostics)
	return protocol{server, schemas}
}

// object returns a value of a schema's type with some attributes, and the others
// null.
func object(t testing.TB, schema *tfprotov6.Schema, attributes map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	objectType, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		t.Fatalf("the schema is a %s", schema.ValueType())
	}
	values := map[string]tftypes.Value{}
	for name, attributeType := range objectType.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, nil)
		if value, ok := attributes[name]; ok {
			values[name] = value
		}
	}
	dynamic, err := tfprotov6.NewDynamicValue(objectType, tftypes.NewValue(objectType, values))
	if err != nil {
		t.Fatal(err)
	}
	return &dynamic
}

func (p protocol) configure(t testing.TB, attributes map[string]tftypes.Value, deferralAllowed bool) {
	t.Helper()
	configured, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion:   "1.11.4",
		Config:             object(t, p.schemas.Provider, attributes),
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: deferralAllowed},
	})
	if err != nil {
		t.Fatal(err)
	}
	requireNoDiagnostics(t, configured.Diagnostics)
}

// read reads a data source.
func (p protocol) read(t testing.TB, name string, attributes map[string]tftypes.Value) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	return p.readContext(t.Context(), t, name, attributes)
}

func (p protocol) readContext(
	ctx context.Context, t testing.TB, name string, attributes map[string]tftypes.Value,
) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	read, err := p.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: name,
		Config:   object(t, p.schemas.DataSourceSchemas[name], attributes),
	})
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// validate validates the configuration of a data source.
func (p protocol) validate(t testing.TB, name string, attributes map[string]tftypes.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	validated, err := p.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: name,
		Config:   object(t, p.schemas.DataSourceSchemas[name], attributes),
	})
	if err != nil {
		t.Fatal(err)
	}
	return validated.Diagnostics
}

// open opens an ephemeral resource.
func (p protocol) open(
	ctx context.Context, t testing.TB, name string, attributes map[string]tftypes.Value,
) *tfprotov6.OpenEphemeralResourceResponse {
	t.Helper()
	ephemeral, ok := p.ProviderServer.(tfprotov6.EphemeralResourceServer)
	if !ok {
		t.Fatal("the provider serves no ephemeral resources")
	}
	opened, err := ephemeral.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: name,
		Config:   object(t, p.schemas.EphemeralResourceSchemas[name], attributes),
	})
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// attributes returns the attributes of a value.
func attributes(t testing.TB, schema *tfprotov6.Schema, value *tfprotov6.DynamicValue) map[string]tftypes.Value {
	t.Helper()
	whole, err := value.Unmarshal(schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return elements(t, whole)
}

// elements returns the attributes of an object, or the elements of a map.
func elements(t testing.TB, value tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var values map[string]tftypes.Value
	if err := value.As(&values); err != nil {
		t.Fatal(err)
	}
	return values
}

// customerIDArg and customerIDsArg return the arguments that select the customers.
func customerIDArg(id int64) map[string]tftypes.Value {
	return map[string]tftypes.Value{"customer_id": tftypes.NewValue(tftypes.Number, id)}
}

func customerIDsArg(ids ...int64) map[string]tftypes.Value {
	elements := make([]tftypes.Value, len(ids))
	for i, id := range ids {
		elements[i] = tftypes.NewValue(tftypes.Number, id)
	}
	return map[string]tftypes.Value{"customer_ids": tftypes.NewValue(tftypes.List{ElementType: tftypes.Number}, elements)}
}

func requireNoDiagnostics(t testing.TB, diagnostics []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, d := range diagnostics {
		t.Fatalf("got the diagnostic %s: %s", d.Summary, d.Detail)
	}
}

// serveCounting serves a handler as serve does, and counts the connections.
func serveCounting(t testing.TB, handler http.Handler) (url string, connections *atomic.Int32) {
	t.Helper()
	connections = new(atomic.Int32)
	server := httptest.NewUnstartedServer(handler)
	server.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
		connections.Add(1)
		return ctx
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, connections
}

// integer returns the value of a number.
func integer(t testing.TB, value tftypes.Value) int64 {
	t.Helper()
	var number big.Float
	if err := value.As(&number); err != nil {
		t.Fatal(err)
	}
	n, accuracy := number.Int64()
	if accuracy != big.Exact {
		t.Fatalf("%s is not an integer", value)
	}
	return n
}

// integers returns the values of a list of numbers.
func integers(t testing.TB, value tftypes.Value) (numbers []int64) {
	t.Helper()
	var elements []tftypes.Value
	if err := value.As(&elements); err != nil {
		t.Fatal(err)
	}
	for _, element := range elements {
		numbers = append(numbers, integer(t, element))
	}
	return numbers
}

// serveIPv6 serves a handler on the IPv6 loopback address, and returns its URL. It skips the test if the machine
// has no such address.
func serveIPv6(t *testing.T, handler http.Handler) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "[::1]:0")
	if err != nil {
		t.Skipf("no IPv6: %v", err)
	}
	server := httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// peakInFlight is the largest number of requests that a handler has had in flight.
type peakInFlight struct {
	atomic.Int32
	inFlight atomic.Int32
}

// count returns a handler that counts the requests of another one.
func (p *peakInFlight) count(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := p.inFlight.Add(1)
		defer p.inFlight.Add(-1)
		for seen := p.Load(); n > seen && !p.CompareAndSwap(seen, n); seen = p.Load() {
		}
		handler.ServeHTTP(w, r)
	})
}
