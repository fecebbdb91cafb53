package provider

import (
	"math/big"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A field is one computed attribute of an object that is read from the API: all
// that there is to say of it, once, for every surface that shows the object.
// T is the client's type of the object.
type field[T any] struct {
	name string
	// attribute is its schema. The framework's data source attributes serve in
	// every kind of schema.
	attribute schema.Attribute
	// null is its value where there is no object.
	null attr.Value
	// value takes its value from an object.
	value func(*T) attr.Value
}

// schemaAttributes gives the fields' schema, in a map of its own for each caller.
func schemaAttributes[T any](fields []field[T]) map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(fields))
	for _, f := range fields {
		attributes[f.name] = f.attribute
	}
	return attributes
}

// fieldValues gives the fields' values for an object, or nulls where it is nil.
func fieldValues[T any](fields []field[T], object *T) map[string]attr.Value {
	values := make(map[string]attr.Value, len(fields))
	for _, f := range fields {
		if object == nil {
			values[f.name] = f.null
		} else {
			values[f.name] = f.value(object)
		}
	}
	return values
}

func textField[T any](name, description string, get func(*T) *string) field[T] {
	return field[T]{
		name:      name,
		attribute: schema.StringAttribute{Computed: true, MarkdownDescription: description},
		null:      types.StringNull(),
		value:     func(object *T) attr.Value { return types.StringPointerValue(get(object)) },
	}
}

func integerField[T any](name, description string, get func(*T) *int64) field[T] {
	return field[T]{
		name:      name,
		attribute: schema.Int64Attribute{Computed: true, MarkdownDescription: description},
		null:      types.Int64Null(),
		value:     func(object *T) attr.Value { return types.Int64PointerValue(get(object)) },
	}
}

func booleanField[T any](name, description string, get func(*T) *bool) field[T] {
	return field[T]{
		name:      name,
		attribute: schema.BoolAttribute{Computed: true, MarkdownDescription: description},
		null:      types.BoolNull(),
		value:     func(object *T) attr.Value { return types.BoolPointerValue(get(object)) },
	}
}

func decimalField[T any](name, description string, get func(*T) *big.Float) field[T] {
	return field[T]{
		name:      name,
		attribute: schema.NumberAttribute{Computed: true, MarkdownDescription: description},
		null:      types.NumberNull(),
		value:     func(object *T) attr.Value { return types.NumberValue(get(object)) },
	}
}

func timestampField[T any](name, description string, get func(*T) *time.Time) field[T] {
	return field[T]{
		name: name,
		attribute: schema.StringAttribute{
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
			MarkdownDescription: description + " RFC 3339, in UTC, such as `2019-11-06T14:19:01Z`.",
		},
		null: timetypes.NewRFC3339Null(),
		value: func(object *T) attr.Value {
			t := get(object)
			if t == nil {
				return timetypes.NewRFC3339Null()
			}
			// timetypes would drop the fraction of a second.
			return timetypes.RFC3339{StringValue: types.StringValue(t.UTC().Format(time.RFC3339Nano))}
		},
	}
}
