// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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

func TestParseCustomer(t *testing.T) {
	t.Parallel()
	c, err := parseCustomer(writeFile(t, `{"id": 2, "arBalance": 91827364.070}`))
	if err != nil {
		t.Fatal(err)
	}
	overview := c.overview(2)
	if overview["companyName"] != "Company 2 Ltd." || c.fields["arBalance"] != overview["arBalance"] {
		t.Errorf("with a fleet that has the customer, got %v, want a generated customer with the balance", overview)
	}
	if diff := cmp.Diff(c.fields, c.overview(1)); diff != "" {
		t.Errorf("with a smaller fleet, the overview differs (-want +got):\n%s", diff)
	}
}

func TestParseCustomer_invalid(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"list": "[]", "no_id": "{}", "text_id": `{"id": "7"}`, "fraction": `{"id": 7.5}`, "zero": `{"id": 0}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c, err := parseCustomer(writeFile(t, content)); err == nil {
				t.Errorf("got %v, want an error", c)
			}
		})
	}
}

func writeFile(t *testing.T, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "customer.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
