// SPDX-License-Identifier: MPL-2.0

package main

import "testing"

func TestDescribe(t *testing.T) {
	t.Parallel()
	descriptions := map[string]map[string]string{"statuses": {"id": "ID of the customer."}}
	const page = "- `statuses` (Map of Object)\n### Nested Schema for `statuses`\n\n" +
		"- `id` (Number)\n\n## Values\n- `id` (Number)\n"
	const want = "- `statuses` (Map of Object)\n### Nested Schema for `statuses`\n\n" +
		"- `id` (Number) ID of the customer.\n\n## Values\n- `id` (Number)\n"
	got, err := describe(page, descriptions)
	if err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if again, err := describe(got, descriptions); err != nil || again != want {
		t.Errorf("a second run returns %q, %v; want %q", again, err, want)
	}
	if _, err := describe("### Nested Schema for `statuses`\n- `other` (String)\n", descriptions); err == nil {
		t.Error("an attribute without a description is not an error")
	}
}
