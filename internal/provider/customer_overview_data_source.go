package provider

import (
	"context"
	"maps"
	"math/big"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// defaultReadTimeout bounds a whole read, with all that it waits for.
const defaultReadTimeout = 20 * time.Minute

var _ datasource.DataSourceWithConfigure = (*customerOverviewDataSource)(nil)

// NewCustomerOverviewDataSource makes data.fusebill_customer_overview.
func NewCustomerOverviewDataSource() datasource.DataSource {
	return &customerOverviewDataSource{}
}

type customerOverviewDataSource struct {
	configuredDataSource
}

func (d *customerOverviewDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_customer_overview"
}

func (d *customerOverviewDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := schemaAttributes(customerOverviewFields)
	attributes["customer_id"] = schema.NumberAttribute{
		Required:            true,
		MarkdownDescription: "The customer's Fusebill id, a whole number from 1 on. It is not the account's reference for the customer.",
		Validators:          []validator.Number{customerIDValidator{}},
	}
	attributes["include_financials"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether to read the customer's balances and revenue. With `false` Fusebill is told to leave them out, and the eight amounts are null. " +
			"Default: `true`.",
	}
	attributes["allow_missing"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether a customer that does not exist is fine: `exists` is false then, instead of an error. " +
			"Only Fusebill's own answer counts; a 404 from anything else stays an error. Default: `false`.",
	}
	attributes["exists"] = schema.BoolAttribute{
		Computed:            true,
		MarkdownDescription: "Whether the customer exists. It is false only with `allow_missing`, and then every attribute is null that is not an argument.",
	}
	attributes["timeouts"] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{
		ReadDescription: "How long the whole read may take, as a [duration](https://pkg.go.dev/time#ParseDuration) such as `90s` or `20m`. Default: `20m`.",
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a customer's overview: who the customer is, how the customer stands, and what is owed. " +
			"It costs one request of the account's quota.",
		Attributes: attributes,
	}
}

func (d *customerOverviewDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var (
		config       types.Object
		number       *big.Float
		financials   *bool
		allowMissing types.Bool
		limits       timeouts.Value
	)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	for name, target := range map[string]any{
		"customer_id":        &number,
		"include_financials": &financials,
		"allow_missing":      &allowMissing,
		"timeouts":           &limits,
	} {
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), target)...)
	}
	timeout := defaultReadTimeout
	if !limits.IsNull() { // Or it would log that it is.
		var diags diag.Diagnostics
		timeout, diags = limits.Read(ctx, defaultReadTimeout)
		resp.Diagnostics.Append(diags...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	id, _ := number.Int64() // The validator has seen that it is one.
	if len(d.unknown) > 0 {
		resp.Diagnostics.Append(d.unknownConfigurationDiagnostic(id))
		return
	}

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	customer, err := d.client.CustomerOverview(ctx, id, fusebill.CustomerOverviewOptions{
		WithoutFinancials: financials != nil && !*financials,
	})
	if tolerated := allowMissing.ValueBool() && fusebill.IsMissing(err); err != nil && !tolerated {
		resp.Diagnostics.Append(d.readDiagnostic(path.Root("customer_id"), id, err))
		return
	}
	values := config.Attributes()
	maps.Copy(values, fieldValues(customerOverviewFields, customer))
	values["exists"] = types.BoolValue(customer != nil)
	state, diags := types.ObjectValue(config.AttributeTypes(ctx), values)
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
