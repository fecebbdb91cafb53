// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestCheck breaks each property of a release once and expects the check to fail.
func TestCheck(t *testing.T) {
	t.Parallel()
	pristine := newFixture(t)
	windows := pristine.name("windows_amd64.zip")
	host := pristine.name(hostPlatform() + ".zip")
	for _, test := range []struct {
		name  string
		spoil func(*testing.T, *fixture)
		want  string // Want is a part of the error, or empty if there is none.
	}{
		{"unchanged", func(*testing.T, *fixture) {}, ""},
		{"SBOMsInSums", func(t *testing.T, f *fixture) {
			f.writeSums(t, sumsFile, append(f.assets(t, ".cdx.json"), f.sumsNames(t)...)...)
			f.sign(t)
		}, "neither an archive nor the manifest"},
		{"signatureInSums", func(t *testing.T, f *fixture) {
			f.writeSums(t, sumsFile, append(f.sumsNames(t), f.name(signatureFile))...)
		}, "neither an archive nor the manifest"},
		{"archiveOfAnotherVersionInSums", func(t *testing.T, f *fixture) {
			other := strings.Replace(windows, testVersion, "1.2.4", 1)
			f.rename(t, windows, other)
			f.writeSums(t, sumsFile, other, host, f.name(manifestFile))
			f.sign(t)
		}, "neither an archive nor the manifest"},
		{"archiveWithV", func(t *testing.T, f *fixture) {
			other := strings.Replace(windows, testVersion, "v"+testVersion, 1)
			f.rename(t, windows, other)
			f.writeSums(t, sumsFile, other, host, f.name(manifestFile))
			f.sign(t)
		}, "neither an archive nor the manifest"},
		{"archiveNotInSums", func(t *testing.T, f *fixture) {
			f.copy(t, windows, f.name("linux_riscv64.zip"))
		}, "is not in SHA256SUMS"},
		{"platformMissing", func(t *testing.T, f *fixture) {
			f.remove(t, windows)
			f.writeSums(t, sumsFile, host, f.name(manifestFile))
			f.sign(t)
		}, "does not list an archive for windows_amd64"},
		{"manifestNotInSums", func(t *testing.T, f *fixture) {
			f.writeSums(t, sumsFile, host, windows)
			f.sign(t)
		}, "does not list the manifest"},
		{"archiveMissing", func(t *testing.T, f *fixture) { f.remove(t, windows) }, "no such file"},
		{"manifestMissing", func(t *testing.T, f *fixture) { f.remove(t, f.name(manifestFile)) }, "no such file"},
		{"sumsMissing", func(t *testing.T, f *fixture) { f.remove(t, f.name(sumsFile)) }, "no such file"},
		{"signatureMissing", func(t *testing.T, f *fixture) { f.remove(t, f.name(signatureFile)) }, "no such file"},
		{"wrongHash", func(t *testing.T, f *fixture) {
			f.replace(t, sumsFile, f.sums[windows], strings.Repeat("0", 64))
			f.sign(t)
		}, windows + " has the hash"},
		{"changedArchive", func(t *testing.T, f *fixture) {
			f.write(t, windows, append(f.read(t, windows), 0))
		}, windows + " has the hash"},
		{"upperCaseHash", func(t *testing.T, f *fixture) {
			f.replace(t, sumsFile, f.sums[windows], strings.ToUpper(f.sums[windows]))
			f.sign(t)
		}, "want a hash, two spaces, and a name"},
		{"sameNameTwice", func(t *testing.T, f *fixture) {
			f.writeSums(t, sumsFile, append(f.sumsNames(t), windows)...)
			f.sign(t)
		}, "twice"},
		{"olderSignature", func(t *testing.T, f *fixture) {
			f.write(t, f.name(manifestFile), []byte(strings.Replace(manifest("6.0"), " ", "", 1)))
			f.writeSums(t, sumsFile, f.sumsNames(t)...)
		}, "does not fit SHA256SUMS"},
		{"armoredSignature", func(t *testing.T, f *fixture) { f.sign(t, "--armor") }, "ASCII-armored"},
		{"inlineSignature", func(t *testing.T, f *fixture) {
			f.gpg(t, "--yes", "--output", f.file(signatureFile), "--sign", f.file(sumsFile))
		}, "not a detached signature"},
		{"textSignature", func(t *testing.T, f *fixture) { f.sign(t, "--textmode") }, "of class 01"},
		{"emptySignature", func(t *testing.T, f *fixture) { f.write(t, f.name(signatureFile), nil) }, "not a detached signature"},
		{"signatureByAnotherKey", func(t *testing.T, f *fixture) { f.signer = "other"; f.sign(t) }, "does not fit SHA256SUMS"},
		{"unsupportedKey", func(t *testing.T, f *fixture) {
			f.signer = "curve"
			f.sign(t)
			f.key = f.keys["curve"]
		}, "neither RSA nor DSA"},
		{"strayFile", func(t *testing.T, f *fixture) { f.write(t, "metadata.json", []byte("{}")) }, "does not belong to a release"},
		{"strayFolder", func(t *testing.T, f *fixture) {
			if err := os.Mkdir(filepath.Join(f.dir, "linux"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, "is not a regular file"},
		{"SBOMMissing", func(t *testing.T, f *fixture) { f.remove(t, f.name("windows_amd64.cdx.json")) }, "no such file"},
		{"SBOMNotInItsSums", func(t *testing.T, f *fixture) {
			f.writeSums(t, sbomSumsFile, f.name(hostPlatform()+".cdx.json"))
		}, "does not list an SBOM for windows_amd64"},
		{"changedSBOM", func(t *testing.T, f *fixture) {
			f.write(t, f.name("windows_amd64.cdx.json"), []byte("{}"))
		}, "has the hash"},
		{"archiveInSBOMSums", func(t *testing.T, f *fixture) {
			f.writeSums(t, sbomSumsFile, append(f.assets(t, ".cdx.json"), windows)...)
		}, "is not an SBOM"},
		{"SBOMOfAnotherKind", func(t *testing.T, f *fixture) {
			f.write(t, f.name("windows_amd64.cdx.json"), []byte("{}"))
			f.writeSums(t, sbomSumsFile, f.assets(t, ".cdx.json")...)
		}, "is not a CycloneDX document"},
		{"olderProtocolInManifest", func(t *testing.T, f *fixture) {
			f.setManifest(t, manifest("5.0"))
		}, "serves protocol 6, and the manifest lists 5.0"},
		{"furtherProtocolInManifest", func(t *testing.T, f *fixture) {
			f.setManifest(t, manifest(`5.0", "6.0`))
		}, "serves protocol 6, and the manifest lists 5.0, 6.0"},
		{"protocolWithoutMinorVersion", func(t *testing.T, f *fixture) { f.setManifest(t, manifest("6")) }, "is not of the form 6.0"},
		{"noProtocolInManifest", func(t *testing.T, f *fixture) { f.setManifest(t, `{"version": 1}`) }, "missing or empty"},
		{"manifestVersion", func(t *testing.T, f *fixture) {
			f.setManifest(t, strings.Replace(manifest("6.0"), "1", "2", 1))
		}, "version is 2"},
		{"invalidManifest", func(t *testing.T, f *fixture) {
			f.setManifest(t, strings.Replace(manifest("6.0"), "]", ",]", 1))
		}, "manifest: invalid character"},
		{"withoutExecutableBit", func(t *testing.T, f *fixture) {
			f.repack(t, host, func(e *entry) { e.mode = 0o644 })
		}, "want an executable file"},
		{"executableForOwnerOnly", func(t *testing.T, f *fixture) {
			f.repack(t, host, func(e *entry) { e.mode = 0o744 })
		}, "want an executable file"},
		{"symbolicLink", func(t *testing.T, f *fixture) {
			f.repack(t, host, func(e *entry) { e.mode = fs.ModeSymlink | 0o777 })
		}, "want an executable file"},
		{"binaryWithoutV", func(t *testing.T, f *fixture) {
			f.repack(t, host, func(e *entry) { e.name = project + "_" + testVersion })
		}, "holds " + project + "_" + testVersion + ", want"},
		{"binaryOfAnotherVersion", func(t *testing.T, f *fixture) {
			f.repack(t, host, func(e *entry) { e.name = project + "_v1.2.4" })
		}, "holds " + project + "_v1.2.4, want"},
		{"binaryWithoutExtension", func(t *testing.T, f *fixture) {
			f.repack(t, windows, func(e *entry) { e.name = project + "_v" + testVersion })
		}, "want " + project + "_v" + testVersion + ".exe"},
		{"binaryInFolder", func(t *testing.T, f *fixture) {
			f.repack(t, host, func(e *entry) { e.name = "bin/" + e.name })
		}, "holds bin/"},
		{"furtherFileInArchive", func(t *testing.T, f *fixture) {
			f.repack(t, host, nil, entry{"README.md", []byte("text"), 0o644})
		}, "holds README.md"},
		{"twoBinariesInArchive", func(t *testing.T, f *fixture) {
			f.repack(t, host, nil, entry{project + "_v" + testVersion, []byte("text"), 0o755})
		}, "holds " + project},
		{"noBinaryInArchive", func(t *testing.T, f *fixture) {
			f.repack(t, host, func(e *entry) { e.name = "LICENSE" })
		}, "does not hold " + project},
		{"notAnArchive", func(t *testing.T, f *fixture) {
			f.write(t, windows, []byte("text"))
			f.sumAndSign(t)
		}, "not a valid zip file"},
		{"binaryOfAnotherPlatform", func(t *testing.T, f *fixture) {
			f.repack(t, windows, func(e *entry) { e.content = f.binaries[runtime.GOOS] })
		}, "want windows_amd64"},
		{"notABinary", func(t *testing.T, f *fixture) {
			f.repack(t, windows, func(e *entry) { e.content = []byte("text") })
		}, ".exe: unrecognized file format"},
		{"binaryPrintsAnotherVersion", func(t *testing.T, f *fixture) {
			f.repack(t, host, func(e *entry) { e.content = f.binaries["development"] })
		}, `prints version "0.0.1-dev"`},
		{"binaryServesAnotherProtocol", func(t *testing.T, f *fixture) {
			f.repack(t, host, func(e *entry) { e.content = f.binaries["protocol5"] })
		}, "serves protocol 5, and the manifest lists 6.0"},
		{"invalidVersion", func(_ *testing.T, f *fixture) { f.version = "v" + testVersion }, "is not a semantic version"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := pristine.clone(t)
			test.spoil(t, f)
			var out bytes.Buffer
			err := f.check(t.Context(), &out)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("check() = %v, want nil", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("check() = %v, want an error with %q; passed before:\n%s", err, test.want, &out)
			}
		})
	}
}
