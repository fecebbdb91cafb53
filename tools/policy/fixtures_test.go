// SPDX-License-Identifier: MPL-2.0

package policy

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The messages for each plan are those in the head of the case's main.tf.
func TestPolicy_fixtures(t *testing.T) {
	t.Parallel()
	rules, _ := modules(t, policies)
	cases := glob(t, root+"/cases/*/main.tf")
	for _, cli := range []string{"terraform", "tofu"} {
		for _, file := range cases {
			name := filepath.Base(filepath.Dir(file))
			t.Run(cli+"/"+name, func(t *testing.T) {
				t.Parallel()
				input := decode(t, read(t, filepath.Join(root, "fixtures", cli, name+".json")))
				source := read(t, file)
				for _, kind := range []string{"deny", "warn"} {
					want := slices.Sorted(slices.Values(append(header(source, kind), header(source, kind+" ("+cli+")")...)))
					got := evaluate(t, rules, "data.main."+kind, input)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%s (-want +got):\n%s", kind, diff)
					}
				}
			})
		}
		if fixtures := glob(t, root+"/fixtures/"+cli+"/*.json"); len(fixtures) != len(cases) {
			t.Errorf("%s has %d fixtures and %d cases", cli, len(fixtures), len(cases))
		}
		summarize("%d fixtures of %s", len(cases), cli)
	}
}

// header returns the values of the lines of a kind in the head of a case.
func header(source, kind string) []string {
	var values []string
	for line := range strings.Lines(source) {
		text, ok := strings.CutPrefix(line, "# ")
		if !ok {
			break
		}
		if value, ok := strings.CutPrefix(text, kind+": "); ok {
			values = append(values, strings.TrimSuffix(value, "\n"))
		}
	}
	return values
}
