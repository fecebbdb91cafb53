// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"crypto/tls"
	"errors"
	"net"
	"syscall"
)

// ErrRequestTimeout is wrapped by a [TransportError] if an attempt exceeded
// [Config.RequestTimeout].
var ErrRequestTimeout = errors.New("no complete response within the request timeout")

// A Cause is the reason for a [TransportError], as far as it determines what to do about it.
type Cause int

const (
	// CauseOther is any failure that is not listed, such as a connection that broke.
	CauseOther Cause = iota
	// CauseNameResolution means that the name of the host could not be resolved.
	CauseNameResolution
	// CauseConnectionRefused means that nothing listens at the address.
	CauseConnectionRefused
	// CauseProxy means that the proxy could not be reached, or that it refused to connect.
	CauseProxy
	// CauseCertificate means that the server's certificate is not trusted, or is not valid for
	// the host.
	CauseCertificate
	// CauseClientCertificate means that the server asked for a client certificate and did not
	// respond to any request, because there is none or because it does not accept it. The error
	// itself differs with the protocol and with what arrives first.
	CauseClientCertificate
	// CauseTimeout means that an attempt took too long.
	CauseTimeout
)

// wsaConnectionRefused is WSAECONNREFUSED, which package syscall lacks:
// https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2.
const wsaConnectionRefused syscall.Errno = 10061

// causeOf returns the cause of a failed attempt. certificateRequired means that the server
// asked for a client certificate, and has not responded to any request.
func causeOf(err error, certificateRequired bool) Cause {
	var (
		op           *net.OpError
		proxyStatus  *proxyStatusError
		dns          *net.DNSError
		verification *tls.CertificateVerificationError
		timeout      interface{ Timeout() bool }
	)
	isOp := errors.As(err, &op)
	switch {
	case errors.As(err, &proxyStatus), isOp && (op.Op == "proxyconnect" || op.Op == "socks connect"):
		return CauseProxy
	case errors.As(err, &dns):
		return CauseNameResolution
	case errors.As(err, &verification):
		return CauseCertificate
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, wsaConnectionRefused):
		return CauseConnectionRefused
	case errors.Is(err, ErrRequestTimeout), errors.As(err, &timeout) && timeout.Timeout():
		return CauseTimeout
	case certificateRequired:
		return CauseClientCertificate
	default:
		return CauseOther
	}
}

// isFinal reports whether a failed attempt would fail in the same way again: the server's
// certificate is not trusted, or a proxy refuses to connect.
func isFinal(err error) bool {
	var verification *tls.CertificateVerificationError
	var proxyStatus *proxyStatusError
	return errors.As(err, &verification) || errors.As(err, &proxyStatus) && proxyStatus.status < 500
}
