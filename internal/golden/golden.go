// SPDX-License-Identifier: MPL-2.0

// Package golden compares texts with golden files in tests.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files under testdata")

// Compare reports an error if got differs from the golden file in the directory testdata of the package
// under test. With the flag -update, it writes got to the file first. command is the one that
// rewrites the file.
func Compare(t testing.TB, name, got, command string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed (-want +got); if that is intended, run %s:\n%s", name, command, diff)
	}
}
