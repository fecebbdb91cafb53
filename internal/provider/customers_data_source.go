// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// defaultMaxResults is the default of max_results.
const defaultMaxResults = 10_000

var (
	_ datasource.DataSourceWithConfigure      = (*customersDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*customersDataSource)(nil)
)

// NewCustomersDataSource returns the data source fusebill_customers.
func NewCustomersDataSource() datasource.DataSource { return &customersDataSource{} }

// customersDataSource lists the customers that match a filter.
type customersDataSource struct{ dataSourceBase }

// listedFields are the fields of a customer in the list.
var listedFields = []field[fusebill.ListedCustomer]{
	embedField(idField, listedCustomer),
	referenceField(func(c *fusebill.ListedCustomer) *string { return c.Reference }),
	embedField(statusField, listedCustomer),
	embedField(customerAccountStatusField, listedCustomer),
	embedField(currencyField, listedCustomer),
	embedField(parentIDField, listedCustomer),
	embedField(isParentField, listedCustomer),
	createdTimestampField(func(c *fusebill.ListedCustomer) *time.Time { return c.CreatedTimestamp }),
	timestampField("modified_timestamp", "Time at which the customer was last changed.",
		func(c *fusebill.ListedCustomer) *time.Time { return c.ModifiedTimestamp }),
	embedField(isActiveField, listedCustomer),
	embedField(inGoodStandingField, listedCustomer),
}

func listedCustomer(c *fusebill.ListedCustomer) *fusebill.Customer { return &c.Customer }

func (d *customersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_customers"
}

func (d *customersDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	oneOf := func(values ...string) []validator.List {
		return []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(stringvalidator.OneOf(values...))}
	}
	timestamp := func(description string) schema.Attribute {
		return schema.StringAttribute{
			Optional:            true,
			CustomType:          timetypes.RFC3339Type{},
			MarkdownDescription: description + " RFC 3339 timestamp in whole seconds, such as `2026-01-31T00:00:00Z`.",
			Validators:          []validator.String{wholeSecondValidator{}},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the customers that match all of the given filters, ordered by ID. Without filters, lists every customer. " +
			"The state contains no personal data except `reference`, and no financial data. " +
			"Uses one API request for each thousand customers, or for each reference, or for about 200 IDs.",
		Attributes: map[string]schema.Attribute{
			"ids": schema.ListAttribute{
				ElementType: types.NumberType,
				Optional:    true,
				MarkdownDescription: "Only customers with one of these IDs in Fusebill. Must be positive integers. " +
					"IDs that do not exist are ignored. An empty list matches no customers.",
				Validators: []validator.List{customerIDValidator},
			},
			"references": schema.ListAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "Only customers with one of these references, compared exactly. Several customers can have the same reference. " +
					"Must not be empty or contain `;`, `,`, `:`, `|`, or `*`. An empty list matches no customers.",
				Validators: []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(referenceValidator{})},
			},
			"statuses": schema.ListAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "Only customers with one of these values of `status`: `Draft`, `Active`, `Hold`, `Suspended`, or `Cancelled`. " +
					"An empty list matches no customers.",
				Validators: oneOf("Draft", "Active", "Hold", "Suspended", "Cancelled"),
			},
			"account_statuses": schema.ListAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "Only customers with one of these values of `customer_account_status`: `Good`, `PoorStanding`, or `Collection`. " +
					"An empty list matches no customers.",
				Validators: oneOf("Good", "PoorStanding", "Collection"),
			},
			"parent_id": schema.NumberAttribute{
				Optional:            true,
				MarkdownDescription: "Only customers with this parent. ID of the parent customer in Fusebill. Must be a positive integer.",
				Validators:          []validator.Number{customerIDValidator},
			},
			"created_since":   timestamp("Only customers created at or after this time."),
			"created_before":  timestamp("Only customers created before this time. Must not be before `created_since`."),
			"modified_since":  timestamp("Only customers last changed at or after this time."),
			"modified_before": timestamp("Only customers last changed before this time. Must not be before `modified_since`."),
			"max_results": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("Maximum number of matching customers. Between 1 and %d. If more customers match, the read fails; "+
					"results are never truncated. Defaults to `%d`.", fusebill.MaxResults, defaultMaxResults),
				Validators: []validator.Number{maxResultsValidator},
			},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: timeoutDescription}),
			"customers": schema.ListAttribute{ // Not a nested attribute, as in pluralDataSource.
				ElementType:         objectType(listedFields),
				Computed:            true,
				MarkdownDescription: "Customers that match, in ascending order of ID.",
			},
			"customer_ids": schema.ListAttribute{
				ElementType:         types.NumberType,
				Computed:            true,
				MarkdownDescription: "IDs of the customers that match, in ascending order.",
			},
			"total_count": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "Number of customers that match.",
			},
		},
	}
}

