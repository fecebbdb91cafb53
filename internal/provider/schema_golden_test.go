// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/golden"
)

// The public schema is that of the golden file, so that a change of it is seen in a review. make generate
// rewrites the file.
func TestSchema_golden(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, nil)
	var text strings.Builder
	writeSchema(&text, "provider", p.schemas.Provider)
	for _, name := range slices.Sorted(maps.Keys(p.schemas.DataSourceSchemas)) {
		writeSchema(&text, "data."+name, p.schemas.DataSourceSchemas[name])
	}
	for _, name := range slices.Sorted(maps.Keys(p.schemas.EphemeralResourceSchemas)) {
		writeSchema(&text, "ephemeral."+name, p.schemas.EphemeralResourceSchemas[name])
	}
	if n := len(p.schemas.ResourceSchemas) + len(p.schemas.Functions) + len(p.schemas.ListResourceSchemas) +
		len(p.schemas.ActionSchemas); n != 0 {
		t.Errorf("the provider has %d resources, functions, list resources, and actions, which the golden file does not have", n)
	}
	golden.Compare(t, "schema.golden", text.String(), "make generate")
}

// writeSchema writes a line for each attribute of a schema, and each attribute of its objects.
func writeSchema(text *strings.Builder, address string, schema *tfprotov6.Schema) {
	fmt.Fprintf(text, "%s\n", address)
	if len(schema.Block.BlockTypes) > 0 {
		fmt.Fprintf(text, "  %d block types\n", len(schema.Block.BlockTypes))
	}
	for _, a := range slices.SortedFunc(slices.Values(schema.Block.Attributes), func(a, b *tfprotov6.SchemaAttribute) int {
		return strings.Compare(a.Name, b.Name)
	}) {
		var flags []string
		for flag, isSet := range map[string]bool{
			"required": a.Required, "optional": a.Optional, "computed": a.Computed, "sensitive": a.Sensitive,
			"write-only": a.WriteOnly, "deprecated": a.Deprecated,
		} {
			if isSet {
				flags = append(flags, flag)
			}
		}
		slices.Sort(flags)
		fmt.Fprintf(text, "  %s: %s, %s\n", a.Name, typeText(a.ValueType(), "  "), strings.Join(flags, ", "))
	}
	text.WriteString("\n")
}

// typeText returns a type in the syntax of Terraform's type constraints.
func typeText(t tftypes.Type, indent string) string {
	switch t := t.(type) {
	case tftypes.List:
		return "list(" + typeText(t.ElementType, indent) + ")"
	case tftypes.Set:
		return "set(" + typeText(t.ElementType, indent) + ")"
	case tftypes.Map:
		return "map(" + typeText(t.ElementType, indent) + ")"
	case tftypes.Object:
		var text strings.Builder
		text.WriteString("object({\n")
		for _, name := range slices.Sorted(maps.Keys(t.AttributeTypes)) {
			fmt.Fprintf(&text, "%s  %s = %s\n", indent, name, typeText(t.AttributeTypes[name], indent+"  "))
		}
		return text.String() + indent + "})"
	default:
		return strings.ToLower(strings.TrimPrefix(t.String(), "tftypes."))
	}
}
