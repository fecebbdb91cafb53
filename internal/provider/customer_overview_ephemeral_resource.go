// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*customerOverviewEphemeralResource)(nil)

// NewCustomerOverviewEphemeralResource returns the ephemeral resource fusebill_customer_overview.
func NewCustomerOverviewEphemeralResource() ephemeral.EphemeralResource {
	return &customerOverviewEphemeralResource{}
}

type customerOverviewEphemeralResource struct{ data *providerData }

func (e *customerOverviewEphemeralResource) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_customer_overview"
}

func (e *customerOverviewEphemeralResource) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the overview of a customer without storing it in the state or in plan files. " +
			"Uses one API request each time it is opened: once during plan and once during apply.",
		Attributes: map[string]schema.Attribute{},
	}
	for name, attribute := range customerOverview.singularAttributes() {
		resp.Schema.Attributes[name] = attribute
	}
	resp.Schema.Attributes["timeouts"] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{OpenDescription: timeoutDescription})
}

func (e *customerOverviewEphemeralResource) Configure(
	_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse,
) {
	e.data = toProviderData(req.ProviderData, &resp.Diagnostics)
}

func (e *customerOverviewEphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var value timeouts.Value
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("timeouts"), &value)...)
	timeout := defaultTimeout
	if !value.IsNull() {
		open, diags := value.Open(ctx, defaultTimeout)
		resp.Diagnostics.Append(diags...)
		timeout = open
	}
	ctx, cancel := withTimeout(ctx, timeout, "open", &resp.Diagnostics)
	defer cancel()
	result := customerOverview.readSingular(ctx, e.data, req.Config, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Result.Raw = result
	}
}
