// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// A CustomerFilter selects the customers that match all of its fields. The zero value selects every
// customer. A nil slice or pointer does not filter. An empty slice matches no customer.
type CustomerFilter struct {
	IDs []int64
	// References are compared exactly. [ValidateReference] must accept each of them.
	References []string
	// Statuses are values of Status, and AccountStatuses are values of CustomerAccountStatus.
	Statuses, AccountStatuses []string
	// ParentID is the ID of the parent customer.
	ParentID *int64
	// Created and Modified are the times of creation and of the last change.
	Created, Modified TimeRange
}

// A TimeRange is a range of times that includes Since and excludes Before. A nil end is open. Both
// are in whole seconds, since the vendor documents no fractions.
type TimeRange struct{ Since, Before *time.Time }

// maxReferenceBytes is the maximum length of a reference in a URL.
const maxReferenceBytes = 1000

// ValidateReference returns an error if a reference cannot be looked up. The vendor documents no
// escape for the reserved characters of a query:
// https://developer.fusebill.com/reference#string-filtering.
func ValidateReference(reference string) error {
	switch at := strings.IndexAny(reference, ";,:|*"); {
	case strings.TrimSpace(reference) == "":
		return errors.New("it is empty")
	case at >= 0:
		return fmt.Errorf("it contains %q, a reserved character in Fusebill's query syntax that cannot be escaped", reference[at])
	case strings.EqualFold(reference, "[empty]"):
		return errors.New("it means a customer without a reference in Fusebill's query syntax")
	case len(url.QueryEscape(reference)) > maxReferenceBytes:
		return errors.New("it is too long for a URL")
	default:
		return nil
	}
}

// MatchesNone reports whether no customer can match. A read then needs no request.
func (f CustomerFilter) MatchesNone() bool {
	return f.IDs != nil && len(f.IDs) == 0 ||
		f.References != nil && len(f.References) == 0 ||
		f.Statuses != nil && len(f.Statuses) == 0 ||
		f.AccountStatuses != nil && len(f.AccountStatuses) == 0 ||
		f.Created.isEmpty() || f.Modified.isEmpty()
}

func (r TimeRange) isEmpty() bool {
	return r.Since != nil && r.Before != nil && !r.Since.Before(*r.Before)
}

// queries splits the filter into filters for one query each. A query has one reference, or as many
// IDs as fit into maxBytes of a URL and on one page. With references, the queries omit the IDs, since
// IDs would multiply the queries.
func (f CustomerFilter) queries(maxBytes int) []CustomerFilter {
	if f.MatchesNone() {
		return nil
	}
	query := f
	query.IDs = nil
	var queries []CustomerFilter
	switch {
	case f.References != nil:
		for _, reference := range slices.Compact(slices.Sorted(slices.Values(f.References))) {
			query.References = []string{reference}
			queries = append(queries, query)
		}
	case f.IDs != nil:
		maxBytes -= len(url.QueryEscape(query.query() + ";id:"))
		for ids := sortedIDs(f.IDs); len(ids) > 0; ids = ids[len(query.IDs):] {
			query.IDs = firstIDs(ids, maxBytes)
			queries = append(queries, query)
		}
	default:
		queries = append(queries, query)
	}
	return queries
}

// sortedIDs returns IDs in ascending order and without duplicates, or nil for nil.
func sortedIDs(ids []int64) []int64 { return slices.Compact(slices.Sorted(slices.Values(ids))) }

// firstIDs returns as many of the IDs as fit into maxBytes of a URL and on one page, but at least one.
func firstIDs(ids []int64, maxBytes int) []int64 {
	for i, id := range ids {
		maxBytes -= len(url.QueryEscape(strconv.FormatInt(id, 10) + ","))
		if i == pageSize || i > 0 && maxBytes < 0 {
			return ids[:i]
		}
	}
	return ids
}

// query returns a filter of [CustomerFilter.queries] in the API's query syntax:
// https://developer.fusebill.com/reference#string-filtering.
func (f CustomerFilter) query() string {
	var terms []string
	add := func(name string, alternatives ...string) {
		if len(alternatives) > 0 {
			terms = append(terms, name+":"+strings.Join(alternatives, ","))
		}
	}
	add("Reference", f.References...)
	add("Status", f.Statuses...)
	add("AccountStatus", f.AccountStatuses...)
	if f.ParentID != nil {
		add("ParentId", strconv.FormatInt(*f.ParentID, 10))
	}
	if f.Created != (TimeRange{}) {
		add("CreatedTimestamp", f.Created.query())
	}
	if f.Modified != (TimeRange{}) {
		add("ModifiedTimestamp", f.Modified.query())
	}
	var ids []string
	for _, id := range f.IDs {
		ids = append(ids, strconv.FormatInt(id, 10))
	}
	add("id", ids...)
	return strings.Join(terms, ";")
}

// query returns a range in the API's query syntax. Times are UTC, as all times of the API.
func (r TimeRange) query() string {
	text := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.UTC().Format("2006-01-02T15:04:05")
	}
	return text(r.Since) + "|" + text(r.Before)
}

// matches reports whether a customer matches, with its reference compared by sameReference. The IDs
// of the filter must be sorted.
func (f CustomerFilter) matches(customer *ListedCustomer, sameReference func(a, b string) bool) bool {
	_, isListed := slices.BinarySearch(f.IDs, customer.ID)
	return (f.IDs == nil || isListed) &&
		(f.References == nil || customer.Reference != nil && slices.ContainsFunc(f.References, func(reference string) bool {
			return sameReference(reference, *customer.Reference)
		})) &&
		(f.Statuses == nil || customer.Status != nil && slices.Contains(f.Statuses, *customer.Status)) &&
		(f.AccountStatuses == nil ||
			customer.CustomerAccountStatus != nil && slices.Contains(f.AccountStatuses, *customer.CustomerAccountStatus)) &&
		(f.ParentID == nil || customer.ParentID != nil && *customer.ParentID == *f.ParentID) &&
		f.Created.contains(customer.CreatedTimestamp) &&
		f.Modified.contains(customer.ModifiedTimestamp)
}

// exactReference compares references as [CustomerFilter] documents.
func exactReference(a, b string) bool { return a == b }

// looseReference returns a function that compares references as the database of the API does: it
// ignores case, accents, width, and surrounding white space. The function is not safe for concurrent
// use.
func looseReference() func(a, b string) bool {
	loose := collate.New(language.Und, collate.Loose)
	return func(a, b string) bool {
		return loose.CompareString(strings.TrimSpace(a), strings.TrimSpace(b)) == 0
	}
}

// contains reports whether a time is within the range. Only a range that is open at both ends contains
// a missing time.
func (r TimeRange) contains(t *time.Time) bool {
	if r == (TimeRange{}) {
		return true
	}
	return t != nil && (r.Since == nil || !t.Before(*r.Since)) && (r.Before == nil || t.Before(*r.Before))
}
