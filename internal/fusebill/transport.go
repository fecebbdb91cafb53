// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-cleanhttp"
)

// newTransport returns a transport for the configuration. The transport sets certificateWanted when a
// server requests a client certificate.
func newTransport(config Config, proxy Proxy, certificateWanted *atomic.Bool) *http.Transport {
	t := cleanhttp.DefaultPooledTransport()
	t.Proxy = http.ProxyURL(proxy.url)
	t.OnProxyConnectResponse = checkProxyResponse
	t.DialContext = (&net.Dialer{Timeout: config.RequestTimeout, KeepAlive: 15 * time.Second}).DialContext
	t.TLSHandshakeTimeout = config.RequestTimeout
	t.TLSClientConfig = &tls.Config{
		MinVersion: tls.VersionTLS12, // The minimum of the API.
		RootCAs:    config.RootCAs,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			certificateWanted.Store(true)
			if config.ClientCertificate != nil {
				return config.ClientCertificate, nil
			}
			return &tls.Certificate{}, nil
		},
	}
	t.ForceAttemptHTTP2 = true
	// Pings detect a dead connection within one attempt, or while the connection is idle.
	t.HTTP2 = &http.HTTP2Config{
		SendPingTimeout: min(10*time.Second, config.RequestTimeout/3),
		PingTimeout:     min(5*time.Second, config.RequestTimeout/3),
	}
	t.DisableCompression = true // The client decompresses, to report an encoding that it did not request.
	t.MaxConnsPerHost = config.MaxConcurrentRequests
	t.MaxIdleConns = config.MaxConcurrentRequests
	t.MaxIdleConnsPerHost = config.MaxConcurrentRequests
	return t
}

// ParseCACertificates returns the certificates of the system and those of a PEM bundle. The bundle
// must contain at least one certificate, and only certificates.
func ParseCACertificates(bundle string) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	count := 0
	for rest := []byte(bundle); ; count++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("must contain only certificates in PEM format, found %s", block.Type)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("must contain only valid certificates; number %d is not: %w", count+1, err)
		}
		pool.AddCert(certificate)
	}
	if count == 0 {
		return nil, errors.New("must contain a certificate in PEM format")
	}
	return pool, nil
}

// ParseClientCertificate parses a PEM client certificate, optionally followed by intermediate
// certificates, and its PEM private key. The error quotes neither.
func ParseClientCertificate(certificate, key string) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		return nil, err
	}
	return &pair, nil
}
