package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

var _ datasource.DataSourceWithConfigure = (*customerDataSource)(nil)

// A customerDataSource is a data source that reads customers by their ids. What it
// shows of them is its view, and whether it reads one or many is its shape.
type customerDataSource struct {
	connected
	// name is the type's, without the provider's.
	name, description string
	view              view
	shape             shape
}

func (d *customerDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

func (d *customerDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: d.description, Attributes: d.shape.attributes(d.view)}
	resp.Schema.Attributes[timeoutsName] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: timeoutDescription})
}

func (d *customerDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	resp.Diagnostics.Append(d.take(req.ProviderData)...)
}

func (d *customerDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	timeout, diags := timeoutOf(ctx, req.Config, timeouts.Value.Read)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	value, diags := d.shape.read(d.connection, ctx, d.view, req.Config, timeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, value)...)
}
