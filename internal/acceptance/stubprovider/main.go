// SPDX-License-Identifier: MPL-2.0

// Command stubprovider is the provider with data sources that send no request and return generated
// customers. The benchmarks compare the provider with it: its time and memory are those of the CLI and
// the plugin framework.
package main

import (
	"context"
	"log"
	"maps"
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	tfprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/provider"
)

func main() {
	err := providerserver.Serve(context.Background(), func() tfprovider.Provider { return stubProvider{provider.New("")()} },
		providerserver.ServeOpts{Address: provider.Address})
	if err != nil {
		log.Fatal(err)
	}
}

// stubProvider has the schemas of the provider.
type stubProvider struct{ tfprovider.Provider }

func (p stubProvider) DataSources(ctx context.Context) []func() datasource.DataSource {
	var constructors []func() datasource.DataSource
	for _, construct := range p.Provider.DataSources(ctx) {
		constructors = append(constructors, func() datasource.DataSource { return stubDataSource{construct()} })
	}
	return constructors
}

type stubDataSource struct{ datasource.DataSource }

// Read returns a customer for each ID.
func (stubDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config map[string]tftypes.Value
	if err := req.Config.Raw.As(&config); err != nil {
		resp.Diagnostics.AddError("Invalid Configuration", err.Error())
		return
	}
	values := maps.Clone(config)
	var ids []tftypes.Value
	for _, name := range []string{"ids", "customer_ids"} {
		if value, ok := config[name]; ok && !value.IsNull() {
			if err := value.As(&ids); err != nil {
				resp.Diagnostics.AddError("Invalid Configuration", err.Error())
				return
			}
		}
	}
	for name, value := range values {
		switch collection := value.Type().(type) {
		case tftypes.Map:
			entries := make(map[string]tftypes.Value, len(ids))
			for i, customer := range newCustomers(collection.ElementType, ids) {
				entries[strconv.Itoa(i+1)] = customer
			}
			values[name] = tftypes.NewValue(collection, entries)
		case tftypes.List:
			if name == "customers" {
				values[name] = tftypes.NewValue(collection, newCustomers(collection.ElementType, ids))
			}
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, tftypes.NewValue(req.Config.Raw.Type(), values))...)
}

// newCustomers returns a customer for each ID.
func newCustomers(of tftypes.Type, ids []tftypes.Value) []tftypes.Value {
	object, _ := of.(tftypes.Object)
	customers := make([]tftypes.Value, len(ids))
	for i, id := range ids {
		attributes := make(map[string]tftypes.Value, len(object.AttributeTypes))
		for name, attributeType := range object.AttributeTypes {
			attributes[name] = newValue(name, attributeType)
		}
		attributes["id"] = id
		customers[i] = tftypes.NewValue(object, attributes)
	}
	return customers
}

// newValue returns the value of an attribute. A decimal is not a float64, as most amounts are not.
func newValue(name string, of tftypes.Type) tftypes.Value {
	switch {
	case of.Is(tftypes.String):
		return tftypes.NewValue(of, "2019-11-06T14:19:01Z") // Some strings are timestamps.
	case of.Is(tftypes.Bool):
		return tftypes.NewValue(of, true)
	case strings.HasSuffix(name, "id") || strings.HasPrefix(name, "days_"):
		return tftypes.NewValue(of, 99)
	default:
		return tftypes.NewValue(of, amount)
	}
}

// amount is at the precision of the CLI.
var amount, _, _ = big.ParseFloat("1234.56", 10, 512, big.ToNearestEven)
