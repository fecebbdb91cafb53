// SPDX-License-Identifier: MPL-2.0

package main

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

var (
	fence      = regexp.MustCompile("^ {0,3}(```+|~~~+)")
	codeSpan   = regexp.MustCompile("`+[^`]*`+")
	inlineLink = regexp.MustCompile(`\]\(\s*<?([^)\s>]+)>?[^)]*\)`)
	definition = regexp.MustCompile(`^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)`)
	bareURL    = regexp.MustCompile(`https?://[^\s<>()"'|` + "`" + `]*[^\s<>()"'|.,:;!?*_` + "`" + `]`)
	htmlLink   = regexp.MustCompile(`(?:href|src)="([^"]+)"`)
	htmlAnchor = regexp.MustCompile(`<a\s+(?:id|name)="([^"]+)"`)
	heading    = regexp.MustCompile(`^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$`)
	linkText   = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// proseLines calls visit with each line of a page that is not in front matter or a code block.
func proseLines(content string, visit func(number int, line string)) {
	block, number := "", 0
	for line := range strings.Lines(content) {
		number++
		line = strings.TrimRight(line, "\r\n")
		switch mark := fence.FindStringSubmatch(line); {
		case number == 1 && line == "---":
			block = "---"
		case block == "---":
			if line == block {
				block = ""
			}
		case block != "":
			if mark != nil && strings.HasPrefix(mark[1], block) {
				block = ""
			}
		case mark != nil:
			block = mark[1]
		default:
			visit(number, line)
		}
	}
}

// links returns the targets of the links in a line.
func links(line string) []string {
	line = codeSpan.ReplaceAllString(line, "")
	var targets []string
	for _, pattern := range []*regexp.Regexp{inlineLink, definition, htmlLink} {
		for _, match := range pattern.FindAllStringSubmatch(line, -1) {
			targets = append(targets, match[1])
		}
		line = pattern.ReplaceAllString(line, "")
	}
	return append(targets, bareURL.FindAllString(line, -1)...)
}

// anchors returns the fragments that a page has: its headings, as GitHub and the registries
// name them, and its HTML anchors.
func anchors(content string) map[string]bool {
	found := map[string]bool{}
	proseLines(content, func(_ int, line string) {
		for _, match := range htmlAnchor.FindAllStringSubmatch(line, -1) {
			found[match[1]] = true
		}
		match := heading.FindStringSubmatch(line)
		if match == nil {
			return
		}
		slug := slugOf(match[1])
		unique := slug
		for n := 1; found[unique]; n++ {
			unique = slug + "-" + strconv.Itoa(n)
		}
		found[unique] = true
	})
	return found
}

// slugOf returns the fragment of a heading.
func slugOf(text string) string {
	text = linkText.ReplaceAllString(text, "$1")
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		default:
			return -1
		}
	}, text)
}
