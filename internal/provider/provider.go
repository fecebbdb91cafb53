// SPDX-License-Identifier: MPL-2.0

// Package provider is the Terraform provider: schemas, values, and diagnostics. Package fusebill
// reads from the API.
package provider

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

const (
	registryHost = "registry.terraform.io"
	providerName = "fusebill/fusebill" // To publish under another namespace, change this constant.

	// Address is the provider's address in a registry.
	Address = registryHost + "/" + providerName

	// DocsURL is the URL of the provider's documentation. Descriptions link to its pages by
	// absolute URLs, since registries and editors show them on different pages.
	DocsURL = "https://" + registryHost + "/providers/" + providerName + "/latest/docs"

	providerTypeName = "fusebill"
	projectURL       = "https://github.com/fusebill/terraform-provider-fusebill"
)

var (
	_ provider.ProviderWithValidateConfig     = (*fusebillProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*fusebillProvider)(nil)
)

// New returns a constructor of the provider. The User-Agent header of its requests contains the version.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &fusebillProvider{version: version, getenv: os.Getenv} }
}

type fusebillProvider struct {
	version string
	// getenv is os.Getenv. Tests replace it, so that they can run in parallel.
	getenv func(string) string
}

func (p *fusebillProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = providerTypeName
	resp.Version = p.version
}

func (p *fusebillProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Use this provider to read customers from [Fusebill](https://www.staxbill.com) (now Stax Bill). " +
			"Reference customers by Fusebill ID, make resources depend on a customer's status, and check plans against billing data. " +
			"The provider is read-only.",
		Attributes: map[string]schema.Attribute{},
	}
	for _, a := range arguments {
		resp.Schema.Attributes[a.name] = a.attribute()
	}
}

// ValidateConfig reports invalid arguments during terraform validate. It does not use environment
// variables, since the plan can run on another machine. Configure checks that client_cert_pem and client_key_pem are both set.
func (p *fusebillProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, diags := model.configuration(noEnvironment)
	resp.Diagnostics.Append(diags...)
}

// Configure succeeds without an API key and with arguments that are not yet known. Reads then fail or are deferred.
func (p *fusebillProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	c, diags := model.configuration(p.getenv)
	requirePair(c.clientCert, c.clientKey, &diags)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if len(c.unknown) > 0 && req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}
	c.config.UserAgent = fmt.Sprintf("terraform-provider-fusebill/%s (+%s) Terraform/%s", p.version, projectURL, req.TerraformVersion)
	c.config.Getenv = p.getenv
	client, err := fusebill.NewClient(c.config)
	if err != nil {
		resp.Diagnostics.Append(newClientDiagnostic(err))
		return
	}
	data := &providerData{configuration: c, client: client}
	resp.DataSourceData = data
	resp.EphemeralResourceData = data
}

func (p *fusebillProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		NewCustomerOverviewDataSource,
		NewCustomerOverviewsDataSource,
		NewCustomerStatusDataSource,
		NewCustomerStatusesDataSource,
		NewCustomersDataSource,
	}
}

func (p *fusebillProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		NewCustomerOverviewEphemeralResource,
	}
}

func (p *fusebillProvider) Resources(context.Context) []func() resource.Resource {
	return nil
}
