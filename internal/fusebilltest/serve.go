// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"net/http"
	"net/http/httptest"
)

// TB is the part of [testing.TB] that the helpers need. It keeps package testing
// out of the simulator's binary.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Serve serves handler over HTTP on loopback until the test ends.
func Serve(t TB, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// ServeTLS serves handler over HTTPS, with HTTP/2, on loopback until the test
// ends. The certificate is issued by the returned [TLS].
func ServeTLS(t TB, handler http.Handler, requireClientCert bool) (*httptest.Server, *TLS) {
	t.Helper()
	certificates, err := NewTLS(requireClientCert)
	if err != nil {
		t.Fatalf("NewTLS: %v", err)
	}
	server := httptest.NewUnstartedServer(handler)
	server.TLS = certificates.Config
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, certificates
}
