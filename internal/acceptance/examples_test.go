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
			if file != versionsFile {
				ts.Check(os.RemoveAll(ts.MkAbs(versionsFile)))
			}
			return
		}
	}
}

// TestExamples_run asserts that a script runs each example, except those that the tests of
// internal/provider and of the OPA policies run.
func TestExamples_run(t *testing.T) {
	t.Parallel()
	var scripts strings.Builder
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		scripts.WriteString(readFile(t, file))
	}
	var examples []string
	for _, pattern := range []string{"guides/*/main.tf", "modules/*/main.tf", "policies/*/main.tf", "quickstart/main.tf", "tests/main.tf"} {
		matches, err := fs.Glob(os.DirFS(filepath.Join(root, "examples")), pattern)
		if err != nil || len(matches) == 0 {
			t.Fatalf("%s has no matches: %v", pattern, err)
		}
		examples = append(examples, matches...)
	}
	for _, file := range examples {
		directory := filepath.ToSlash(filepath.Dir(file))
		if !strings.Contains(scripts.String(), "\nexample "+directory+"\n") {
			t.Errorf("no script runs examples/%s", directory)
		}
	}
}

// TestGuides_showExamples asserts that each file that a guide shows is an example, except
// configurations of other providers, before a migration.
func TestGuides_showExamples(t *testing.T) {
	t.Parallel()
	var examples []string
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		examples = append(examples, strings.TrimSpace(readFile(t, path)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, guide := range guides(t) {
		for _, snippet := range snippets(readFile(t, guide)) {
			if snippet.language == "shell" || strings.Contains(snippet.text, `data "http"`) {
				continue
			}
			if !slices.Contains(examples, snippet.text) {
				t.Errorf("%s shows %s that is not an example:\n%s", guide, snippet.language, snippet.text)
			}
		}
	}
}

// TestGuides_commands asserts that the commands in the guides and in README.md name files and make
// targets that exist.
func TestGuides_commands(t *testing.T) {
	t.Parallel()
	makefile := readFile(t, filepath.Join(root, "GNUmakefile"))
	paths, targets := regexp.MustCompile(`examples/[\w./-]+`), regexp.MustCompile(`(?m)make ([a-z-]+)`)
	for _, document := range append(guides(t), filepath.Join(root, "README.md")) {
		for _, snippet := range snippets(readFile(t, document)) {
			if snippet.language != "shell" {
				continue
			}
			for _, path := range paths.FindAllString(snippet.text, -1) {
				if _, err := os.Stat(filepath.Join(root, path)); err != nil {
					t.Errorf("%s names %s: %v", document, path, err)
				}
			}
			for _, target := range targets.FindAllStringSubmatch(snippet.text, -1) {
				if !strings.Contains(makefile, "\n"+target[1]+":") {
					t.Errorf("%s names the target %s, which does not exist", document, target[1])
				}
			}
		}
	}
}

// TestExamples_mocks asserts that the mocks in OpenTofu's test, which are part of the test, are those of
// Terraform's mock file.
func TestExamples_mocks(t *testing.T) {
	t.Parallel()
	words := func(file string) string {
		return strings.Join(strings.Fields(readFile(t, filepath.Join(root, "examples/tests", file))), " ")
	}
	_, mocks, found := strings.Cut(words("mocks/fusebill.tfmock.hcl"), "mock_data")
	if !found || !strings.Contains(words("gate.tofutest.hcl"), mocks) {
		t.Error("gate.tofutest.hcl lacks the mocks of mocks/fusebill.tfmock.hcl")
	}
}

// guides returns the paths of the guides.
func guides(t *testing.T) []string {
	t.Helper()
	guides, err := filepath.Glob(filepath.Join(root, "docs/guides/*.md"))
	if err != nil || len(guides) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	return guides
}

// snippet is a fenced block of a document.
type snippet struct{ language, text string }

var fence = regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")

func snippets(document string) (snippets []snippet) {
	for _, match := range fence.FindAllStringSubmatch(document, -1) {
		snippets = append(snippets, snippet{match[1], strings.TrimSpace(match[2])})
	}
	return snippets
}

// showcase writes the only configuration that a document shows to main.tf. It replaces versionsFile,
// because the configuration must be complete.
func showcase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: showcase DOCUMENT")
	}
	document, err := os.ReadFile(filepath.Join(root, args[0]))
	ts.Check(err)
	shown := slices.DeleteFunc(snippets(string(document)), func(s snippet) bool { return s.language != "terraform" && s.language != "hcl" })
	if len(shown) != 1 {
		ts.Fatalf("%s has %d configurations, want 1", args[0], len(shown))
	}
	ts.Check(os.WriteFile(ts.MkAbs("main.tf"), []byte(shown[0].text+"\n"), 0o600))
	ts.Check(os.Remove(ts.MkAbs(versionsFile)))
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
