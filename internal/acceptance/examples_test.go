// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// example copies a directory below examples to the current directory. If the example requires the
// provider itself, it replaces versionsFile.
func example(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: example DIRECTORY")
	}
	source := os.DirFS(filepath.Join(root, "examples", args[0]))
	ts.Check(os.CopyFS(ts.MkAbs("."), source))
	files, err := fs.Glob(source, "*.tf")
	ts.Check(err)
	for _, file := range files {
		content, err := fs.ReadFile(source, file)
		ts.Check(err)
		if bytes.Contains(content, []byte("required_providers")) {
			ts.Check(os.Remove(ts.MkAbs(versionsFile)))
			return
		}
	}
}

// TestExamples_run asserts that each example of the guides, the modules, and the tests is run by a
// script. internal/provider and the policies run the others.
func TestExamples_run(t *testing.T) {
	t.Parallel()
	scripts := ""
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		scripts += readFile(t, file)
	}
	var examples []string
	for _, pattern := range []string{"guides/*/main.tf", "modules/*/main.tf", "quickstart/main.tf", "tests/main.tf"} {
		matches, err := fs.Glob(os.DirFS(filepath.Join(root, "examples")), pattern)
		if err != nil || len(matches) == 0 {
			t.Fatalf("%s has no matches: %v", pattern, err)
		}
		examples = append(examples, matches...)
	}
	for _, file := range examples {
		directory := filepath.ToSlash(filepath.Dir(file))
		if !strings.Contains(scripts, "\nexample "+directory+"\n") {
			t.Errorf("no script runs examples/%s", directory)
		}
	}
}

// TestGuides_showExamples asserts that each configuration in a guide is an example, except those of
// other providers.
func TestGuides_showExamples(t *testing.T) {
	t.Parallel()
	var examples []string
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".tf") && !strings.HasSuffix(path, ".tftest.hcl") {
			return err
		}
		examples = append(examples, strings.TrimSpace(readFile(t, path)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	guides, err := filepath.Glob(filepath.Join(root, "docs/guides/*.md"))
	if err != nil || len(guides) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	block := regexp.MustCompile("(?s)```terraform\n(.*?)```")
	for _, guide := range guides {
		for _, match := range block.FindAllStringSubmatch(readFile(t, guide), -1) {
			shown := strings.TrimSpace(match[1])
			if !slices.Contains(examples, shown) && !strings.Contains(shown, `data "http"`) {
				t.Errorf("%s shows a configuration that is not an example:\n%s", guide, shown)
			}
		}
	}
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