// ValidateConfig reports time ranges that end before they begin.
func (d *customersDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	readTimeRange(ctx, req.Config, "created", &resp.Diagnostics)
	readTimeRange(ctx, req.Config, "modified", &resp.Diagnostics)
}

func (d *customersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := withReadTimeout(ctx, req.Config, &resp.Diagnostics)
	defer cancel()
	var filter fusebill.CustomerFilter
	maxResults := int64(defaultMaxResults)
	var configuredMaxResults *int64
	for name, target := range map[string]any{
		"ids":              &filter.IDs,
		"references":       &filter.References,
		"statuses":         &filter.Statuses,
		"account_statuses": &filter.AccountStatuses,
		"parent_id":        &filter.ParentID,
		"max_results":      &configuredMaxResults,
	} {
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), target)...)
	}
	filter.Created = readTimeRange(ctx, req.Config, "created", &resp.Diagnostics)
	filter.Modified = readTimeRange(ctx, req.Config, "modified", &resp.Diagnostics)
	if configuredMaxResults != nil {
		maxResults = *configuredMaxResults
	}
	if resp.Diagnostics.HasError() {
		return
	}
	var customers []fusebill.ListedCustomer
	if !filter.MatchesNone() {
		if notReady := d.data.notReady(customerList); notReady != nil {
			resp.Diagnostics.Append(notReady)
			return
		}
		var err error
		if customers, err = d.data.client.Customers(ctx, filter, int(maxResults)); err != nil {
			resp.Diagnostics.Append(d.data.listDiagnostic(err))
			return
		}
	}
	object := objectType(listedFields).TerraformType(ctx)
	objects := make([]tftypes.Value, len(customers))
	ids := make([]tftypes.Value, len(customers))
	for i := range customers {
		objects[i] = tftypes.NewValue(object, fieldValues(listedFields, &customers[i]))
		ids[i] = tftypes.NewValue(tftypes.Number, customers[i].ID)
	}
	resp.State.Raw = withComputed(req.Config, map[string]tftypes.Value{
		"customers":    tftypes.NewValue(tftypes.List{ElementType: object}, objects),
		"customer_ids": tftypes.NewValue(tftypes.List{ElementType: tftypes.Number}, ids),
		"total_count":  tftypes.NewValue(tftypes.Number, len(customers)),
	}, &resp.Diagnostics)
}

// readTimeRange reads the range of two arguments such as created_since and created_before. An unknown time
// is an open end. A range that ends before it begins is an error. A range with equal ends is empty.
func readTimeRange(ctx context.Context, config tfsdk.Config, prefix string, diags *diag.Diagnostics) fusebill.TimeRange {
	read := func(name string) *time.Time {
		var value timetypes.RFC3339
		diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
		if value.IsNull() || value.IsUnknown() {
			return nil
		}
		t, timeDiags := value.ValueRFC3339Time()
		diags.Append(timeDiags...)
		return &t
	}
	since, before := prefix+"_since", prefix+"_before"
	r := fusebill.TimeRange{Since: read(since), Before: read(before)}
	if r.Since != nil && r.Before != nil && r.Before.Before(*r.Since) {
		diags.AddAttributeError(path.Root(before), "Invalid Time Range",
			fmt.Sprintf("%s (%s) must not be before %s (%s).", before, r.Before.Format(time.RFC3339), since, r.Since.Format(time.RFC3339)))
	}
	return r
}
