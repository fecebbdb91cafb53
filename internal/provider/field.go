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

// A field is one computed attribute of an object that is read from the API: all
// that there is to say of it, once, for every surface that shows the object.
// T is the client's type of the object.
type field[T any] struct {
	name string
	// attribute is its schema. The framework's data source attributes serve in
	// every kind of schema.
	attribute schema.Attribute
	// terraformType is the attribute's type.
	terraformType tftypes.Type
	// get takes its value from an object, in a form that [tftypes.NewValue] takes.
	get func(*T) any
}

func newField[T any](name string, attribute schema.Attribute, get func(*T) any) field[T] {
	return field[T]{name, attribute, attribute.GetType().TerraformType(context.Background()), get}
}

// of makes a field of a part of an object one of the whole.
func of[Whole, Part any](f field[Part], part func(*Whole) *Part) field[Whole] {
	return field[Whole]{f.name, f.attribute, f.terraformType, func(whole *Whole) any { return f.get(part(whole)) }}
}

// schemaAttributes gives the fields' schema, in a map of its own for each caller.
func schemaAttributes[T any](fields []field[T]) map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(fields))
	for _, f := range fields {
		attributes[f.name] = f.attribute
	}
	return attributes
}

// objectType gives the type of an object with the fields.
func objectType[T any](fields []field[T]) types.ObjectType {
	attributes := make(map[string]attr.Type, len(fields))
	for _, f := range fields {
		attributes[f.name] = f.attribute.GetType()
	}
	return types.ObjectType{AttrTypes: attributes}
}

// fieldValues gives the fields' values for an object, or nulls where it is nil.
//
// They are built as Terraform takes them. By way of the framework's own values, or
// of a struct with tags, a plural read of many takes twice the time.
func fieldValues[T any](fields []field[T], object *T) map[string]tftypes.Value {
	values := make(map[string]tftypes.Value, len(fields))
	for _, f := range fields {
		var value any
		if object != nil {
			value = f.get(object)
		}
		values[f.name] = tftypes.NewValue(f.terraformType, value)
	}
	return values
}

func textField[T any](name, description string, get func(*T) *string) field[T] {
	return newField(name, schema.StringAttribute{Computed: true, MarkdownDescription: description},
		func(object *T) any { return get(object) })
}

func integerField[T any](name, description string, get func(*T) *int64) field[T] {
	return newField(name, schema.Int64Attribute{Computed: true, MarkdownDescription: description},
		func(object *T) any { return get(object) })
}

func booleanField[T any](name, description string, get func(*T) *bool) field[T] {
	return newField(name, schema.BoolAttribute{Computed: true, MarkdownDescription: description},
		func(object *T) any { return get(object) })
}

func decimalField[T any](name, description string, get func(*T) *big.Float) field[T] {
	return newField(name, schema.NumberAttribute{Computed: true, MarkdownDescription: description},
		func(object *T) any { return get(object) })
}

func timestampField[T any](name, description string, get func(*T) *time.Time) field[T] {
	return newField(name, schema.StringAttribute{
		Computed:            true,
		CustomType:          timetypes.RFC3339Type{},
		MarkdownDescription: description + " RFC 3339, in UTC, such as `2019-11-06T14:19:01Z`.",
	}, func(object *T) any {
		t := get(object)
		if t == nil {
			return nil
		}
		return t.UTC().Format(time.RFC3339Nano)
	})
}
