package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*customerOverviewEphemeralResource)(nil)

// NewCustomerOverviewEphemeralResource makes ephemeral.fusebill_customer_overview.
func NewCustomerOverviewEphemeralResource() ephemeral.EphemeralResource {
	return &customerOverviewEphemeralResource{}
}

type customerOverviewEphemeralResource struct {
	connected
}

func (e *customerOverviewEphemeralResource) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_customer_overview"
}

func (e *customerOverviewEphemeralResource) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a customer's overview, and leaves nothing of it in the state or in plan files. " +
			"It costs one request of the account's quota each time it is opened: once while planning, and once while applying.",
		Attributes: map[string]schema.Attribute{},
	}
	// Go tells the attributes of a data source from these, although they are the same
	// interface: one can be assigned to the other, but not a map of them.
	for name, attribute := range singular.attributes(customerOverview) {
		resp.Schema.Attributes[name] = attribute
	}
	resp.Schema.Attributes[timeoutsName] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{OpenDescription: timeoutDescription})
}

func (e *customerOverviewEphemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	resp.Diagnostics.Append(e.take(req.ProviderData)...)
}

func (e *customerOverviewEphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	timeout, diags := timeoutOf(ctx, req.Config, timeouts.Value.Open)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	value, diags := singular.read(e.connection, ctx, customerOverview, req.Config, timeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, value)...)
}
