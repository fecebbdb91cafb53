// SPDX-License-Identifier: MPL-2.0

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const testVersion = "1.2.3"

// A fixture is a release built from stubs. Its methods change single files.
type fixture struct {
	release

	home     string // Home is GnuPG's home directory.
	signer   string
	keys     map[string]string // Keys maps the names of the keys to files with their public parts.
	binaries map[string][]byte
}

// newFixture returns a release that passes the check, for this machine and for Windows.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Skip("gpg is not on the PATH")
	}
	f := &fixture{
		release:  release{dir: t.TempDir(), version: testVersion, platforms: []string{hostPlatform(), "windows_amd64"}},
		signer:   "release",
		keys:     map[string]string{},
		binaries: map[string][]byte{},
	}
	f.makeKeys(t)
	f.binaries[runtime.GOOS] = build(t, runtime.GOOS, testVersion, "6")
	f.binaries["windows"] = build(t, "windows", testVersion, "6")
	f.binaries["development"] = build(t, runtime.GOOS, "0.0.1-dev", "6")
	f.binaries["protocol5"] = build(t, runtime.GOOS, testVersion, "5")
	for goos, platform := range map[string]string{runtime.GOOS: hostPlatform(), "windows": "windows_amd64"} {
		f.writeArchive(t, f.name(platform+".zip"),
			entry{"LICENSE", []byte("text"), 0o644},
			entry{f.binary(goos), f.binaries[goos], 0o755})
		f.write(t, f.name(platform+".cdx.json"), []byte(`{"bomFormat": "CycloneDX"}`))
	}
	f.write(t, f.name(manifestFile), []byte(manifest("6.0")))
	f.writeSums(t, sumsFile, f.sumsNames(t)...)
	f.writeSums(t, sbomSumsFile, f.assets(t, ".cdx.json")...)
	f.sign(t)
	return f
}

// makeKeys generates the signing key, a second RSA key, and a key that registries refuse.
func (f *fixture) makeKeys(t *testing.T) {
	t.Helper()
	f.home = t.TempDir()
	t.Cleanup(func() {
		_ = exec.CommandContext(context.Background(), "gpgconf", "--homedir", f.home, "--kill", "all").Run()
	})
	keys := t.TempDir()
	for name, algorithm := range map[string]string{"release": "rsa2048", "other": "rsa2048", "curve": "ed25519"} {
		f.gpg(t, "--passphrase", "", "--quick-generate-key", name, algorithm, "sign", "1d")
		f.keys[name] = filepath.Join(keys, name)
		f.gpg(t, "--armor", "--output", f.keys[name], "--export", name)
	}
	f.key = f.keys["release"]
}

func (f *fixture) gpg(t *testing.T, args ...string) {
	t.Helper()
	if out, err := gpg(t.Context(), f.home, args...); err != nil {
		t.Fatalf("gpg %q: %v\n%s", args, err, out)
	}
}

// clone returns a copy of the fixture with files of its own.
func (f *fixture) clone(t *testing.T) *fixture {
	t.Helper()
	clone := *f
	clone.dir = t.TempDir()
	if err := os.CopyFS(clone.dir, os.DirFS(f.dir)); err != nil {
		t.Fatal(err)
	}
	sums, err := readSums(clone.file(sumsFile))
	if err != nil {
		t.Fatal(err)
	}
	clone.sums = sums
	return &clone
}

// sign signs SHA256SUMS.
func (f *fixture) sign(t *testing.T, options ...string) {
	t.Helper()
	args := append([]string{"--yes", "--local-user", f.signer, "--output", f.file(signatureFile)}, options...)
	f.gpg(t, append(args, "--detach-sign", f.file(sumsFile))...)
}

// sumAndSign updates the checksums and the signature.
func (f *fixture) sumAndSign(t *testing.T) {
	t.Helper()
	f.writeSums(t, sumsFile, f.sumsNames(t)...)
	f.sign(t)
}

// sumsNames returns the names of the files that belong in SHA256SUMS.
func (f *fixture) sumsNames(t *testing.T) []string {
	t.Helper()
	return append(f.assets(t, ".zip"), f.name(manifestFile))
}

// assets returns the names of the files with an extension.
func (f *fixture) assets(t *testing.T, extension string) []string {
	t.Helper()
	names, err := fs.Glob(os.DirFS(f.dir), "*"+extension)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func (f *fixture) writeSums(t *testing.T, suffix string, names ...string) {
	t.Helper()
	var sums bytes.Buffer
	for _, name := range names {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(f.read(t, name)), name)
	}
	f.write(t, f.name(suffix), sums.Bytes())
}

func (f *fixture) setManifest(t *testing.T, content string) {
	t.Helper()
	f.write(t, f.name(manifestFile), []byte(content))
	f.sumAndSign(t)
}

func (f *fixture) read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(f.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func (f *fixture) write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) copy(t *testing.T, from, to string) {
	t.Helper()
	f.write(t, to, f.read(t, from))
}

func (f *fixture) rename(t *testing.T, from, to string) {
	t.Helper()
	f.copy(t, from, to)
	f.remove(t, from)
}

func (f *fixture) remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(f.dir, name)); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) replace(t *testing.T, suffix, old, replacement string) {
	t.Helper()
	f.write(t, f.name(suffix), bytes.Replace(f.read(t, f.name(suffix)), []byte(old), []byte(replacement), 1))
}

// An entry is a file in an archive.
type entry struct {
	name    string
	content []byte
	mode    fs.FileMode
}

// repack writes an archive with its binary changed and further entries added, and updates the
// checksums and the signature.
func (f *fixture) repack(t *testing.T, archive string, change func(*entry), further ...entry) {
	t.Helper()
	content := f.read(t, archive)
	reader, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var entries []entry
	for _, file := range reader.File {
		content, err := readEntry(file)
		if err != nil {
			t.Fatal(err)
		}
		e := entry{file.Name, content, file.Mode()}
		if change != nil && strings.HasPrefix(e.name, project) {
			change(&e)
		}
		entries = append(entries, e)
	}
	f.writeArchive(t, archive, slices.Concat(entries, further)...)
	f.sumAndSign(t)
}

func (f *fixture) writeArchive(t *testing.T, name string, entries ...entry) {
	t.Helper()
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		header.SetMode(e.mode)
		part, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(part, bytes.NewReader(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f.write(t, name, archive.Bytes())
}

// manifest returns a registry manifest.
func manifest(protocol string) string {
	return `{"version": 1, "metadata": {"protocol_versions": ["` + protocol + `"]}}`
}

// build builds the stub for amd64 on Windows, and for this machine otherwise.
func build(t *testing.T, goos, version, protocol string) []byte {
	t.Helper()
	goarch := runtime.GOARCH
	if goos == "windows" {
		goarch = "amd64"
	}
	binary := filepath.Join(t.TempDir(), "stub")
	ldflags := "-s -w -X main.version=" + version + " -X main.protocol=" + protocol
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", binary, "-ldflags", ldflags, "./testdata/stub")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	content, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
