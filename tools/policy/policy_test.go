// SPDX-License-Identifier: MPL-2.0

// Package policy tests the OPA policies in examples/policies/opa.
package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/tester"
)

const (
	root     = "../../examples/policies/opa"
	policies = root + "/policy"
)

// summary has the lines that a successful run prints.
var (
	summary      []string
	summaryMutex sync.Mutex
)

func summarize(format string, values ...any) {
	summaryMutex.Lock()
	defer summaryMutex.Unlock()
	summary = append(summary, fmt.Sprintf(format, values...))
}

func TestMain(m *testing.M) {
	code := m.Run()
	slices.Sort(summary)
	for _, line := range summary {
		fmt.Println(line)
	}
	os.Exit(code)
}

// modules returns the parsed files of a folder by name. Tests are the files that end in
// _test.rego.
func modules(t *testing.T, folder string) (rules, tests map[string]*ast.Module) {
	t.Helper()
	rules, tests = map[string]*ast.Module{}, map[string]*ast.Module{}
	for _, file := range glob(t, folder+"/*.rego") {
		module, err := ast.ParseModuleWithOpts(file, read(t, file), ast.ParserOptions{ProcessAnnotation: true})
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.rego") {
			tests[file] = module
		} else {
			rules[file] = module
		}
	}
	if len(rules) == 0 {
		t.Fatalf("%s has no policy", folder)
	}
	return rules, tests
}

// failures runs the tests and returns the names of those that fail. It stops at the
// first failure if one is enough.
func failures(ctx context.Context, rules, tests map[string]*ast.Module, one bool) ([]string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	all := map[string]*ast.Module{}
	for _, group := range []map[string]*ast.Module{rules, tests} {
		for name, module := range group {
			all[name] = module.Copy()
		}
	}
	results, err := tester.NewRunner().SetModules(all).RunTests(ctx, nil)
	if err != nil {
		return nil, err
	}
	var failed []string
	for result := range results {
		if result.Fail || result.Error != nil {
			failed = append(failed, result.Name)
			if one {
				cancel()
			}
		}
	}
	return failed, nil
}

// evaluate returns the messages of a query, such as data.main.deny, in order.
func evaluate(t *testing.T, rules map[string]*ast.Module, query string, input any) []string {
	t.Helper()
	options := []func(*rego.Rego){rego.Query(query), rego.Input(input), rego.StrictBuiltinErrors(true)}
	for _, module := range rules {
		options = append(options, rego.ParsedModule(module.Copy()))
	}
	results, err := rego.New(options...).Eval(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 1 {
		t.Fatalf("%s is undefined", query)
	}
	var messages []string
	values, ok := results[0].Expressions[0].Value.([]any)
	if !ok {
		t.Fatalf("%s is not a set: %v", query, results[0].Expressions[0].Value)
	}
	for _, value := range values {
		message, ok := value.(string)
		if !ok {
			t.Fatalf("%s has %v, which is not a string", query, value)
		}
		messages = append(messages, message)
	}
	return messages
}

func TestPolicy_format(t *testing.T) {
	t.Parallel()
	for _, file := range append(glob(t, policies+"/*.rego"), glob(t, root+"/platforms/*/*.rego")...) {
		source := read(t, file)
		formatted, err := format.Source(file, []byte(source))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(formatted), source); diff != "" {
			t.Errorf("%s is not formatted; run conftest fmt (-want +got):\n%s", file, diff)
		}
	}
}

func TestPolicy_unit(t *testing.T) {
	t.Parallel()
	rules, tests := modules(t, policies)
	failed, err := failures(t.Context(), rules, tests, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range failed {
		t.Errorf("%s fails", name)
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// decode returns JSON with its numbers as they are written.
func decode(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
