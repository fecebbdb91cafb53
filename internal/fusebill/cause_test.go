// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// closedAddress returns a loopback address at which nothing listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	return listener.Addr().String()
}

func TestClient_causes(t *testing.T) {
	t.Parallel()
	closed := closedAddress(t)
	for name, test := range map[string]struct {
		baseURL string
		handler http.HandlerFunc
		want    Cause
	}{
		"closed port":         {baseURL: "http://" + closed, want: CauseConnectionRefused},
		"unknown name":        {baseURL: "https://fusebill.invalid", want: CauseNameResolution},
		"timeout":             {handler: fusebilltest.Faults["hang"], want: CauseTimeout},
		"timeout in the body": {handler: fusebilltest.Faults["hang-body"], want: CauseTimeout},
		"closed connection":   {handler: fusebilltest.Faults["close"], want: CauseOther},
		"cut":                 {handler: fusebilltest.Faults["cut"], want: CauseOther},
		"not HTTP":            {handler: fusebilltest.Faults["not-http"], want: CauseOther},
		"too large a header":  {handler: fusebilltest.Faults["huge-header"], want: CauseOther},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) { test.handler(w, r) }, func(c *Config) {
				if test.want == CauseTimeout {
					c.RequestTimeout = 50 * time.Millisecond
				}
				if test.baseURL != "" {
					base, err := ParseBaseURL(test.baseURL)
					if err != nil {
						t.Fatal(err)
					}
					c.BaseURL = base
				}
			})
			_, err := client.CustomerStatus(t.Context(), 1)
			var transportError *TransportError
			if !errors.As(err, &transportError) || transportError.Cause != test.want {
				t.Errorf("got error %#v, want a TransportError with cause %d", err, test.want)
			}
		})
	}
}

// net/http quotes data that is not HTTP, which can be personal.
func TestClient_quotesNothingThatIsNotHTTP(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(connection, "{\"lastName\": \"Travis \\\"T\\\"\"}\r\n\r\n")
		_ = connection.Close()
	})
	_, err := client.CustomerStatus(t.Context(), 1)
	if err == nil || strings.Contains(err.Error(), "Travis") || !strings.Contains(err.Error(), "malformed HTTP") {
		t.Errorf("got error %v, want a malformed HTTP response that is not quoted", err)
	}
}
