// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// maxPageSize is the size above which the Terraform registry cuts a page.
// https://developer.hashicorp.com/terraform/registry/providers/docs#storage-limits
const maxPageSize = 500_000

// pageName matches the pages that registries show.
// https://developer.hashicorp.com/terraform/registry/providers/docs#format
var pageName = regexp.MustCompile(
	`^docs/(index|(guides|resources|data-sources|ephemeral-resources|functions|list-resources|actions)/[a-z0-9_-]+)\.md$`)

// skipped is the list of folders that are not checked: those outside the repository's content,
// and templates, which link relative to docs/.
var skipped = []string{".git", ".tools", "dist", "templates"}

// A site is a checkout with its documentation.
type site struct {
	files         fs.FS
	docsURL       string // DocsURL is the URL of docs/index.md on the registry.
	repositoryURL string
}

// A summary holds the numbers of pages, files, and links that a check has read.
type summary struct{ pages, files, links int }

// check checks all Markdown files: in docs/ by the rules of registries, elsewhere by those of
// GitHub.
func (s *site) check() (summary, []error) {
	var found summary
	var errs []error
	err := fs.WalkDir(s.files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (slices.Contains(skipped, name) || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".md":
			return nil
		}
		content, err := fs.ReadFile(s.files, name)
		if err != nil {
			return err
		}
		found.files++
		page := strings.HasPrefix(name, "docs/")
		if page {
			found.pages++
			errs = append(errs, checkPage(name, content)...)
		}
		proseLines(string(content), func(number int, line string) {
			for _, link := range links(line) {
				found.links++
				err := s.checkLink(name, link)
				if page {
					err = cmp.Or(checkForRegistry(link), err)
				}
				if err != nil {
					errs = append(errs, fmt.Errorf("%s:%d: %s: %w", name, number, link, err))
				}
			}
		})
		return nil
	})
	if err != nil {
		errs = append(errs, err)
	}
	if found.pages == 0 {
		errs = append(errs, errors.New("there are no pages in docs/"))
	}
	return found, errs
}

// checkPage checks the name and the size of a page.
func checkPage(name string, content []byte) []error {
	var errs []error
	if !pageName.MatchString(name) {
		errs = append(errs, fmt.Errorf("%s: registries show no page of this name", name))
	}
	if len(content) > maxPageSize {
		errs = append(errs, fmt.Errorf("%s: has %d bytes, and the registry cuts pages at %d", name, len(content), maxPageSize))
	}
	return errs
}

// checkForRegistry checks that a link on a page has a form that works on registries and on
// GitHub.
func checkForRegistry(link string) error {
	target, _, _ := strings.Cut(link, "#")
	target, _, _ = strings.Cut(target, "?")
	switch {
	case strings.HasSuffix(target, ".md"):
		return errors.New("registries serve no page at a path that ends in .md")
	case target != "" && !strings.HasPrefix(target, "https://"):
		return errors.New("a link in docs/ must be an https URL or a fragment")
	default:
		return nil
	}
}

// checkLink checks that the page, file, or folder that a link in the named file refers to
// exists and has the fragment. It does not follow links to other sites.
func (s *site) checkLink(name, link string) error {
	target, fragment, _ := strings.Cut(link, "#")
	file := name
	switch page, ok := strings.CutPrefix(target, s.docsURL); {
	case target == "":
	case ok && page == "":
		file = "docs/index.md"
	case ok && strings.HasPrefix(page, "/"):
		file = "docs" + page + ".md"
	case strings.HasPrefix(target, s.repositoryURL+"/blob/main/"), strings.HasPrefix(target, s.repositoryURL+"/tree/main/"):
		kind, rest, _ := strings.Cut(strings.TrimPrefix(target, s.repositoryURL+"/"), "/main/")
		file = rest
		if info, err := fs.Stat(s.files, file); err == nil && info.IsDir() != (kind == "tree") {
			return errors.New("GitHub has files under blob and folders under tree")
		}
	case strings.HasPrefix(target, strings.TrimSuffix(s.docsURL, "latest/docs")):
		return fmt.Errorf("links to this provider's documentation begin with %s", s.docsURL)
	case strings.Contains(target, ":"):
		return nil
	case strings.HasPrefix(target, "/"):
		file = target[1:]
	default:
		file = path.Join(path.Dir(name), target)
	}
	if _, err := fs.Stat(s.files, file); err != nil {
		return errors.New("does not exist")
	}
	if fragment == "" || path.Ext(file) != ".md" {
		return nil
	}
	content, err := fs.ReadFile(s.files, file)
	if err != nil {
		return err
	}
	if !anchors(string(content))[fragment] {
		return fmt.Errorf("%s has no heading for #%s", file, fragment)
	}
	return nil
}

// absolute returns the content of a page with relative links to other pages made absolute.
func (s *site) absolute(name, content string) string {
	return inlineLink.ReplaceAllStringFunc(content, func(link string) string {
		target := inlineLink.FindStringSubmatch(link)[1]
		file, fragment, hasFragment := strings.Cut(target, "#")
		page, ok := strings.CutSuffix(path.Join(path.Dir(name), file), ".md")
		if strings.Contains(file, ":") || !ok || !strings.HasPrefix(page, "docs/") {
			return link
		}
		url := s.docsURL
		if page != "docs/index" {
			url += strings.TrimPrefix(page, "docs")
		}
		if hasFragment {
			url += "#" + fragment
		}
		return strings.Replace(link, target, url, 1)
	})
}
