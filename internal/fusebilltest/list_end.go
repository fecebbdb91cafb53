// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"net/http"
	"strconv"
	"strings"
)

// ListEnd is a form of the paging headers. The vendor documents their names and
// leaves open which values they have on the last page [assumed].
type ListEnd string

// Forms of the paging headers.
const (
	// ListEndMinusOne is X-NextPage -1 on the last page.
	ListEndMinusOne ListEnd = "minus-one"
	// ListEndZero is X-NextPage 0 on the last page.
	ListEndZero ListEnd = "zero"
	// ListEndSame is the last page's own number in its X-NextPage.
	ListEndSame ListEnd = "same"
	// ListEndBeyond is the number of a page after the last one in X-NextPage.
	ListEndBeyond ListEnd = "beyond"
	// ListEndAbsent is a last page without X-NextPage.
	ListEndAbsent ListEnd = "absent"
	// ListEndNoCount is the absence of X-Count and X-MaxCount, and otherwise
	// ListEndBeyond.
	ListEndNoCount ListEnd = "no-count"
	// ListEndBare is the absence of all paging headers, as behind a gateway that
	// forwards only headers that it knows.
	ListEndBare ListEnd = "bare"
	// ListEndLastIndex is the last page's number in X-MaxPageIndex, instead of the
	// number of pages, and otherwise ListEndSame.
	ListEndLastIndex ListEnd = "last-index"
)

// ListEnds returns all forms of the paging headers.
func ListEnds() []ListEnd {
	return []ListEnd{
		ListEndMinusOne, ListEndZero, ListEndSame, ListEndBeyond, ListEndAbsent, ListEndNoCount, ListEndBare, ListEndLastIndex,
	}
}

// ParseListEnd parses the name of a form of the paging headers, such as "zero".
func ParseListEnd(name string) (ListEnd, error) {
	return parseName(name, "list end", ListEnds())
}

// setHeaders changes the paging headers of a page to the form e. Pages count
// from 0.
func (e ListEnd) setHeaders(header http.Header, page, pages int) {
	isLast := page >= pages-1
	next := page + 1
	switch e {
	case ListEndMinusOne:
		if isLast {
			next = -1
		}
	case ListEndZero:
		if isLast {
			next = 0
		}
	case ListEndSame:
		next = min(next, max(pages-1, 0))
	case ListEndLastIndex:
		next = min(next, max(pages-1, 0))
		header.Set("X-MaxPageIndex", strconv.Itoa(max(pages-1, 0)))
	case ListEndNoCount:
		header.Del("X-Count")
		header.Del("X-MaxCount")
	case ListEndAbsent:
		if isLast {
			return
		}
	case ListEndBare:
		for name := range header {
			if strings.HasPrefix(name, "X-") && !strings.HasPrefix(name, rateLimitPrefix) {
				header.Del(name)
			}
		}
		return
	}
	header.Set("X-NextPage", strconv.Itoa(next))
}
