// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

func TestAddCustomer(t *testing.T) {
	t.Parallel()
	var c config
	for _, content := range []string{`{"id": 2, "arBalance": 91827364.070, "status": "Hold"}`, `{"id": 2, "status": null}`} {
		if err := c.addCustomer(writeFile(t, content)); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]any{"id": json.Number("2"), "arBalance": json.Number("91827364.070"), "status": nil}
	if diff := cmp.Diff(want, c.overview(2)); diff != "" {
		t.Errorf("without a fleet, the overview differs (-want +got):\n%s", diff)
	}
	c.options.Fleet = 2
	for name, value := range fusebilltest.Generate(2) {
		if _, ok := want[name]; !ok {
			want[name] = value
		}
	}
	if diff := cmp.Diff(want, c.overview(2)); diff != "" {
		t.Errorf("with a fleet, the overview differs (-want +got):\n%s", diff)
	}
}

func TestAddCustomer_invalid(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"list": "[]", "no_id": "{}", "text_id": `{"id": "7"}`, "fraction": `{"id": 7.5}`, "zero": `{"id": 0}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var c config
			if err := c.addCustomer(writeFile(t, content)); err == nil {
				t.Errorf("got %v, want an error", c.customers)
			}
		})
	}
}

func writeFile(t *testing.T, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "customer.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
