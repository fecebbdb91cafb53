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

// A Cause is the reason for a [TransportError]. Causes with different resolutions differ.
type Cause int

const (
	// CauseOther is any other failure, such as a broken connection.
	CauseOther Cause = iota
	// CauseNameResolution means that the host name cannot be resolved.
	CauseNameResolution
	// CauseConnectionRefused means that the host refused the connection.
	CauseConnectionRefused
	// CauseProxy means that the proxy cannot be reached, or that it refused to connect.
	CauseProxy
	// CauseCertificate means that the server's certificate is not trusted, or is not valid for
	// the host.
	CauseCertificate
	// CauseClientCertificate means that the server requested a client certificate and has not
	// responded to any request: no certificate is configured, or the server does not accept it.
	// The underlying error depends on the protocol and on timing.
	CauseClientCertificate
	// CauseTimeout means that an attempt took too long.
	CauseTimeout
)

// wsaConnectionRefused is WSAECONNREFUSED, which package syscall lacks:
// https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2.
const wsaConnectionRefused syscall.Errno = 10061

// causeOf returns the cause of a failed attempt. certificateRequired is true if the server
// requested a client certificate and has not responded to any request.
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

// isFinal reports whether another attempt would fail in the same way: the server's
// certificate is not trusted, or a proxy refuses to connect.
func isFinal(err error) bool {
	var verification *tls.CertificateVerificationError
	var proxyStatus *proxyStatusError
	return errors.As(err, &verification) || errors.As(err, &proxyStatus) && proxyStatus.status < 500
}
