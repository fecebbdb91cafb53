// SPDX-License-Identifier: MPL-2.0

package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"
)

// Each adapter returns the messages of the policy for a plan in the platform's envelope.
func TestPlatforms(t *testing.T) {
	t.Parallel()
	policy, _ := modules(t, policies)
	platforms := map[string]struct {
		query      string
		wrap       func(plan any) any
		noWarn     bool // The platform has no warnings.
		standalone bool // The adapter has the whole policy.
	}{
		"hcp-terraform": {
			query: "data.terraform.policies.fusebill",
			wrap:  func(plan any) any { return map[string]any{"plan": plan, "run": map[string]any{"id": "run-1"}} },
		},
		"env0": {
			query: "data.env0",
			wrap: func(plan any) any {
				return map[string]any{"plan": plan, "deploymentRequest": map[string]any{"type": "deploy"}, "approvers": []any{}}
			},
		},
		"scalr": {
			query:  "data.terraform",
			wrap:   func(plan any) any { return map[string]any{"tfplan": plan, "tfrun": map[string]any{"id": "run-1"}} },
			noWarn: true,
		},
		"spacelift": {
			query:      "data.spacelift",
			wrap:       func(plan any) any { return spaceliftInput(plan, plan) },
			standalone: true,
		},
		"spacelift/whole": {
			query:      "data.spacelift",
			wrap:       func(plan any) any { return map[string]any{"terraform": plan, "spacelift": map[string]any{}} },
			standalone: true,
		},
	}
	for name, platform := range platforms {
		adapter, _ := modules(t, filepath.Join(root, "platforms", strings.Split(name, "/")[0]))
		if !platform.standalone {
			maps.Copy(adapter, policy)
		}
		for _, file := range glob(t, root+"/fixtures/*/*.json") {
			t.Run(name+"/"+filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				plan := decode(t, read(t, file))
				for _, kind := range []string{"deny", "warn"} {
					if kind == "warn" && platform.noWarn {
						continue
					}
					want := evaluate(t, policy, "data.main."+kind, plan)
					got := evaluate(t, adapter, platform.query+"."+kind, platform.wrap(plan))
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%s (-want +got):\n%s", kind, diff)
					}
				}
			})
		}
		if got := evaluate(t, adapter, platform.query+".deny", map[string]any{}); len(got) != 1 {
			t.Errorf("%s: without a plan, deny is %q", name, got)
		}
	}
	summarize("%d platforms with an adapter", len(platforms)-1)
}

// spaceliftInput returns the input that Spacelift documents, with the plan that the hook adds.
func spaceliftInput(plan, custom any) map[string]any {
	part := map[string]any{}
	if whole, ok := plan.(map[string]any); ok {
		for _, name := range []string{"resource_changes", "terraform_version"} {
			part[name] = whole[name]
		}
	}
	return map[string]any{
		"spacelift":            map[string]any{"stack": map[string]any{"labels": []any{"fusebill"}}},
		"terraform":            part,
		"third_party_metadata": map[string]any{"custom": map[string]any{"plan": custom}},
	}
}

// Spacelift replaces strings with hashes unless smart sanitization is on. A customer with a
// hash for a status is denied.
func TestPlatforms_hashes(t *testing.T) {
	t.Parallel()
	adapter, _ := modules(t, root+"/platforms/spacelift")
	for _, cli := range []string{"terraform", "tofu"} {
		plan := sanitized(decode(t, read(t, filepath.Join(root, "fixtures", cli, "allowed.json"))), false)
		got := evaluate(t, adapter, "data.spacelift.deny", map[string]any{"terraform": plan})
		if len(got) != 1 || !regexp.MustCompile(`has status [0-9a-f]{8} and account status [0-9a-f]{8};`).MatchString(got[0]) {
			t.Errorf("%s: deny is %q, want a hash for the status", cli, got)
		}
	}
}

