// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// If only the end of the connection marks the end of a body, the beginning of an object or an array is cut
// off. Everything else is complete.
func TestResponse_read_openEnded(t *testing.T) {
	t.Parallel()
	for body, isCut := range map[string]bool{
		`{"id": 7, "status": "Act`: true,
		`[{"id": 1},`:              true,
		`{`:                        true,
		"\ufeff{":                  true,
		`{"id": 7}`:                false,
		`{"id": 7} and more`:       false,
		`[]`:                       false,
		``:                         false,
		`"Act`:                     false,
		`<html><p>{`:               false,
	} {
		r := &response{status: http.StatusOK, isOpenEnded: true}
		r.read(strings.NewReader(body), maxOverviewBytes)
		if got := errors.Is(r.err, io.ErrUnexpectedEOF); got != isCut {
			t.Errorf("after %q the error is %v, want a body that is cut off: %t", body, r.err, isCut)
		}
	}
}
