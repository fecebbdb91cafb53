// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"time"
)

// TLS holds a private certificate authority (CA), which exists in memory only,
// and the certificates that it has issued. It serves loopback addresses.
type TLS struct {
	// CAPEM is the certificate of the CA.
	CAPEM []byte
	// ClientCertPEM and ClientKeyPEM are a client certificate and its key.
	ClientCertPEM, ClientKeyPEM []byte
	// Config is the configuration of a server, with HTTP/2.
	Config *tls.Config
}

// certificateLifetime is longer than any run of a simulator.
const certificateLifetime = 90 * 24 * time.Hour

// NewTLS returns a new CA with a server certificate for localhost, 127.0.0.1, and
// ::1, and a client certificate. With requireClientCert the server refuses
// clients without a certificate of the CA.
func NewTLS(requireClientCert bool) (*TLS, error) {
	ca, err := newCertificate(&x509.Certificate{
		Subject:               pkix.Name{CommonName: "Simulated Fusebill CA"},
		KeyUsage:              x509.KeyUsageCertSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}, nil)
	if err != nil {
		return nil, err
	}
	server, err := newCertificate(&x509.Certificate{
		Subject:     pkix.Name{CommonName: "localhost"},
		DNSNames:    []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, ca)
	if err != nil {
		return nil, err
	}
	client, err := newCertificate(&x509.Certificate{
		Subject:     pkix.Name{CommonName: "Simulated Fusebill client"},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, ca)
	if err != nil {
		return nil, err
	}
	clientKey, err := x509.MarshalPKCS8PrivateKey(client.PrivateKey)
	if err != nil {
		return nil, fmt.Errorf("encode the client key: %w", err)
	}

	config := &tls.Config{
		Certificates: []tls.Certificate{*server},
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"h2", "http/1.1"},
	}
	if requireClientCert {
		config.ClientAuth = tls.RequireAndVerifyClientCert
		config.ClientCAs = x509.NewCertPool()
		config.ClientCAs.AddCert(ca.Leaf)
	}
	return &TLS{
		CAPEM:         encodePEM("CERTIFICATE", ca.Leaf.Raw),
		ClientCertPEM: encodePEM("CERTIFICATE", client.Leaf.Raw),
		ClientKeyPEM:  encodePEM("PRIVATE KEY", clientKey),
		Config:        config,
	}, nil
}

// newCertificate returns a certificate for a new key, signed by ca or, without
// one, by itself.
func newCertificate(template *x509.Certificate, ca *tls.Certificate) (*tls.Certificate, error) {
	key, keyErr := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	serial, serialErr := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err := errors.Join(keyErr, serialErr); err != nil {
		return nil, fmt.Errorf("create a key: %w", err)
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-time.Hour) // Another process may have a slower clock.
	template.NotAfter = time.Now().Add(certificateLifetime)

	issuer := &tls.Certificate{Leaf: template, PrivateKey: key}
	if ca != nil {
		issuer = ca
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, issuer.Leaf, &key.PublicKey, issuer.PrivateKey)
	if err != nil {
		return nil, fmt.Errorf("create a certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, fmt.Errorf("parse a certificate: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: leaf}, nil
}

func encodePEM(blockType string, raw []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: blockType, Bytes: raw})
}
