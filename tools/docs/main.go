// SPDX-License-Identifier: MPL-2.0

// Command docs completes the generated documentation and checks its links.
//
//	docs rewrite   makes the links between the pages in docs/ absolute, and adds the
//	               descriptions of the attributes of objects
//	docs check     checks the pages in docs/ and the links of all Markdown files
//
// The Terraform registry serves docs/index.md without a trailing slash and rewrites no
// links, so a relative link or a link that ends in .md does not work there:
// https://github.com/BerriAI/terraform-provider-litellm/pull/65. Templates link to pages by
// relative paths, as on GitHub, and rewrite replaces them with URLs of the registry.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/fusebill/terraform-provider-fusebill/internal/provider"
)

const repositoryURL = "https://github.com/fusebill/terraform-provider-fusebill"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	s := site{files: os.DirFS("."), docsURL: provider.DocsURL, repositoryURL: repositoryURL}
	switch strings.Join(args, " ") {
	case "rewrite":
		return rewrite(&s)
	case "check":
		found, errs := s.check()
		if err := errors.Join(errs...); err != nil {
			return err
		}
		fmt.Printf("docs: checked %d pages, and %d links in %d files\n", found.pages, found.links, found.files)
		return nil
	default:
		return errors.New("want rewrite or check")
	}
}

// rewrite makes the links between the pages in docs/ absolute, and adds the descriptions of the attributes of objects.
func rewrite(s *site) error {
	return fs.WalkDir(s.files, "docs", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		content, err := fs.ReadFile(s.files, name)
		if err != nil {
			return err
		}
		described, err := describe(string(content), provider.ObjectDescriptions())
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return os.WriteFile(name, []byte(s.absolute(name, described)), 0o644)
	})
}
