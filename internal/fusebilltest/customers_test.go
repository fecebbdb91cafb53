// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGenerate asserts that the generated customers, together, have every known
// form of a value.
func TestGenerate(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	statuses := map[any]bool{}
	for id := int64(1); id <= 100; id++ {
		overview := Generate(id)
		if diff := cmp.Diff(overview, Generate(id)); diff != "" {
			t.Fatalf("Generate(%d) differs between calls:\n%s", id, diff)
		}
		text, err := json.Marshal(overview)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
		statuses[overview["status"]], statuses[overview["customerAccountStatus"]] = true, true
	}
	for _, form := range []string{
		`"statusTimestamp":"2023-04-13T17:41:39.7648223Z"`, `"customerAccountStatusTimestamp":"2023-03-22T19:21:24.857"`,
		`"createdTimestamp":"2019-11-06T20:19:01"`, `:60.0000`, `:19999999999999.99`, `:0.1,`, `:-12.5`, `"avalaraId":2`,
		`"sageIntacctId":"2"`, `; b1@example.com`, `"middleName":null`, `"middleName":""`, `"daysUntilSuspension":0`, `"parentId":1,`,
		`"isParent":true`,
	} {
		if !strings.Contains(all.String(), form) {
			t.Errorf("no customer has %s", form)
		}
	}
	want := map[any]bool{
		"Draft": true, "Active": true, "Hold": true, "Suspended": true, "Cancelled": true, "Good": true, "PoorStanding": true, "Collection": true,
	}
	if diff := cmp.Diff(want, statuses); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

// TestEveryFieldJSON asserts that no two of the 44 fields have the same value.
func TestEveryFieldJSON(t *testing.T) {
	t.Parallel()
	fields := decode(t, EveryFieldJSON())
	if len(fields) != 44 {
		t.Errorf("got %d fields, want 44", len(fields))
	}
	names := map[any]string{}
	for name, value := range fields {
		if other, ok := names[value]; ok {
			t.Errorf("%s and %s are both %v", name, other, value)
		}
		names[value] = name
	}
	for _, name := range append(append([]string{}, foreignIDs...), statusFields...) {
		if _, ok := fields[name]; !ok {
			t.Errorf("%s is missing", name)
		}
	}
}
