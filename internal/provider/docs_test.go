// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// librarySummaries are the summaries of the validators and types that the provider uses from other modules.
var librarySummaries = []string{
	"Invalid Attribute Value Match",
	"Invalid Attribute Value Time Duration",
	"Invalid RFC3339 String Value",
	"Null List Value",
}

// The guide lists each summary that the code can produce, and no other.
func TestTroubleshooting_listsAllErrors(t *testing.T) {
	t.Parallel()
	guide := readFile(t, "../../docs/guides/troubleshooting.md")
	var got []string
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]+) \| [^|]+ \| [^|]+ \|$`).FindAllStringSubmatch(guide, -1) {
		if row[1] != "Error" {
			got = append(got, row[1])
		}
	}
	want := append(sourceSummaries(t), librarySummaries...)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/guides/troubleshooting.md (-want +got):\n%s", diff)
	}
}

// sourceSummaries returns the texts of the constants and fields with names that end in summary, and the literal
// summaries of diagnostics, in the source of this package.
func sourceSummaries(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	summaryArgument := map[string]int{
		"AddError": 0, "NewErrorDiagnostic": 0, "AddWarning": 0, "NewWarningDiagnostic": 0,
		"AddAttributeError": 1, "NewAttributeErrorDiagnostic": 1, "AddAttributeWarning": 1, "NewAttributeWarningDiagnostic": 1,
	}
	var summaries []string
	add := func(expression ast.Expr) {
		literal, ok := expression.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		summaries = append(summaries, text)
	}
	isSummary := func(name string) bool { return strings.HasSuffix(strings.ToLower(name), "summary") }
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.ValueSpec:
				for i, value := range n.Values {
					if isSummary(n.Names[i].Name) {
						add(value)
					}
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && isSummary(key.Name) {
					add(n.Value)
				}
			case *ast.CallExpr:
				selector, ok := n.Fun.(*ast.SelectorExpr)
				if !ok {
					break
				}
				if i, ok := summaryArgument[selector.Sel.Name]; ok && i < len(n.Args) {
					add(n.Args[i])
				}
			}
			return true
		})
	}
	slices.Sort(summaries)
	return slices.Compact(summaries)
}

// Each attribute of an object has a description.
func TestObjectDescriptions(t *testing.T) {
	t.Parallel()
	for results, descriptions := range ObjectDescriptions() {
		if len(descriptions) == 0 {
			t.Errorf("%s has no attributes", results)
		}
		for name, description := range descriptions {
			if description == "" {
				t.Errorf("%s: %s has no description", results, name)
			}
		}
	}
}