// sanitized returns the value with a hash for each string in the values of resources, as
// https://docs.spacelift.io/vendors/terraform/resource-sanitization describes it.
func sanitized(value any, inside bool) any {
	switch value := value.(type) {
	case map[string]any:
		result := map[string]any{}
		for name, element := range value {
			object, _ := element.(map[string]any) // The values of a state are modules.
			isValues := slices.Contains([]string{"values", "before", "after"}, name) && object["root_module"] == nil
			result[name] = sanitized(element, inside || isValues)
		}
		return result
	case []any:
		result := make([]any, len(value))
		for index, element := range value {
			result[index] = sanitized(element, inside)
		}
		return result
	case string:
		if inside {
			sum := sha256.Sum256([]byte(value))
			return hex.EncodeToString(sum[len(sum)-4:])
		}
	}
	return value
}

// Before the plan, Scalr's input has no plan, and the policy has nothing to decide.
func TestPlatforms_scalrBeforePlan(t *testing.T) {
	t.Parallel()
	policy, _ := modules(t, policies)
	adapter, _ := modules(t, root+"/platforms/scalr")
	maps.Copy(policy, adapter)
	for _, input := range []struct {
		name  string
		value any
		deny  int
	}{
		{"before_plan", map[string]any{"tfrun": map[string]any{}}, 0},
		{"null_plan", map[string]any{"tfrun": map[string]any{}, "tfplan": nil}, 1},
		{"no_run", map[string]any{}, 1},
	} {
		if got := evaluate(t, policy, "data.terraform.deny", input.value); len(got) != input.deny {
			t.Errorf("%s: deny is %q, want %d messages", input.name, got, input.deny)
		}
	}
}

// The configuration of HCP Terraform and Scalr names rules and files that exist.
func TestPlatforms_configuration(t *testing.T) {
	t.Parallel()
	policy, _ := modules(t, policies)
	adapter, _ := modules(t, root+"/platforms/hcp-terraform")
	maps.Copy(policy, adapter)
	queries := regexp.MustCompile(`query\s*=\s*"(.*)"`).FindAllStringSubmatch(read(t, root+"/platforms/hcp-terraform/policies.hcl"), -1)
	if len(queries) != 2 {
		t.Errorf("policies.hcl has the queries %q", queries)
	}
	for _, query := range queries {
		evaluate(t, policy, query[1], map[string]any{})
	}
	names := regexp.MustCompile(`policy "(.*)"`).FindAllStringSubmatch(read(t, root+"/platforms/scalr/scalr-policy.hcl"), -1)
	for _, name := range names {
		read(t, root+"/platforms/scalr/"+name[1]+".rego")
	}
	if len(names) != 1 {
		t.Errorf("scalr-policy.hcl has the policies %q", names)
	}
}

// The examples with conftest use the version that the tests use.
func TestPlatforms_conftestVersion(t *testing.T) {
	t.Parallel()
	version := regexp.MustCompile(`CONFTEST_VERSION := (v[0-9.]+)`).FindStringSubmatch(read(t, "../../GNUmakefile"))[1]
	for file, want := range map[string]string{
		"atlantis/repos.yaml":     "conftest_version: " + version + "\n",
		"github-actions/plan.yml": `openpolicyagent/conftest:` + version + " test --policy policy plan.json\n",
	} {
		if !strings.Contains(read(t, root+"/platforms/"+file), want) {
			t.Errorf("%s does not have %q", file, want)
		}
	}
}

// Spacelift's file has the rules of the policy, and no others.
func TestPlatforms_spaceliftIsCurrent(t *testing.T) {
	t.Parallel()
	policy, _ := modules(t, policies)
	adapter, _ := modules(t, root+"/platforms/spacelift")
	texts := func(modules map[string]*ast.Module) []string {
		var texts []string
		for _, module := range modules {
			for _, rule := range module.Rules {
				texts = append(texts, rule.String())
			}
		}
		slices.Sort(texts)
		return texts
	}
	if diff := cmp.Diff(texts(policy), texts(adapter)); diff != "" {
		t.Errorf("platforms/spacelift is not what make generate writes (-want +got):\n%s", diff)
	}
}

