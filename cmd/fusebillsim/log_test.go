// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

func TestRequestLog(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 5})
	api.InjectFault(3, fusebilltest.Always, fusebilltest.Faults["chunked"])
	api.InjectFault(4, fusebilltest.Always, fusebilltest.Faults["close"])
	var output bytes.Buffer
	log := &requestLog{handler: api, output: &output}
	for _, target := range []string{"/v1/customers/2/overview?a=b%3Ac", "/v1/customers/3/overview", "/v1/customers/4/overview"} {
		func() {
			defer func() { _ = recover() }() // Some faults end the connection by a panic.
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
			request.Header.Set("Authorization", "Basic "+fusebilltest.Key)
			log.ServeHTTP(httptest.NewRecorder(), request)
		}()
	}
	const want = "request GET /v1/customers/2/overview?a=b%3Ac\nresponse 400 GET /v1/customers/2/overview?a=b%3Ac\n" +
		"request GET /v1/customers/3/overview\nresponse 200 GET /v1/customers/3/overview\n" +
		"request GET /v1/customers/4/overview\nresponse 0 GET /v1/customers/4/overview\n"
	if diff := cmp.Diff(want, output.String()); diff != "" {
		t.Errorf("the log differs (-want +got):\n%s", diff)
	}
}
