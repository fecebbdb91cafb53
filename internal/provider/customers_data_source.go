package provider

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// defaultMaxResults is how many customers a list may have unless it is told.
const defaultMaxResults = 10_000

var _ datasource.DataSourceWithConfigure = (*customersDataSource)(nil)

// NewCustomersDataSource makes data.fusebill_customers.
func NewCustomersDataSource() datasource.DataSource {
	return &customersDataSource{}
}

type customersDataSource struct {
	connected
}

// listedFields are what is kept of a row of the list.
var listedFields = []field[fusebill.ListedCustomer]{
	ofListed(idField),
	ofListed(referenceField),
	ofListed(statusField),
	ofListed(customerAccountStatusField),
	ofListed(currencyField),
	ofListed(parentIDField),
	ofListed(isParentField),
	ofListed(createdTimestampField),
	timestampField("modified_timestamp", "When the customer was last changed.",
		func(c *fusebill.ListedCustomer) *time.Time { return c.ModifiedTimestamp }),
	ofListed(isActiveField),
	ofListed(inGoodStandingField),
}

// ofListed makes a customer's field one of a row of the list.
func ofListed(f field[customer]) field[fusebill.ListedCustomer] {
	return of(f, func(c *fusebill.ListedCustomer) *customer { return &c.Customer })
}

func (d *customersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_customers"
}

func (d *customersDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	oneOf := func(words ...string) []validator.List {
		return []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(stringvalidator.OneOf(words...))}
	}
	timestamp := func(description string) schema.Attribute {
		return schema.StringAttribute{
			Optional:            true,
			CustomType:          timetypes.RFC3339Type{},
			MarkdownDescription: description + " An RFC 3339 timestamp such as `2026-01-31T00:00:00Z`.",
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds customers by the account's own reference, by status, by parent or by time, and lists them by id. " +
			"A customer is listed for whom all arguments hold; with none of them, every customer is. " +
			"It costs one request of the account's quota for each thousand customers, for each several hundred ids, and for each reference. Nothing personal but the reference, and no amount, gets into the state.",
		Attributes: map[string]schema.Attribute{
			"ids": schema.ListAttribute{
				ElementType:         types.NumberType,
				Optional:            true,
				MarkdownDescription: "Fusebill ids, whole numbers from 1 on. An id that no customer has is not listed. An empty list matches nobody.",
				Validators:          []validator.List{customerIDValidator},
			},
			"references": schema.ListAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "The account's own references. They are not unique, so one may match several customers. None may be empty or hold `;`, `,`, `:`, `|` or `*`, " +
					"which Fusebill's query language cannot express. Whether case matters is up to Fusebill. An empty list matches nobody.",
				Validators: []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(referenceValidator{})},
			},
			"statuses": schema.ListAttribute{
				ElementType:         types.StringType,
				Optional:            true,
				MarkdownDescription: "Values of `status`: `Draft`, `Active`, `Hold`, `Suspended` or `Cancelled`. An empty list matches nobody.",
				Validators:          oneOf("Draft", "Active", "Hold", "Suspended", "Cancelled"),
			},
			"account_statuses": schema.ListAttribute{
				ElementType:         types.StringType,
				Optional:            true,
				MarkdownDescription: "Values of `customer_account_status`: `Good`, `PoorStanding` or `Collection`. An empty list matches nobody.",
				Validators:          oneOf("Good", "PoorStanding", "Collection"),
			},
			"parent_id": schema.NumberAttribute{
				Optional:            true,
				MarkdownDescription: "The Fusebill id of the customers' parent.",
				Validators:          []validator.Number{customerIDValidator},
			},
			"created_since":   timestamp("The customers were created then or later."),
			"created_before":  timestamp("The customers were created before then."),
			"modified_since":  timestamp("The customers were last changed then or later."),
			"modified_before": timestamp("The customers were last changed before then."),
			"max_results": schema.NumberAttribute{
				Optional:            true,
				MarkdownDescription: "How many customers may match. More are an error that tells how many there are; none is left out silently. Default: `10000`.",
				Validators:          []validator.Number{wholeNumberValidator{summary: "Invalid Maximum of Results", noun: "The maximum"}},
			},
			timeoutsName: timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: timeoutDescription}),
			"customers": schema.ListAttribute{ // No nested attribute, as in a view's plural.
				ElementType: objectType(listedFields),
				Computed:    true,
				MarkdownDescription: "The customers that match, by ascending id. Each has attributes as [`fusebill_customer_overview`](" + DocsURL + "/data-sources/customer_overview) and " +
					"[`fusebill_customer_status`](" + DocsURL + "/data-sources/customer_status) read them, and `modified_timestamp`: when the customer was last changed.",
			},
			"customer_ids": schema.ListAttribute{
				ElementType:         types.NumberType,
				Computed:            true,
				MarkdownDescription: "The ids of the customers that match, in the same order.",
			},
			"total_count": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "How many customers match.",
			},
		},
	}
}

func (d *customersDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	resp.Diagnostics.Append(d.take(req.ProviderData)...)
}

func (d *customersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	timeout, diags := timeoutOf(ctx, req.Config, timeouts.Value.Read)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	values := argumentsOf(req.Config)
	most := defaultMaxResults
	if n := values.number("max_results"); n > 0 {
		most = int(min(n, math.MaxInt32)) // An int has no more everywhere.
	}
	filter := fusebill.CustomerFilter{
		IDs:             values.numbers("ids"),
		References:      values.texts("references"),
		Statuses:        values.texts("statuses"),
		AccountStatuses: values.texts("account_statuses"),
		ParentID:        values.number("parent_id"),
		Created:         fusebill.TimeRange{Since: values.time("created_since"), Before: values.time("created_before")},
		Modified:        fusebill.TimeRange{Since: values.time("modified_since"), Before: values.time("modified_before")},
	}
	if len(d.unknown) > 0 && !filter.MatchesNobody() {
		resp.Diagnostics.Append(d.unknownConfigurationDiagnostic(listOfCustomers))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	customers, err := d.client.Customers(ctx, filter, most)
	if err != nil {
		resp.Diagnostics.Append(d.listDiagnostic(err))
		return
	}
	object := objectType(listedFields).TerraformType(ctx)
	objects := make([]tftypes.Value, len(customers))
	ids := make([]tftypes.Value, len(customers))
	for i := range customers {
		objects[i] = tftypes.NewValue(object, fieldValues(listedFields, &customers[i]))
		ids[i] = tftypes.NewValue(tftypes.Number, customers[i].ID)
	}
	values["customers"] = tftypes.NewValue(tftypes.List{ElementType: object}, objects)
	values["customer_ids"] = tftypes.NewValue(tftypes.List{ElementType: tftypes.Number}, ids)
	values["total_count"] = tftypes.NewValue(tftypes.Number, len(customers))
	resp.Diagnostics.Append(resp.State.Set(ctx, values.value(req.Config))...)
}

// referenceValidator wants a reference that can be asked for.
type referenceValidator struct{}

var _ validator.String = referenceValidator{}

// Description is for tools that show what a validator wants.
func (referenceValidator) Description(context.Context) string {
	return "a reference that Fusebill's query language can express"
}

// MarkdownDescription is the same.
func (v referenceValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateString looks at a reference that is there and known.
func (referenceValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := fusebill.ValidateReference(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.Append(diag.NewAttributeErrorDiagnostic(req.Path, "Invalid Customer Reference",
			fmt.Sprintf("%s cannot be looked up, because %s. Look such a customer up by id.", req.Path, err)))
	}
}
