// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The suffixes of the assets of a release that are not archives or SBOMs. The name of the
// SBOMs' checksums must not end in SHA256SUMS, which registries look for.
const (
	sumsFile      = "SHA256SUMS"
	signatureFile = "SHA256SUMS.sig"
	manifestFile  = "manifest.json"
	sbomSumsFile  = "sbom_sha256.txt"
)

// recommendedPlatforms is the list in
// https://developer.hashicorp.com/terraform/registry/providers/os-arch.
var recommendedPlatforms = []string{
	"darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm", "linux_arm64", "windows_amd64",
}

var (
	// The tag of a release is "v" and a version of https://semver.org, without build metadata.
	versionPattern = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$`)
	platformName   = regexp.MustCompile(`^[a-z0-9]+_[a-z0-9]+$`)
	sumsLine       = regexp.MustCompile(`^([0-9a-f]{64})  (\S+)$`)
	protocolName   = regexp.MustCompile(`^[1-9]\d*\.\d+$`)
)

func (r *release) checkVersion(context.Context) (string, error) {
	if !versionPattern.MatchString(r.version) {
		return "", fmt.Errorf("%q is not a semantic version", r.version)
	}
	return r.version, nil
}

// checkSums checks that SHA256SUMS lists only the archives and the manifest, and that each
// file has the listed hash.
func (r *release) checkSums(context.Context) (string, error) {
	sums, err := readSums(r.file(sumsFile))
	if err != nil {
		return "", err
	}
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		if _, ok := r.platform(name, ".zip"); !ok && name != r.name(manifestFile) {
			return "", fmt.Errorf("%s lists %s, which is neither an archive nor the manifest", sumsFile, name)
		}
	}
	if _, ok := sums[r.name(manifestFile)]; !ok {
		return "", fmt.Errorf("%s does not list the manifest", sumsFile)
	}
	for _, platform := range r.platforms {
		if _, ok := sums[r.name(platform+".zip")]; !ok {
			return "", fmt.Errorf("%s does not list an archive for %s", sumsFile, platform)
		}
	}
	if err := verifySums(r.dir, sums); err != nil {
		return "", err
	}
	r.sums = sums
	return fmt.Sprintf("%s lists %d archives and the manifest, and each hash fits", sumsFile, len(sums)-1), nil
}

// checkSBOMs checks that each archive has an SBOM, and that a separate file lists the hashes of
// the SBOMs.
func (r *release) checkSBOMs(context.Context) (string, error) {
	sums, err := readSums(r.file(sbomSumsFile))
	if err != nil {
		return "", err
	}
	for archive := range r.sums {
		platform, ok := r.platform(archive, ".zip")
		if !ok {
			continue
		}
		if _, ok := sums[r.name(platform+".cdx.json")]; !ok {
			return "", fmt.Errorf("%s does not list an SBOM for %s", sbomSumsFile, platform)
		}
	}
	if err := verifySums(r.dir, sums); err != nil {
		return "", err
	}
	for name := range sums {
		if _, ok := r.platform(name, ".cdx.json"); !ok {
			return "", fmt.Errorf("%s lists %s, which is not an SBOM", sbomSumsFile, name)
		}
		content, err := os.ReadFile(filepath.Join(r.dir, name))
		if err != nil {
			return "", err
		}
		var document struct{ BOMFormat string }
		if err := json.Unmarshal(content, &document); err != nil || document.BOMFormat != "CycloneDX" {
			return "", fmt.Errorf("%s is not a CycloneDX document", name)
		}
	}
	return fmt.Sprintf("%d, one for each archive, and each hash in %s fits", len(sums), sbomSumsFile), nil
}

// checkAssets checks that every file in the folder belongs to a release. Registries find
// archives by name, so an unknown file could become part of the release.
func (r *release) checkAssets(context.Context) (string, error) {
	known := []string{r.name(sumsFile), r.name(signatureFile), r.name(manifestFile), r.name(sbomSumsFile)}
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		name := entry.Name()
		if !entry.Type().IsRegular() {
			return "", fmt.Errorf("%s is not a regular file", name)
		}
		_, archive := r.platform(name, ".zip")
		_, sbom := r.platform(name, ".cdx.json")
		switch {
		case archive && r.sums[name] == "":
			return "", fmt.Errorf("%s is not in %s", name, sumsFile)
		case !archive && !sbom && !slices.Contains(known, name):
			return "", fmt.Errorf("%s does not belong to a release", name)
		}
	}
	return fmt.Sprintf("%d files, all named as registries expect", len(entries)), nil
}

// checkManifest checks the form of the manifest. checkBinary compares it with the binary.
func (r *release) checkManifest(context.Context) (string, error) {
	content, err := os.ReadFile(r.file(manifestFile))
	if err != nil {
		return "", err
	}
	var manifest struct {
		Version  int `json:"version"`
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(content, &manifest); err != nil {
		return "", err
	}
	if manifest.Version != 1 {
		return "", fmt.Errorf("version is %d, want 1", manifest.Version)
	}
	r.protocols = manifest.Metadata.ProtocolVersions
	if len(r.protocols) == 0 {
		return "", errors.New("protocol_versions is missing or empty, which registries read as 5.0")
	}
	for _, protocol := range r.protocols {
		if !protocolName.MatchString(protocol) {
			return "", fmt.Errorf("protocol version %q is not of the form 6.0", protocol)
		}
	}
	return "protocol " + strings.Join(r.protocols, ", "), nil
}

// readSums parses a file in the format of sha256sum.
func readSums(file string) (map[string]string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(content)) {
		match := sumsLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if match == nil {
			return nil, fmt.Errorf("%s has the line %q, want a hash, two spaces, and a name", filepath.Base(file), line)
		}
		if _, ok := sums[match[2]]; ok {
			return nil, fmt.Errorf("%s lists %s twice", filepath.Base(file), match[2])
		}
		sums[match[2]] = match[1]
	}
	return sums, nil
}

// verifySums checks that each file in sums exists in dir and has the listed hash.
func verifySums(dir string, sums map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		hash := sha256.Sum256(content)
		if got := hex.EncodeToString(hash[:]); got != sums[name] {
			return fmt.Errorf("%s has the hash %s, want %s", name, got, sums[name])
		}
	}
	return nil
}
