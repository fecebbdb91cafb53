// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

const testDocsURL = "https://registry.example.com/providers/a/b/latest/docs"

func testSite(changes map[string]string) *site {
	files := map[string]string{
		"README.md":             "[docs](docs/index.md#second-part) [license](LICENSE)\n# Read me\n",
		"LICENSE":               "text",
		"examples/a/main.tf":    "",
		"docs/index.md":         "---\nurl: http://example.com\n---\n# First\n## Second part\n## Second part\n<a id=\"nested--x\"></a>\n",
		"docs/guides/first.md":  "# The `first` guide, part 1\n",
		"docs/guides/second.md": "```\n[x](nowhere.md)\n```\n`[y](nowhere.md)` and `http://127.0.0.1`\n",
		"templates/index.md":    "[x](guides/first.md)\n",
	}
	maps.Copy(files, changes)
	fsys := fstest.MapFS{}
	for name, content := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return &site{files: fsys, docsURL: testDocsURL, repositoryURL: "https://github.com/a/b"}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file, content string
		want                string // Want is a part of the error, or empty if there is none.
	}{
		{"unchanged", "docs/guides/first.md", "", ""},
		{"linksInCode", "docs/guides/second.md", "", ""},
		{"index", "docs/guides/first.md", "[x](" + testDocsURL + ")", ""},
		{"page", "docs/index.md", "[x](" + testDocsURL + "/guides/first)", ""},
		{"heading", "docs/index.md", "[x](" + testDocsURL + "/guides/first#the-first-guide-part-1)", ""},
		{"secondHeadingOfAName", "docs/guides/first.md", "[x](" + testDocsURL + "#second-part-1)", ""},
		{"htmlAnchor", "docs/guides/first.md", "[x](" + testDocsURL + "#nested--x)", ""},
		{"otherSite", "docs/index.md", "[x](https://example.com/y) or https://example.com.", ""},
		{"folderOnGitHub", "docs/index.md", "[x](https://github.com/a/b/tree/main/examples/a)", ""},
		{"fileOnGitHub", "docs/index.md", "[x](https://github.com/a/b/blob/main/examples/a/main.tf)", ""},
		{"fragmentOnly", "docs/guides/first.md", "# Heading\n[x](#heading)", ""},
		{"relativeOnGitHub", "README.md", "[x](docs/guides/first.md)", ""},

		{"relative", "docs/index.md", "[x](guides/first)", "must be an https URL"},
		{"relativeWithDot", "docs/index.md", "[x](./guides/first)", "must be an https URL"},
		{"rooted", "docs/index.md", "[x](/docs/guides/first)", "must be an https URL"},
		{"withoutTLS", "docs/index.md", "[x](http://example.com)", "must be an https URL"},
		{"bareWithoutTLS", "docs/index.md", "See http://example.com.", "must be an https URL"},
		{"markdown", "docs/index.md", "[x](guides/first.md)", "ends in .md"},
		{"markdownWithFragment", "docs/index.md", "[x](guides/first.md#y)", "ends in .md"},
		{"markdownByURL", "docs/index.md", "[x](" + testDocsURL + "/guides/first.md)", "ends in .md"},
		{"markdownInDefinition", "docs/index.md", "[x]: guides/first.md", "ends in .md"},
		{"markdownInHTML", "docs/index.md", `<a href="guides/first.md">x</a>`, "ends in .md"},
		{"markdownAfterCodeInText", "docs/index.md", "[`x`](guides/first.md)", "ends in .md"},
		{"bareMarkdown", "docs/index.md", "<" + testDocsURL + "/guides/first.md>", "ends in .md"},
		{"markdownAfterCode", "docs/index.md", "`x` [y](guides/first.md)", "ends in .md"},
		{"noSuchPage", "docs/index.md", "[x](" + testDocsURL + "/guides/third)", "does not exist"},
		{"trailingSlash", "docs/guides/first.md", "[x](" + testDocsURL + "/)", "does not exist"},
		{"indexByName", "docs/guides/first.md", "[x](" + testDocsURL + "/docs)", "does not exist"},
		{"noSuchHeading", "docs/guides/first.md", "[x](" + testDocsURL + "#third-part)", "no heading for #third-part"},
		{"headingInCodeBlock", "docs/guides/first.md", "```\n# Heading\n```\n[x](#heading)", "no heading"},
		{"pinnedVersion", "docs/index.md", "[x](https://registry.example.com/providers/a/b/1.0.0/docs)", "begin with"},
		{"noSuchFileOnGitHub", "docs/index.md", "[x](https://github.com/a/b/blob/main/gone)", "does not exist"},
		{"folderAsBlob", "docs/index.md", "[x](https://github.com/a/b/blob/main/examples/a)", "folders under tree"},
		{"noSuchFile", "README.md", "[x](docs/third.md)", "does not exist"},
		{"noSuchHeadingOnGitHub", "README.md", "[x](docs/index.md#third-part)", "no heading"},
		{"tooLarge", "docs/index.md", strings.Repeat("text\n", 100_001), "has 500005 bytes"},
		{"unknownFolder", "docs/other/page.md", "text", "registries show no page"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			changes := map[string]string{}
			if test.content != "" {
				changes[test.file] = test.content
			}
			_, errs := testSite(changes).check()
			// A page that a case replaces can break the links of others to it.
			var own []error
			for _, err := range errs {
				if strings.HasPrefix(err.Error(), test.file) {
					own = append(own, err)
				}
			}
			err := errors.Join(own...)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("check() = %v, want nil", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("check() = %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestAbsolute(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, file, link, want string }{
		{"fromIndex", "docs/index.md", "guides/first.md", testDocsURL + "/guides/first"},
		{"toIndex", "docs/guides/first.md", "../index.md", testDocsURL},
		{"toIndexWithFragment", "docs/guides/first.md", "../index.md#second-part", testDocsURL + "#second-part"},
		{"sibling", "docs/guides/first.md", "second.md#x", testDocsURL + "/guides/second#x"},
		{"fragment", "docs/guides/first.md", "#x", "#x"},
		{"otherSite", "docs/guides/first.md", "https://example.com/y.md", "https://example.com/y.md"},
		{"outside", "docs/index.md", "../README.md", "../README.md"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := testSite(nil).absolute(test.file, "See [`x`]("+test.link+").")
			if want := "See [`x`](" + test.want + ")."; got != want {
				t.Errorf("absolute() = %q, want %q", got, want)
			}
		})
	}
}
