// SPDX-License-Identifier: MPL-2.0

package policy

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Each rule, clause of a function, and default has a unit test that fails without it.
func TestPolicy_deletion(t *testing.T) {
	t.Parallel()
	rules, tests := modules(t, policies)
	counts := map[string]int{}
	var mutex sync.Mutex
	t.Run("rules", func(t *testing.T) {
		t.Parallel()
		t.Cleanup(func() {
			if !t.Failed() {
				summarize("%d rules (%d deny, %d warn) and %d helpers; the deletion of each is noticed",
					counts["deny"]+counts["warn"], counts["deny"], counts["warn"], counts["helper"])
			}
		})
		for file, module := range rules {
			for index, rule := range module.Rules {
				name := rule.Head.Ref()[0].String()
				t.Run(fmt.Sprintf("%s/%d", name, rule.Location.Row), func(t *testing.T) {
					t.Parallel()
					without := *module
					without.Rules = slices.Delete(slices.Clone(module.Rules), index, index+1)
					remaining := map[string]*ast.Module{}
					for name, module := range rules {
						remaining[name] = module
					}
					remaining[file] = &without
					failed, err := failures(t.Context(), remaining, tests, true)
					if err == nil && len(failed) == 0 {
						t.Errorf("%s: no test fails without this rule:\n%s", rule.Location, rule)
					}
					mutex.Lock()
					defer mutex.Unlock()
					if name != "deny" && name != "warn" {
						name = "helper"
					}
					counts[name]++
				})
			}
		}
	})
}
