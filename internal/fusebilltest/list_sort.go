// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// sortKey is the position of a customer in a sorted list.
type sortKey struct {
	number float64
	text   string
}

// sortExpressions returns the name of the query language for each value of the
// parameter sortExpression. The vendor documents the names of the query language;
// a public client sends createdTimestamp. The values are case-sensitive [assumed].
func sortExpressions() map[string]string {
	names := map[string]string{"createdTimestamp": "CreatedTimestamp"}
	for name := range queryNames {
		names[name] = name
	}
	return names
}

// sortedRows returns the rows of all customers in ascending order. The vendor does
// not document the order without an expression. Descending IDs fail a client
// that relies on an order [assumed].
func (a *API) sortedRows(expression string) []*row {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rows == nil {
		a.rows = map[string][]*row{"": a.newRows()}
	}
	if a.rows[expression] == nil {
		name := queryNames[sortExpressions()[expression]]
		keys := map[int64]sortKey{}
		for _, row := range a.rows[""] {
			keys[row.id] = name.key(row.fields[name.field])
		}
		a.rows[expression] = slices.SortedFunc(slices.Values(a.rows[""]), func(a, b *row) int {
			left, right := keys[a.id], keys[b.id]
			return cmp.Or(cmp.Compare(left.number, right.number), cmp.Compare(left.text, right.text), cmp.Compare(a.id, b.id))
		})
	}
	return a.rows[expression]
}

// newRows returns the rows of all customers by descending ID.
func (a *API) newRows() []*row {
	ids := slices.Collect(maps.Keys(a.customers))
	for id := int64(1); id <= a.options.Fleet; id++ {
		if a.customers[id] == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	rows := make([]*row, len(ids))
	for i, id := range ids {
		overview := a.customers[id]
		if overview == nil {
			overview = Generate(id)
		}
		rows[i] = newRow(id, overview)
	}
	return rows
}

func textKey(text string) sortKey { return sortKey{text: strings.ToLower(text)} }

// numberKey returns the key of a number. Null is first.
func numberKey(text string) sortKey {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return sortKey{text: text, number: -1e308}
	}
	return sortKey{number: number}
}

// timeKey returns the key of a time. Null is first.
func timeKey(text string) sortKey {
	t, err := parseTime(text)
	if err != nil || t.IsZero() {
		return sortKey{text: text, number: -1e308}
	}
	return sortKey{number: float64(t.UnixMicro())}
}