// Settings are data, or rules of the package fusebill_policy if a platform has no data.
func TestSettings(t *testing.T) {
	t.Parallel()
	policy, _ := modules(t, policies)
	input := decode(t, read(t, root+"/fixtures/terraform/fleet.json"))
	before := len(evaluate(t, policy, "data.main.deny", input))
	text := read(t, root+"/settings/fusebill_policy.rego") + "\nallowed_statuses := [\"Active\", \"Hold\"]\n"
	module, err := ast.ParseModule("settings.rego", text)
	if err != nil {
		t.Fatal(err)
	}
	policy["settings.rego"] = module
	if after := len(evaluate(t, policy, "data.main.deny", input)); after != before-1 {
		t.Errorf("with Hold allowed, %d resources are denied; without, %d", after, before)
	}
	if got := evaluate(t, policy, "data.main.settings.exempt_types", input); len(got) != 1 {
		t.Errorf("exempt_types is %q", got)
	}

	spacelift, _ := modules(t, root+"/platforms/spacelift")
	for name := range spacelift {
		text := read(t, name) + "\noverrides := {\"allowed_statuses\": [\"Active\", \"Hold\"]}\n"
		if spacelift[name], err = ast.ParseModule(name, text); err != nil {
			t.Fatal(err)
		}
	}
	if after := len(evaluate(t, spacelift, "data.spacelift.deny", map[string]any{"plan": input})); after != before-1 {
		t.Errorf("with Hold allowed on Spacelift, %d resources are denied; without, %d", after, before)
	}
}

// conftest prints the messages of the policy for each fixture, for several files, and with
// the settings of the example.
func TestConftest(t *testing.T) {
	t.Parallel()
	conftest := os.Getenv("CONFTEST")
	if conftest == "" {
		t.Skip("CONFTEST is not set")
	}
	run := func(t *testing.T, arguments ...string) (string, int) {
		t.Helper()
		arguments = append([]string{"test", "--no-color", "--policy", policies}, arguments...)
		command := exec.CommandContext(t.Context(), conftest, arguments...)
		out, _ := command.CombinedOutput() // A denial is an error.
		return string(out), command.ProcessState.ExitCode()
	}
	rules, _ := modules(t, policies)
	for _, file := range glob(t, root+"/fixtures/*/*.json") {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			deny := evaluate(t, rules, "data.main.deny", decode(t, read(t, file)))
			out, exit := run(t, file)
			if want := min(len(deny), 1); exit != want {
				t.Errorf("conftest exits %d, want %d:\n%s", exit, want, out)
			}
			for _, message := range deny {
				if !strings.Contains(out, message) {
					t.Errorf("conftest does not print %q:\n%s", message, out)
				}
			}
		})
	}
	good, bad := root+"/fixtures/terraform/allowed.json", root+"/fixtures/tofu/fleet.json"
	for _, test := range []struct {
		name      string
		arguments []string
		exit      int
		prints    string
	}{
		{"combined", []string{"--combine", good, good}, 0, "0 failures"},
		{"combined_denied", []string{"--combine", good, bad}, 1, bad + `: terraform_data.stack["7"] belongs to customer 7`},
		{"settings", []string{"--data", root + "/data", good}, 0, "0 warnings"},
		{"settings_denied", []string{"--data", root + "/data", bad}, 1, "belongs to customer 7"},
		{"settings_warned", []string{"--data", root + "/data", root + "/fixtures/terraform/warned.json"}, 0, "2 warnings"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if out, exit := run(t, test.arguments...); exit != test.exit || !strings.Contains(out, test.prints) {
				t.Errorf("conftest exits %d, want %d and %q:\n%s", exit, test.exit, test.prints, out)
			}
		})
	}
}
