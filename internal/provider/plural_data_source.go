// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var _ datasource.DataSourceWithConfigure = (*pluralDataSource[any])(nil)

// pluralDataSource is a data source that reads many customers by ID.
type pluralDataSource[T any] struct {
	dataSourceBase
	// typeName is the name of the data source without that of the provider, and singular is the name of
	// the data source that reads one customer.
	typeName, singular string
	description        string
	// results is the name of the attribute that contains the customers by ID.
	results string
	customerKind[T]
}

func (d *pluralDataSource[T]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.typeName
}

func (d *pluralDataSource[T]) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		// A list, because Terraform is slow with large sets.
		"customer_ids": schema.ListAttribute{
			ElementType: types.NumberType,
			Required:    true,
			MarkdownDescription: "IDs of the customers in Fusebill, in any order. Must be positive integers. Duplicate IDs are read once. " +
				"An empty list is valid and returns no customers.",
			Validators: []validator.List{customerIDValidator},
		},
		// Not a nested attribute: Terraform cannot mock the elements of one, and the framework takes
		// twice as long.
		d.results: schema.MapAttribute{
			ElementType: objectType(d.fields),
			Computed:    true,
			MarkdownDescription: fmt.Sprintf("Customers that exist, by ID: `%[1]s[\"650084\"]`, or `%[1]s[650084]`. "+
				"Each has the attributes that [`%[2]s_%[3]s`](%[4]s/data-sources/%[3]s) returns.", d.results, providerTypeName, d.singular, DocsURL),
		},
		"missing_customer_ids": schema.ListAttribute{
			ElementType: types.NumberType,
			Computed:    true,
			MarkdownDescription: "IDs in `customer_ids` that do not exist in Fusebill, in ascending order. " +
				"Always empty unless `allow_missing` is `true`.",
		},
		"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: timeoutDescription}),
	}
	d.addOptions(attributes, "Whether to list the IDs of missing customers in `missing_customer_ids` instead of returning an error.")
	resp.Schema = schema.Schema{MarkdownDescription: d.description, Attributes: attributes}
}

func (d *pluralDataSource[T]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := withReadTimeout(ctx, req.Config, &resp.Diagnostics)
	defer cancel()
	at := path.Root("customer_ids")
	var ids []int64
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &ids)...)
	options := d.options(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	customers, diags := readCustomers(ctx, d.data, d.customerKind, at, ids, options)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}

	object := objectType(d.fields).TerraformType(ctx)
	results := make(map[string]tftypes.Value, len(customers))
	missing := []tftypes.Value{}
	for _, id := range ids {
		if values, exists := customers[id]; exists {
			results[strconv.FormatInt(id, 10)] = tftypes.NewValue(object, values)
		} else {
			missing = append(missing, tftypes.NewValue(tftypes.Number, id))
		}
	}
	resp.State.Raw = withComputed(req.Config, map[string]tftypes.Value{
		d.results:              tftypes.NewValue(tftypes.Map{ElementType: object}, results),
		"missing_customer_ids": tftypes.NewValue(tftypes.List{ElementType: tftypes.Number}, missing),
	}, &resp.Diagnostics)
}
