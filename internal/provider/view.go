package provider

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A view is what surfaces show of customers: the attributes, once, for the singular
// surfaces of it as for the plural ones.
type view struct {
	fields []field[overview]
	// singular is the data source that shows the view of one customer, and plural the
	// attribute that holds the objects of many.
	singular, plural string
	// financials tells that amounts are among the fields, so that it can be chosen
	// whether to read them.
	financials bool
}

// A shape is how surfaces ask and answer: for one customer, or for many.
type shape struct {
	// attributes gives the schema of a view, but for the time-outs.
	attributes func(view) map[string]schema.Attribute
	// read reads what a configuration asks for, and gives the surface's whole value.
	read func(*connection, context.Context, view, tfsdk.Config, time.Duration) (tftypes.Value, diag.Diagnostics)
}

var (
	singular = shape{view.singularAttributes, (*connection).readOne}
	plural   = shape{view.pluralAttributes, (*connection).readMany}
)

// options are the arguments that each surface of the view has. The description says
// where a missing customer is told.
func (v view) options(missing string) map[string]schema.Attribute {
	options := map[string]schema.Attribute{
		"allow_missing": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether a customer that does not exist is fine: " + missing + " then, instead of an error. " +
				"Only Fusebill's own answer counts; a 404 from anything else stays an error. " +
				"With the key of another account all customers are missing, so take care where what is read decides what exists. Default: `false`.",
		},
	}
	if v.financials {
		options["include_financials"] = schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether to read balances and revenue. With `false` Fusebill is told to leave them out, and the eight amounts are null. " +
				"Default: `true`.",
		}
	}
	return options
}

// singularAttributes are those of a surface that reads one customer, but for its
// timeouts.
func (v view) singularAttributes() map[string]schema.Attribute {
	attributes := schemaAttributes(v.fields)
	maps.Copy(attributes, v.options("`exists` is false"))
	attributes["customer_id"] = schema.NumberAttribute{
		Required:            true,
		MarkdownDescription: "The customer's Fusebill id, a whole number from 1 on. It is not the account's reference for the customer.",
		Validators:          []validator.Number{customerIDValidator},
	}
	attributes["exists"] = schema.BoolAttribute{
		Computed:            true,
		MarkdownDescription: "Whether the customer exists. It is false only with `allow_missing`, and then every attribute is null that is not an argument.",
	}
	return attributes
}

// pluralAttributes are those of a surface that reads many customers, but for its
// timeouts. The ids are a list, because sets of thousands are slow in Terraform.
func (v view) pluralAttributes() map[string]schema.Attribute {
	attributes := v.options("its id stands in `missing_customer_ids`")
	attributes["customer_ids"] = schema.ListAttribute{
		ElementType: types.NumberType,
		Required:    true,
		MarkdownDescription: "The customers' Fusebill ids, whole numbers from 1 on, in any order. An id that occurs more than once is read once. " +
			"The list may be empty.",
		Validators: []validator.List{customerIDValidator},
	}
	// No nested attribute: Terraform's tests cannot mock the elements of one, and the
	// framework takes twice as long for it.
	attributes[v.plural] = schema.MapAttribute{
		ElementType: objectType(v.fields),
		Computed:    true,
		MarkdownDescription: "The customers that exist, by id: `" + v.plural + "[\"650084\"]`, or `" + v.plural + "[650084]`. " +
			fmt.Sprintf("Each has the attributes that [`%s_%s`](%s/data-sources/%s) reads.", typeName, v.singular, DocsURL, v.singular),
	}
	attributes["missing_customer_ids"] = schema.ListAttribute{
		ElementType:         types.NumberType,
		Computed:            true,
		MarkdownDescription: "The ids that no customer has, in ascending order. Without `allow_missing` they are an error, and this is empty.",
	}
	return attributes
}
