// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// BenchmarkPluralDataSource reads customers through the protocol, from an API in the
// same process that does next to nothing: it is what the provider, the framework and
// HTTP take.
func BenchmarkPluralDataSource(b *testing.B) {
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, fmt.Sprintf("/v1/customers/%d/overview",
		fusebilltest.SampleID), nil)
	request.Header.Set("Authorization", "Basic "+fusebilltest.Key)
	fusebilltest.New(fusebilltest.Options{}).ServeHTTP(recorder, request)
	before, after, ok := bytes.Cut(recorder.Body.Bytes(), fmt.Appendf(nil, `"id":%d`, fusebilltest.SampleID))
	if !ok {
		b.Fatalf("the sample has no id: %s", recorder.Body)
	}
	url := serve(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := strings.Split(r.URL.Path, "/")[3]
		_, _ = fmt.Fprintf(w, `%s"id":%s%s`, before, id, after)
	}))
	for _, n := range []int64{1, 100, 1000, 10_000} {
		for _, dataSource := range slices.Sorted(maps.Keys(plurals)) {
			b.Run(fmt.Sprintf("%s/n=%d", dataSource, n), func(b *testing.B) {
				p := newProtocol(b, pointedAt(url))
				p.configure(b, nil, false)
				b.ReportAllocs()
				for b.Loop() {
					requireNoDiagnostics(b, p.read(b, dataSource, customerIDsArg(upTo(n)...)).Diagnostics)
				}
			})
		}
	}
}
