// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var _ datasource.DataSourceWithConfigure = (*singularDataSource[any])(nil)

// singularDataSource is a data source that reads one customer by ID.
type singularDataSource[T any] struct {
	dataSourceBase
	// typeName is the name of the data source without that of the provider.
	typeName    string
	description string
	customerKind[T]
}

func (d *singularDataSource[T]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.typeName
}

func (d *singularDataSource[T]) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: d.description, Attributes: d.singularAttributes()}
	resp.Schema.Attributes["timeouts"] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: timeoutDescription})
}

func (d *singularDataSource[T]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := withReadTimeout(ctx, req.Config, &resp.Diagnostics)
	defer cancel()
	state := d.readSingular(ctx, d.data, req.Config, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.State.Raw = state
	}
}

// singularAttributes returns the attributes of one customer, except timeouts.
func (k customerKind[T]) singularAttributes() map[string]schema.Attribute {
	attributes := schemaAttributes(k.fields)
	k.addOptions(attributes, "Whether to return `exists = false` instead of an error when the customer does not exist.")
	attributes["customer_id"] = schema.NumberAttribute{
		Required: true,
		MarkdownDescription: "ID of the customer in Fusebill. Must be a positive integer. " +
			"Not to be confused with the customer reference.",
		Validators: []validator.Number{customerIDValidator},
	}
	attributes["exists"] = schema.BoolAttribute{
		Computed: true,
		MarkdownDescription: "Whether the customer exists. Can be `false` only if `allow_missing` is `true`; " +
			"all other computed attributes are then null.",
	}
	return attributes
}

// readSingular reads the customer of a configuration, and returns the configuration with the computed
// attributes.
func (k customerKind[T]) readSingular(ctx context.Context, data *providerData, config tfsdk.Config, diags *diag.Diagnostics) tftypes.Value {
	at := path.Root("customer_id")
	var id int64
	diags.Append(config.GetAttribute(ctx, at, &id)...)
	options := k.options(ctx, config, diags)
	if diags.HasError() {
		return tftypes.Value{}
	}
	customers, readDiags := readCustomers(ctx, data, k, at, []int64{id}, options)
	diags.Append(readDiags...)
	values, exists := customers[id]
	if !exists {
		values = fieldValues(k.fields, nil)
	}
	values["exists"] = tftypes.NewValue(tftypes.Bool, exists)
	return withComputed(config, values, diags)
}
