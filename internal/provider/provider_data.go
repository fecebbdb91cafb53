// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// providerData is the data that the provider passes to its data sources and ephemeral resources.
type providerData struct {
	configuration
	client *fusebill.Client
}

// dataSourceBase implements Configure for the data sources that embed it.
type dataSourceBase struct{ data *providerData }

// Configure stores the provider data. Terraform also calls it before the provider is configured, without data.
func (d *dataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = toProviderData(req.ProviderData, &resp.Diagnostics)
}

// toProviderData returns the provider data of a Configure request, or nil if the request has none.
func toProviderData(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	providerData, ok := data.(*providerData)
	if !ok {
		diags.AddError("Unexpected Provider Data",
			fmt.Sprintf("Expected %T, got %T. Report this bug at %s/issues.", providerData, data, projectURL))
	}
	return providerData
}
