// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	nestedSchema = regexp.MustCompile("^### Nested Schema for `([a-z_]+)`$")
	bareItem     = regexp.MustCompile("^- `([a-z_]+)` \\([A-Za-z ]+\\)$")
)

// describe returns the content of a page with descriptions of the attributes of objects, which tfplugindocs lists
// without. An attribute without a description is an error.
func describe(content string, descriptions map[string]map[string]string) (string, error) {
	lines := strings.Split(content, "\n")
	var object string
	for i, line := range lines {
		if heading := nestedSchema.FindStringSubmatch(line); heading != nil {
			object = heading[1]
		} else if strings.HasPrefix(line, "#") {
			object = ""
		}
		item := bareItem.FindStringSubmatch(line)
		if item == nil || object == "" {
			continue
		}
		description := descriptions[object][item[1]]
		if description == "" {
			return "", fmt.Errorf("%s of %s has no description", item[1], object)
		}
		lines[i] += " " + description
	}
	return strings.Join(lines, "\n"), nil
}
