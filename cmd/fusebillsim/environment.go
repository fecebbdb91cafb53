// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// Files in the directory of -tls-dir.
const (
	caFile         = "ca.pem"
	clientCertFile = "client.pem"
	clientKeyFile  = "client-key.pem"
)

// variable is an environment variable of the provider, with a value or the file
// that contains it.
type variable struct{ name, value, file string }

// export returns the shell command that sets the variable.
func (v variable) export() string {
	if v.file != "" {
		return "export " + v.name + `="$(cat ` + quoteShell(v.file) + `)"`
	}
	return "export " + v.name + "=" + v.value
}

// setting returns the variable in the form NAME=VALUE.
func (v variable) setting() (string, error) {
	if v.file == "" {
		return v.name + "=" + v.value, nil
	}
	content, err := os.ReadFile(v.file)
	return v.name + "=" + string(content), err
}

func quoteShell(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// writeCertificates creates certificates and writes them to dir.
func writeCertificates(dir string, requireClientCert bool) (*fusebilltest.TLS, error) {
	certificates, err := fusebilltest.NewTLS(requireClientCert)
	if err != nil {
		return nil, err
	}
	return certificates, errors.Join(
		os.WriteFile(filepath.Join(dir, caFile), certificates.CAPEM, 0o644),
		os.WriteFile(filepath.Join(dir, clientCertFile), certificates.ClientCertPEM, 0o644),
		os.WriteFile(filepath.Join(dir, clientKeyFile), certificates.ClientKeyPEM, 0o600),
	)
}

// certificateVariables returns the variables that make the provider trust the CA
// and, if required, present the client certificate.
func certificateVariables(c config) []variable {
	variables := []variable{{name: "FUSEBILL_CA_CERT_PEM", file: filepath.Join(c.tlsDir, caFile)}}
	if c.requireClientCert {
		variables = append(variables,
			variable{name: "FUSEBILL_CLIENT_CERT_PEM", file: filepath.Join(c.tlsDir, clientCertFile)},
			variable{name: "FUSEBILL_CLIENT_KEY_PEM", file: filepath.Join(c.tlsDir, clientKeyFile)})
	}
	return variables
}
