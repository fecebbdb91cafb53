// Package provider is the Terraform side: schemas, models and diagnostics. It
// reads through package fusebill and knows nothing of HTTP.
package provider

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

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

	typeName   = "fusebill"
	projectURL = "https://github.com/fusebill/terraform-provider-fusebill"
)

var (
	_ provider.ProviderWithValidateConfig     = (*fusebillProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*fusebillProvider)(nil)
)

// New gives a constructor of the provider. The version goes into the User-Agent
// of its requests.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &fusebillProvider{version: version, getenv: os.Getenv} }
}

type fusebillProvider struct {
	version string
	getenv  func(string) string
}

type providerModel struct {
	APIKey                types.String `tfsdk:"api_key"`
	Environment           types.String `tfsdk:"environment"`
	BaseURL               types.String `tfsdk:"base_url"`
	RequestTimeout        types.String `tfsdk:"request_timeout"`
	MaxRetries            types.Number `tfsdk:"max_retries"`
	MaxConcurrentRequests types.Number `tfsdk:"max_concurrent_requests"`
	RequestsPerMinute     types.Number `tfsdk:"requests_per_minute"`
	QuotaReservePercent   types.Number `tfsdk:"quota_reserve_percent"`
}

func (p *fusebillProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

func (p *fusebillProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads customers from [Fusebill](https://www.staxbill.com) (now sold as Stax Bill), so that infrastructure " +
			"code can refer to a customer by Fusebill id, gate on the customer's status, and check plans against billing. It only reads.",
		Attributes: map[string]schema.Attribute{
			apiKeyArgument.name: schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "The account's API key, as Fusebill shows it. It is sent as it is; space around it and a " +
					"pasted `Basic ` in front are dropped. The key decides which account is read, and belongs to one environment. It may come from an ephemeral value. " +
					apiKeyArgument.doc("none, and a key is needed"),
			},
			environmentArgument.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Which of Fusebill's installations the account lives in: `production` (`secure.fusebill.com`; also sandbox and TestDrive accounts) " +
					"or `staging` (`stg-secure.fusebill.com`; only old test environments). " + environmentArgument.doc("`production`"),
			},
			baseURLArgument.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The address of the API, such as `https://proxy.example.com/fusebill/v1`, for a proxy or a simulator; `/v1` at its end may be left out. " +
					"Must be `https`, save for loopback hosts, and must hold no user information, query or fragment. Conflicts with `environment`; an argument " +
					"of either name overrules the variables of both. " + baseURLArgument.doc("the environment's"),
			},
			requestTimeoutArgument.name: schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one request may take, from connecting to the answer's last byte, as a [duration](https://pkg.go.dev/time#ParseDuration) such as `30s`. " +
					requestTimeoutArgument.doc("`30s`"),
			},
			maxRetriesArgument.name: schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "How often a request is sent again after a transport error or a status of 408, 500, 502, 503 or 504, after waits that grow from half a second, " +
					"or as long as `Retry-After` asks; 0 to 100. Waiting for quota does not count. " + maxRetriesArgument.doc("`4`"),
			},
			maxConcurrentRequestsArgument.name: schema.NumberAttribute{
				Optional:            true,
				MarkdownDescription: "How many requests of this provider are under way at once, 1 to 1000. " + maxConcurrentRequestsArgument.doc("`32`"),
			},
			requestsPerMinuteArgument.name: schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "How many requests this provider sends in a minute, 1 or more: a cap below the account's own limit, which it keeps within in any case. " +
					requestsPerMinuteArgument.doc("no cap"),
			},
			quotaReservePercentArgument.name: schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "The share of the account's requests per minute and per day that is left to others, billing above all, in percent from 0 to 90. " +
					quotaReservePercentArgument.doc("`10`"),
			},
		},
	}
}

// doc ends an argument's description.
func (a argument) doc(fallback string) string {
	return fmt.Sprintf("Environment variable: `%s`. Default: %s.", a.variable, fallback)
}

// ValidateConfig finds what is wrong with the arguments themselves, so that
// `terraform validate` tells.
func (p *fusebillProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, diags := model.resolve(noVariables)
	resp.Diagnostics.Append(diags...)
}

func (p *fusebillProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	s, diags := model.resolve(p.getenv)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case len(s.unknown) == 0 && s.config.Key == "":
		resp.Diagnostics.AddAttributeError(path.Root(apiKeyArgument.name), missingKeySummary, s.key.missingKeyDetail())
		return
	case len(s.unknown) > 0 && req.ClientCapabilities.DeferralAllowed:
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}
	s.config.UserAgent = fmt.Sprintf("terraform-provider-fusebill/%s (+%s) Terraform/%s", p.version, projectURL, req.TerraformVersion)
	c := &connection{settings: s, client: fusebill.NewClient(s.config)}
	resp.DataSourceData = c
	resp.EphemeralResourceData = c
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
