// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"math/big"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A field is a computed attribute of an object that the API returns: its name, schema, and value, in one
// place for all data sources that have it. T is the client's type of the object.
type field[T any] struct {
	name string
	// attribute is the schema. The attributes of data sources are valid in the schema of an ephemeral
	// resource as well.
	attribute schema.Attribute
	// terraformType is the type of the attribute.
	terraformType tftypes.Type
	// value returns the value of the attribute, in a form that tftypes.NewValue accepts.
	value func(*T) any
}

func newField[T any](name string, attribute schema.Attribute, value func(*T) any) field[T] {
	return field[T]{
		name:          name,
		attribute:     attribute,
		terraformType: attribute.GetType().TerraformType(context.Background()),
		value:         value,
	}
}

// embedField returns a field of an embedded object as a field of the object that embeds it.
func embedField[Outer, Inner any](f field[Inner], inner func(*Outer) *Inner) field[Outer] {
	return field[Outer]{
		name:          f.name,
		attribute:     f.attribute,
		terraformType: f.terraformType,
		value:         func(outer *Outer) any { return f.value(inner(outer)) },
	}
}

// schemaAttributes returns the schema of the fields in a new map.
func schemaAttributes[T any](fields []field[T]) map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(fields))
	for _, f := range fields {
		attributes[f.name] = f.attribute
	}
	return attributes
}

// objectType returns the type of an object with the fields.
func objectType[T any](fields []field[T]) types.ObjectType {
	attributes := make(map[string]attr.Type, len(fields))
	for _, f := range fields {
		attributes[f.name] = f.attribute.GetType()
	}
	return types.ObjectType{AttrTypes: attributes}
}

// fieldValues returns the values of the fields of an object, or nulls if the object is nil.
//
// The values are tftypes, which the framework sends to Terraform as they are. With the framework's own
// values, or a struct with tfsdk tags, a plural data source takes twice as long: see
// BenchmarkPluralDataSource.
func fieldValues[T any](fields []field[T], object *T) map[string]tftypes.Value {
	values := make(map[string]tftypes.Value, len(fields))
	for _, f := range fields {
		var value any
		if object != nil {
			value = f.value(object)
		}
		values[f.name] = tftypes.NewValue(f.terraformType, value)
	}
	return values
}

func textField[T any](name, description string, value func(*T) *string) field[T] {
	return newField(name, schema.StringAttribute{Computed: true, MarkdownDescription: description},
		func(object *T) any { return value(object) })
}

func integerField[T any](name, description string, value func(*T) *int64) field[T] {
	return newField(name, schema.Int64Attribute{Computed: true, MarkdownDescription: description},
		func(object *T) any { return value(object) })
}

func booleanField[T any](name, description string, value func(*T) *bool) field[T] {
	return newField(name, schema.BoolAttribute{Computed: true, MarkdownDescription: description},
		func(object *T) any { return value(object) })
}

func decimalField[T any](name, description string, value func(*T) *big.Float) field[T] {
	return newField(name, schema.NumberAttribute{Computed: true, MarkdownDescription: description},
		func(object *T) any { return value(object) })
}

func timestampField[T any](name, description string, value func(*T) *time.Time) field[T] {
	return newField(name, schema.StringAttribute{
		Computed:            true,
		CustomType:          timetypes.RFC3339Type{},
		MarkdownDescription: description + " RFC 3339 timestamp in UTC, such as `2019-11-06T14:19:01Z`.",
	}, func(object *T) any {
		t := value(object)
		if t == nil {
			return nil
		}
		return t.UTC().Format(time.RFC3339Nano)
	})
}
