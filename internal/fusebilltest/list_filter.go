// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"cmp"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"
)

// filter reports whether a customer matches.
type filter func(fields map[string]string) bool

// queryNames are the names of the list's query language as the vendor documents
// them, with the field that each compares. They are case-sensitive because the
// vendor documents one spelling [assumed].
var queryNames = map[string]struct {
	field string
	parse func(field, value string) (filter, error)
	key   func(text string) sortKey
}{
	"id":                      {"id", parseAlternatives, numberKey},
	"ParentId":                {"parentId", parseAlternatives, numberKey},
	"Status":                  {"status", parseAlternatives, textKey},
	"AccountStatus":           {"customerAccountStatus", parseAlternatives, textKey},
	"Reference":               {"reference", parsePattern, textKey},
	"CompanyName":             {"companyName", parsePattern, textKey},
	"PrimaryEmail":            {"primaryEmail", parsePattern, textKey},
	"CreatedTimestamp":        {"createdTimestamp", parseTimeRange, timeKey},
	"ModifiedTimestamp":       {"modifiedTimestamp", parseTimeRange, timeKey},
	"MonthlyRecurringRevenue": {"monthlyRecurringRevenue", parseNumberRange, numberKey},
	"Arbalance":               {"arBalance", parseNumberRange, numberKey},
}

// parseFilters parses a query such as "Status:Active,Hold;ParentId:7".
func parseFilters(query string) (filters []filter, err error) {
	if query == "" {
		return nil, nil
	}
	for term := range strings.SplitSeq(query, ";") {
		name, value, ok := strings.Cut(term, ":")
		known, isKnown := queryNames[name]
		if !ok || !isKnown || value == "" {
			return nil, fmt.Errorf("the query parameter %q is invalid", term)
		}
		f, err := known.parse(known.field, value)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	return filters, nil
}

// parseAlternatives parses values that are separated by commas. The comparison
// ignores case, as that of a database does [assumed].
func parseAlternatives(field, value string) (filter, error) {
	alternatives := map[string]bool{}
	for alternative := range strings.SplitSeq(strings.ToLower(value), ",") {
		alternatives[alternative] = true
	}
	return func(fields map[string]string) bool { return alternatives[strings.ToLower(fields[field])] }, nil
}

// parsePattern parses a text in which an asterisk matches any text. "[empty]"
// matches null and the empty text.
func parsePattern(field, value string) (filter, error) {
	if value == "[empty]" {
		value = ""
	}
	// Of path.Match's special characters, only the asterisk is one of the API's.
	pattern := strings.NewReplacer(`\`, `\\`, "[", `\[`, "?", `\?`, "/", "\x00").Replace(strings.ToLower(value))
	return func(fields map[string]string) bool {
		text := strings.ReplaceAll(strings.ToLower(fields[field]), "/", "\x00")
		matched, err := path.Match(pattern, text)
		return err == nil && matched
	}, nil
}

// parseTimeRange parses a range of times such as "2020-01-01|2020-02-01", which
// includes its start and excludes its end. Either can be empty.
func parseTimeRange(field, value string) (filter, error) {
	from, to, ok := strings.Cut(value, "|")
	start, startErr := parseTime(from)
	end, endErr := parseTime(to)
	if !ok || startErr != nil || endErr != nil {
		return nil, fmt.Errorf("the range %q is invalid", value)
	}
	return func(fields map[string]string) bool {
		t, err := parseTime(fields[field])
		return err == nil && !t.IsZero() && !t.Before(start) && (to == "" || t.Before(end))
	}, nil
}

// parseTime parses a time in UTC. The zero time represents an empty text.
func parseTime(text string) (t time.Time, err error) {
	if text == "" {
		return t, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", time.RFC3339} {
		if t, err = time.Parse(layout, text); err == nil {
			break
		}
	}
	return t, err
}

// parseNumberRange parses a range of numbers such as "10|20", which includes its
// start and excludes its end, or a single number. Either end can be empty.
func parseNumberRange(field, value string) (filter, error) {
	from, to, isRange := strings.Cut(value, "|")
	start, startErr := strconv.ParseFloat(cmp.Or(from, "-Inf"), 64)
	end, endErr := strconv.ParseFloat(cmp.Or(to, "+Inf"), 64)
	if startErr != nil || endErr != nil {
		return nil, fmt.Errorf("the range %q is invalid", value)
	}
	return func(fields map[string]string) bool {
		number, err := strconv.ParseFloat(fields[field], 64)
		return err == nil && (isRange && number >= start && number < end || !isRange && number == start)
	}, nil
}
