// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// search searches files, by default all files of the script, including the output of each command
// of the CLI and the contents of saved plans.
//
//   - "search pattern" succeeds if a file matches a regular expression.
//   - "search key" succeeds if a file has the API key of the environment in any encoding.
//   - "search values FILE" succeeds if each value, other than the ID, of the JSON object in FILE is
//     in a file. "! search values FILE" succeeds if none is. FILE itself is not searched.
func search(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 || args[0] == "values" && len(args) < 2 {
		ts.Fatalf("usage: [!] search pattern|key|values FILE [path ...]")
	}
	var patterns map[string]*regexp.Regexp
	paths := args[1:]
	var fixture string
	switch args[0] {
	case "key":
		var forms []string
		for _, form := range keyForms(ts.Getenv("FUSEBILL_API_KEY")) {
			forms = append(forms, regexp.QuoteMeta(form))
		}
		patterns = map[string]*regexp.Regexp{"the API key": regexp.MustCompile(strings.Join(forms, "|"))}
	case "values":
		fixture, paths = ts.MkAbs(args[1]), args[2:]
		var err error
		patterns, err = valuePatterns(ts.ReadFile(fixture))
		ts.Check(err)
	default:
		pattern, err := regexp.Compile(args[0])
		ts.Check(err)
		patterns = map[string]*regexp.Regexp{args[0]: pattern}
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	contents := map[string][]byte{}
	for _, path := range paths {
		ts.Check(readFiles(contents, ts.MkAbs(path)))
	}
	delete(contents, fixture)
	if len(contents) == 0 {
		ts.Fatalf("no files to search")
	}
	for name, pattern := range patterns {
		var files []string
		for file, content := range contents {
			if pattern.Match(content) {
				files = append(files, file)
			}
		}
		slices.Sort(files)
		switch {
		case neg && len(files) > 0:
			ts.Fatalf("%s is in %s", name, strings.Join(files, ", "))
		case !neg && len(files) == 0:
			ts.Fatalf("%s is in none of %d files", name, len(contents))
		}
	}
}

// keyForms returns the encodings of an API key that must not appear anywhere.
func keyForms(key string) []string {
	if key == "" {
		return nil
	}
	escaped := url.QueryEscape(key)
	lower := regexp.MustCompile("%..").ReplaceAllStringFunc(escaped, strings.ToLower)
	forms := []string{key, strings.TrimRight(key, "="), escaped, lower, url.PathEscape(key)}
	if decoded, err := base64.StdEncoding.DecodeString(key); err == nil {
		_, secret, _ := strings.Cut(string(decoded), ":")
		forms = append(forms, string(decoded), secret)
	}
	return slices.DeleteFunc(forms, func(form string) bool { return form == "" })
}

// valuePatterns returns a pattern for each value of a JSON object other than its ID.
func valuePatterns(text string) (map[string]*regexp.Regexp, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return nil, err
	}
	patterns := map[string]*regexp.Regexp{}
	for name, value := range object {
		if name != "id" {
			patterns[name] = regexp.MustCompile(regexp.QuoteMeta(fmt.Sprint(value)))
		}
	}
	return patterns, nil
}

// readFiles adds the regular files at or below a path to contents, and the files in zip archives,
// such as saved plans.
func readFiles(contents map[string][]byte, root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		contents[path] = content
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if errors.Is(err, zip.ErrFormat) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, file := range archive.File {
			reader, err := file.Open()
			if err != nil {
				return err
			}
			content, err := io.ReadAll(reader)
			if err != nil {
				return err
			}
			contents[path+"/"+file.Name] = content
		}
		return nil
	})
}

func TestKeyForms(t *testing.T) {
	t.Parallel()
	forms := keyForms("MDp+L3Q/PjI+Zg==")
	for _, want := range []string{
		"MDp+L3Q/PjI+Zg==", "MDp+L3Q/PjI+Zg", "MDp%2BL3Q%2FPjI%2BZg%3D%3D", "MDp%2bL3Q%2fPjI%2bZg%3d%3d", "MDp+L3Q%2FPjI+Zg==",
		"0:~/t?>2>f", "~/t?>2>f",
	} {
		if !slices.Contains(forms, want) {
			t.Errorf("keyForms = %q, want %q in it", forms, want)
		}
	}
}

func TestReadFiles_zip(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	file, err := writer.Create("tfplan")
	if err != nil {
		t.Fatal(err)
	}
	content := strings.Repeat("secret", 100) // Long enough to be compressed.
	if _, err := io.WriteString(file, content); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(directory, "below", "plan.tfplan")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, archive.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	contents := map[string][]byte{}
	if err := readFiles(contents, directory); err != nil {
		t.Fatal(err)
	}
	if got := string(contents[path+"/tfplan"]); got != content {
		t.Errorf("tfplan = %.20q, want %.20q", got, content)
	}
	if bytes.Contains(contents[path], []byte("secret")) {
		t.Error("the archive is not compressed, so the test proves nothing")
	}
}
