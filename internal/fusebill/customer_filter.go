package fusebill

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A CustomerFilter says which customers to list: those for which all that is set
// holds. The zero value lists every customer. A slice that is nil is not set; one
// that is empty is, and matches nobody.
type CustomerFilter struct {
	IDs []int64
	// References can be whatever [ValidateReference] accepts.
	References []string
	// Statuses are values of Status, and AccountStatuses of CustomerAccountStatus.
	Statuses, AccountStatuses []string
	// ParentID is the id of the parent; 0 is not set.
	ParentID int64
	// Created and Modified are when the customer was created and last changed.
	Created, Modified TimeRange
}

// A TimeRange goes from Since, which is included, to Before, which is not. A zero
// time leaves its end open.
type TimeRange struct{ Since, Before time.Time }

// maxQueryBytes bounds a query in a URL, so that the whole URL stays under 8 KiB,
// which servers and proxies commonly take.
const maxQueryBytes = 7 << 10

// ValidateReference tells why a reference cannot be asked for: the vendor documents
// no way to write the characters that have a meaning in the API's query language.
func ValidateReference(reference string) error {
	switch at := strings.IndexAny(reference, ";,:|*"); {
	case strings.TrimSpace(reference) == "":
		return errors.New("it is empty")
	case at >= 0:
		return fmt.Errorf("it has the character %q, which means something else in the API's query language and cannot be escaped", reference[at])
	case strings.EqualFold(reference, "[empty]"):
		return errors.New("in the API's query language it stands for having no reference")
	default:
		return nil
	}
}

// MatchesNobody reports whether the filter can be answered without asking.
func (f CustomerFilter) MatchesNobody() bool {
	return f.IDs != nil && len(f.IDs) == 0 || f.References != nil && len(f.References) == 0 ||
		f.Statuses != nil && len(f.Statuses) == 0 || f.AccountStatuses != nil && len(f.AccountStatuses) == 0
}

// exact reports whether what [CustomerFilter.split] asks for is just what matches.
func (f CustomerFilter) exact() bool {
	return (f.IDs == nil || f.References == nil) && f.Created == f.Created.wholeSeconds() && f.Modified == f.Modified.wholeSeconds()
}

// split gives the filters, each for one query, that together ask for whoever matches:
// text takes one value per query, and a URL only so many ids. They may ask for more
// than that: with references the ids are left out, which would multiply the queries,
// and the vendor documents times to the second only.
func (f CustomerFilter) split() []CustomerFilter {
	if f.MatchesNobody() {
		return nil
	}
	f.Created, f.Modified = f.Created.wholeSeconds(), f.Modified.wholeSeconds()
	part := f
	part.IDs = nil
	var parts []CustomerFilter
	switch {
	case f.References != nil:
		folded := map[string]bool{}
		for _, reference := range f.References {
			if key := strings.ToLower(strings.TrimSpace(reference)); !folded[key] { // As matches compares them.
				folded[key] = true
				part.References = []string{reference}
				parts = append(parts, part)
			}
		}
	case f.IDs != nil:
		room := maxQueryBytes - len(url.QueryEscape(part.query()))
		ids := slices.Compact(slices.Sorted(slices.Values(f.IDs)))
		for ; len(ids) > 0; ids = ids[len(part.IDs):] {
			part.IDs = fitting(ids, room)
			parts = append(parts, part)
		}
	default:
		parts = append(parts, part)
	}
	return parts
}

// fitting gives the first ids that take no more room in a URL than there is, and whose
// customers fit on a page; one of them in any case.
func fitting(ids []int64, room int) []int64 {
	room -= len(url.QueryEscape(";id:"))
	for i, id := range ids {
		room -= len(strconv.FormatInt(id, 10)) + len(url.QueryEscape(","))
		if i == pageSize || i > 0 && room < 0 {
			return ids[:i]
		}
	}
	return ids
}

// query gives a filter of [CustomerFilter.split] in the API's query language, by the
// vendor's pages on string and date filtering.
func (f CustomerFilter) query() string {
	var terms []string
	add := func(name string, alternatives ...string) {
		if len(alternatives) > 0 {
			terms = append(terms, name+":"+strings.Join(alternatives, ","))
		}
	}
	add("reference", f.References...)
	add("status", f.Statuses...)
	add("accountStatus", f.AccountStatuses...)
	if f.ParentID != 0 {
		add("parentId", strconv.FormatInt(f.ParentID, 10))
	}
	if f.Created != (TimeRange{}) {
		add("createdTimestamp", f.Created.query())
	}
	if f.Modified != (TimeRange{}) {
		add("modifiedTimestamp", f.Modified.query())
	}
	var ids []string
	for _, id := range f.IDs {
		ids = append(ids, strconv.FormatInt(id, 10))
	}
	add("id", ids...)
	return strings.Join(terms, ";")
}

// query gives a range in the API's query language. Times are UTC, as all the API's are.
func (r TimeRange) query() string {
	text := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format("2006-01-02T15:04:05")
	}
	return text(r.Since) + "|" + text(r.Before)
}

// wholeSeconds gives the least range of whole seconds that holds this one.
func (r TimeRange) wholeSeconds() TimeRange {
	r.Since = r.Since.Truncate(time.Second)
	if whole := r.Before.Truncate(time.Second); whole != r.Before {
		r.Before = whole.Add(time.Second)
	}
	return r
}

// matches reports whether a customer matches.
func (f CustomerFilter) matches(customer *ListedCustomer) bool {
	among := func(text *string, wanted []string) bool {
		return wanted == nil || text != nil && slices.ContainsFunc(wanted, func(want string) bool { return strings.EqualFold(strings.TrimSpace(*text), strings.TrimSpace(want)) })
	}
	return (f.IDs == nil || slices.Contains(f.IDs, customer.ID)) &&
		among(customer.Reference, f.References) &&
		among(customer.Status, f.Statuses) &&
		among(customer.CustomerAccountStatus, f.AccountStatuses) &&
		(f.ParentID == 0 || customer.ParentID != nil && *customer.ParentID == f.ParentID) &&
		f.Created.holds(customer.CreatedTimestamp) &&
		f.Modified.holds(customer.ModifiedTimestamp)
}

func (r TimeRange) holds(t *time.Time) bool {
	return r == TimeRange{} || t != nil && !t.Before(r.Since) && (r.Before.IsZero() || t.Before(r.Before))
}
