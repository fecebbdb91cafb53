// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// trusting returns a change of the configuration that trusts the certificates of a simulated API, in
// addition to the system's.
func trusting(t *testing.T, ca *fusebilltest.TLS) func(*Config) {
	t.Helper()
	roots, err := ParseCACertificates(string(ca.CAPEM))
	if err != nil {
		t.Fatal(err)
	}
	return func(c *Config) { c.RootCAs, c.Key = roots, fusebilltest.Key }
}

func TestClient_certificates(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		require, trust, present bool
		want                    Cause
		err                     bool
	}{
		"trusted":                         {trust: true},
		"not trusted":                     {err: true, want: CauseCertificate},
		"certificate required, presented": {require: true, trust: true, present: true},
		"certificate required, none":      {require: true, trust: true, err: true, want: CauseClientCertificate},
	} {
		for _, http2 := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, HTTP/2 %t", name, http2), func(t *testing.T) {
				t.Parallel()
				ca, err := fusebilltest.NewTLS(test.require)
				if err != nil {
					t.Fatal(err)
				}
				server := httptest.NewUnstartedServer(fusebilltest.New(fusebilltest.Options{Fleet: 1}))
				server.Config.ErrorLog = log.New(io.Discard, "", 0)
				server.EnableHTTP2 = http2
				server.TLS = ca.Config.Clone()
				if !http2 {
					server.TLS.NextProtos = nil
				}
				server.StartTLS()
				t.Cleanup(server.Close)
				client := clientOf(t, server, func(c *Config) {
					c.Key, c.MaxRetries = fusebilltest.Key, 1
					if test.trust {
						trusting(t, ca)(c)
					}
					if test.present {
						if c.ClientCertificate, err = ParseClientCertificate(string(ca.ClientCertPEM), string(ca.ClientKeyPEM)); err != nil {
							t.Error(err)
						}
					}
				})
				_, err = client.CustomerStatus(t.Context(), 1)
				var transportError *TransportError
				if !test.err {
					if err != nil {
						t.Error(err)
					}
				} else if !errors.As(err, &transportError) || transportError.Cause != test.want || !errors.Is(err, ErrUnreachable) {
					t.Errorf("got error %#v, want a TransportError with cause %d", err, test.want)
				}
			})
		}
	}
}

// The certificates of the system are trusted as well.
func TestParseCACertificates_system(t *testing.T) {
	t.Parallel()
	ca, err := fusebilltest.NewTLS(false)
	if err != nil {
		t.Fatal(err)
	}
	want, err := x509.SystemCertPool()
	if err != nil {
		t.Skipf("The system has no certificates: %v", err)
	}
	want.AppendCertsFromPEM(ca.CAPEM)
	if got, err := ParseCACertificates(string(ca.CAPEM)); err != nil || !got.Equal(want) {
		t.Errorf("ParseCACertificates returned other certificates, and error %v", err)
	}
}

// A client certificate of another CA is refused, which is the same cause.
func TestClient_foreignClientCertificate(t *testing.T) {
	t.Parallel()
	server, ca := fusebilltest.ServeTLS(t, fusebilltest.New(fusebilltest.Options{Fleet: 1}), true)
	other, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	client := clientOf(t, server, trusting(t, ca), func(c *Config) {
		if c.ClientCertificate, err = ParseClientCertificate(string(other.ClientCertPEM), string(other.ClientKeyPEM)); err != nil {
			t.Fatal(err)
		}
	})
	_, err = client.CustomerStatus(t.Context(), 1)
	var transportError *TransportError
	if !errors.As(err, &transportError) || transportError.Cause != CauseClientCertificate {
		t.Errorf("got error %#v, want a TransportError with cause %d", err, CauseClientCertificate)
	}
}

func TestParseCertificates(t *testing.T) {
	t.Parallel()
	ca, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	other, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	caPEM, certificate, key := string(ca.CAPEM), string(ca.ClientCertPEM), string(ca.ClientKeyPEM)
	const empty, noCertificate = "must contain a certificate in PEM format", "must contain only certificates in PEM format, found PRIVATE KEY"
	for name, test := range map[string]struct {
		bundle string
		want   string // The beginning of the error.
	}{
		"one":            {bundle: caPEM},
		"several":        {bundle: "# Gateway\n" + caPEM + "\r\n" + string(other.CAPEM)},
		"one and a path": {bundle: caPEM + "\n/etc/ssl/ca.pem"},
		"empty":          {bundle: "", want: empty},
		"a path":         {bundle: "/etc/ssl/ca.pem", want: empty},
		"cut":            {bundle: caPEM[:len(caPEM)/2], want: empty},
		"a key":          {bundle: key, want: noCertificate},
		"one and a key":  {bundle: caPEM + key, want: noCertificate},
		"one broken": {
			bundle: caPEM + strings.Replace(string(other.CAPEM), "MI", "AA", 1),
			want:   "must contain only valid certificates; number 2 is not: ",
		},
	} {
		_, err := ParseCACertificates(test.bundle)
		if (err == nil) != (test.want == "") || err != nil && !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("ParseCACertificates of %s: error %v, want %q", name, err, test.want)
		}
	}
	for name, test := range map[string]struct {
		certificate, key string
		ok               bool
	}{
		"pair":              {certificate: certificate, key: key, ok: true},
		"with intermediate": {certificate: certificate + caPEM, key: key, ok: true},
		"key of another":    {certificate: certificate, key: string(other.ClientKeyPEM)},
		"swapped":           {certificate: key, key: certificate},
		"no key":            {certificate: certificate},
		"no certificate":    {key: key},
		"key that is cut":   {certificate: certificate, key: key[:len(key)/2]},
	} {
		_, err := ParseClientCertificate(test.certificate, test.key)
		if (err == nil) != test.ok {
			t.Errorf("ParseClientCertificate of %s: error %v, want none: %t", name, err, test.ok)
		}
		for line := range strings.Lines(key) {
			if err != nil && strings.Contains(err.Error(), strings.TrimSpace(line)) {
				t.Errorf("ParseClientCertificate of %s quotes the key: %v", name, err)
			}
		}
	}
}
