// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
)

// validSignature is the line in which gpg reports a good signature. The groups are the
// fingerprint of the key, the algorithm of the key, and the class of the signature.
// https://github.com/gpg/gnupg/blob/master/doc/DETAILS
var validSignature = regexp.MustCompile(`(?m)^\[GNUPG:\] VALIDSIG ([0-9A-F]+) \S+ \S+ \S+ \S+ \S+ (\d+) \d+ ([0-9A-F]{2})`)

// checkSignature checks that SHA256SUMS.sig is a binary detached signature of SHA256SUMS
// as it is now, by the key, and that registries accept the key.
func (r *release) checkSignature(ctx context.Context) (string, error) {
	signature, err := os.ReadFile(r.file(signatureFile))
	if err != nil {
		return "", err
	}
	switch {
	case bytes.HasPrefix(bytes.TrimSpace(signature), []byte("-----BEGIN")):
		return "", fmt.Errorf("%s is ASCII-armored, want a binary signature", signatureFile)
	case !isSignaturePacket(signature):
		return "", fmt.Errorf("%s is not a detached signature", signatureFile)
	}

	home, err := os.MkdirTemp(r.work, "gpg")
	if err != nil {
		return "", err
	}
	if out, err := gpg(ctx, home, "--import", r.key); err != nil {
		return "", fmt.Errorf("gpg cannot import %s: %w\n%s", r.key, err, out)
	}
	out, err := gpg(ctx, home, "--status-fd", "1", "--verify", r.file(signatureFile), r.file(sumsFile))
	if err != nil {
		return "", fmt.Errorf("%s does not fit %s: %w\n%s", signatureFile, sumsFile, err, out)
	}
	match := validSignature.FindSubmatch(out)
	if match == nil {
		return "", fmt.Errorf("gpg does not report a valid signature:\n%s", out)
	}
	// The numbers are those of RFC 4880, sections 9.1 and 5.2.1.
	if algorithm := string(match[2]); algorithm != "1" && algorithm != "17" {
		return "", errors.New("the signing key is neither RSA nor DSA, and the Terraform registry accepts no other")
	}
	if class := string(match[3]); class != "00" {
		return "", fmt.Errorf("the signature is of class %s, want 00 for a binary document", class)
	}
	return fmt.Sprintf("%s is a binary detached signature of %s by %s", signatureFile, sumsFile, match[1]), nil
}

// isSignaturePacket reports whether data begins with an OpenPGP packet of tag 2.
// https://www.rfc-editor.org/rfc/rfc4880#section-4.2
func isSignaturePacket(data []byte) bool {
	if len(data) == 0 {
		return false
	}
	const oldFormat, newFormat = 0x80 | 2<<2, 0xC0 | 2
	return data[0]&^0x03 == oldFormat || data[0] == newFormat
}

// gpg runs gpg with a home directory of its own, and returns its output.
func gpg(ctx context.Context, home string, args ...string) ([]byte, error) {
	args = append([]string{"--homedir", home, "--batch", "--no-tty", "--no-auto-key-retrieve"}, args...)
	return exec.CommandContext(ctx, "gpg", args...).CombinedOutput()
}
