package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// A connection is what a configured provider hands to its surfaces.
type connection struct {
	settings
	client *fusebill.Client
}

// configuredDataSource is embedded by every data source, and takes the
// connection for it. Before the provider is configured it is nil.
type configuredDataSource struct {
	*connection
}

func (d *configuredDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if req.ProviderData == nil {
		return
	}
	c, ok := req.ProviderData.(*connection)
	if !ok {
		resp.Diagnostics.AddError("Unexpected Provider Data", fmt.Sprintf("Got %T instead of a connection. This is a bug in the provider.", req.ProviderData))
		return
	}
	d.connection = c
}
