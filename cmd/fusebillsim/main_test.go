// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

func TestRun_exitCode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args   []string
		code   int
		stderr string
	}{
		"success":             {[]string{"true"}, 0, "0 requests for 0 customers"},
		"command_fails":       {[]string{"sh", "-c", "exit 7"}, 7, "0 requests for 0 customers"},
		"command_killed":      {[]string{"sh", "-c", "kill -9 $$"}, 1, "signal: killed"},
		"command_unknown":     {[]string{"./no-such-command"}, 1, "no-such-command"},
		"help":                {[]string{"-h"}, 0, "-omit-headers"},
		"unknown_flag":        {[]string{"-unknown"}, 2, "-unknown"},
		"unknown_fault":       {[]string{"-fault", "unknown", "true"}, 2, `unknown fault "unknown"`},
		"unknown_format":      {[]string{"-reset-format", "iso", "true"}, 2, `unknown reset format "iso": must be one of fraction,`},
		"unknown_list_end":    {[]string{"-list-end", "never", "true"}, 2, `unknown list end "never": must be one of minus-one,`},
		"unknown_header":      {[]string{"-omit-headers", "Date", "true"}, 2, `unknown rate-limit header "Date"`},
		"negative_fleet":      {[]string{"-fleet", "-1", "true"}, 2, "must not be negative"},
		"client_cert_only":    {[]string{"-require-client-cert", "true"}, 2, "-require-client-cert requires -tls-dir"},
		"unusable_address":    {[]string{"-listen", "256.0.0.1:0", "true"}, 1, "256.0.0.1"},
		"unknown_customer":    {[]string{"-customer", "no-such-file", "true"}, 2, "no-such-file"},
		"invalid_customer":    {[]string{"-customer", "main_test.go", "true"}, 2, "main_test.go: invalid character"},
		"unusable_log":        {[]string{"-log", "no-such-directory/log", "true"}, 1, "no-such-directory"},
		"no_tls_dir":          {[]string{"-tls-dir", "no-such-directory", "true"}, 1, "no-such-directory"},
		"flags_after_command": {[]string{"sh", "-c", "exit $#", "sh", "-fleet", "1"}, 2, "0 requests for 0 customers"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), test.args, strings.NewReader(""), &stdout, &stderr)
			if code != test.code || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("got exit code %d and stderr %q, want %d and %q", code, stderr.String(), test.code, test.stderr)
			}
		})
	}
}

func TestRun_environment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const script = `printf '%s|%s|%s|%s|%s' "$FUSEBILL_BASE_URL" "$FUSEBILL_API_KEY" "$FUSEBILL_CA_CERT_PEM" \
		"$FUSEBILL_CLIENT_CERT_PEM" "$FUSEBILL_CLIENT_KEY_PEM"; cat`
	for name, test := range map[string]struct {
		flags []string
		want  []string // The prefixes of the environment variables.
	}{
		"http": {[]string{"-key", "a2V5OjE="}, []string{"http://127.0.0.1:", "a2V5OjE=", "", "", ""}},
		"tls":  {[]string{"-tls-dir", dir}, []string{"https://127.0.0.1:", fusebilltest.Key, "-----BEGIN CERT", "", ""}},
		"client_cert": {
			[]string{"-tls-dir", t.TempDir(), "-require-client-cert"},
			[]string{"https://127.0.0.1:", fusebilltest.Key, "-----BEGIN CERT", "-----BEGIN CERT", "-----BEGIN PRIVATE KEY"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), append(test.flags, "sh", "-c", script), strings.NewReader("|input"), &stdout, &stderr)
			got := strings.Split(stdout.String(), "|")
			if code != 0 || len(got) != 6 || got[5] != "input" {
				t.Fatalf("got exit code %d, stdout %q, and stderr %q", code, stdout.String(), stderr.String())
			}
			for i, want := range test.want {
				if !strings.HasPrefix(got[i], want) || want == "" && got[i] != "" {
					t.Errorf("environment variable %d: got %q, want prefix %q", i, got[i], want)
				}
			}
		})
	}
}

// TestRun_serve asserts that the printed environment variables lead to the API
// and that the end of the context ends the server without an error.
func TestRun_serve(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reader, writer := io.Pipe()
	var stderr bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		args := []string{
			"-fleet", "2", "-tls-dir", dir, "-require-client-cert", "-fault", "409:1@2",
			"-customer", writeFile(t, `{"id": 2, "status": "Hold"}`), "-log", filepath.Join(dir, "requests.log"),
		}
		ended <- run(ctx, args, strings.NewReader(""), writer, &stderr)
		_ = writer.Close()
	}()

	lines := bufio.NewScanner(reader)
	var exports []string
	for len(exports) < 5 && lines.Scan() {
		exports = append(exports, lines.Text())
	}
	if len(exports) < 5 {
		t.Fatalf("got exports %q, exit code %d, and stderr %q", exports, <-ended, stderr.String())
	}
	url, ok := strings.CutPrefix(exports[0], "export FUSEBILL_BASE_URL=")
	want := []string{
		"export FUSEBILL_API_KEY=" + fusebilltest.Key,
		fmt.Sprintf(`export FUSEBILL_CA_CERT_PEM="$(cat '%s')"`, filepath.Join(dir, "ca.pem")),
		fmt.Sprintf(`export FUSEBILL_CLIENT_CERT_PEM="$(cat '%s')"`, filepath.Join(dir, "client.pem")),
		fmt.Sprintf(`export FUSEBILL_CLIENT_KEY_PEM="$(cat '%s')"`, filepath.Join(dir, "client-key.pem")),
	}
	if got := exports[1:]; !ok || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", exports, want)
	}

	client := newClient(t, dir)
	for _, want := range []int{409, 200} {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/customers/2/overview", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Basic "+fusebilltest.Key)
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || strings.Contains(string(body), `"status":"Hold"`) != (want == 200) {
			t.Errorf("got body %q and error %v, want the customer of the file", body, err)
		}
		if err := response.Body.Close(); err != nil || response.StatusCode != want || response.ProtoMajor != 2 {
			t.Errorf("got status %d over HTTP/%d and error %v, want %d over HTTP/2", response.StatusCode, response.ProtoMajor, err, want)
		}
	}
	cancel()
	if code := <-ended; code != 0 || !strings.Contains(stderr.String(), "2 requests for 1 customers; responses by status: map[200:1 409:1]") {
		t.Errorf("got exit code %d and stderr %q", code, stderr.String())
	}
	const wantLog = "request GET /v1/customers/2/overview\nresponse 409 GET /v1/customers/2/overview\n" +
		"request GET /v1/customers/2/overview\nresponse 200 GET /v1/customers/2/overview\n"
	if log, err := os.ReadFile(filepath.Join(dir, "requests.log")); err != nil || string(log) != wantLog {
		t.Errorf("the log is %q with error %v, want %q", log, err, wantLog)
	}
	if info, err := os.Stat(filepath.Join(dir, "client-key.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("client-key.pem: got %v and error %v, want mode 0600", info, err)
	}
}

// newClient returns an HTTP client that uses the files of -tls-dir.
func newClient(t *testing.T, dir string) *http.Client {
	t.Helper()
	ca, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := tls.LoadX509KeyPair(filepath.Join(dir, "client.pem"), filepath.Join(dir, "client-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{RootCAs: x509.NewCertPool(), Certificates: []tls.Certificate{certificate}}
	if !config.RootCAs.AppendCertsFromPEM(ca) {
		t.Fatal("ca.pem has no certificate")
	}
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}
