// SPDX-License-Identifier: MPL-2.0

package main

import (
	"archive/zip"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// registries is the list of hosts that the CLIs install from by default.
var registries = []string{"registry.terraform.io", "registry.opentofu.org"}

var lockHash = regexp.MustCompile(`"((?:h1|zh):[^"]+)"`)

// checkInstall installs the release with a CLI into empty folders, from a filesystem mirror
// and from a registry, and reads a customer each time.
func (r *release) checkInstall(ctx context.Context, cli string) ([]string, error) {
	work, err := os.MkdirTemp(r.work, "install")
	if err != nil {
		return nil, err
	}
	mirror, err := r.writeMirror(work)
	if err != nil {
		return nil, err
	}
	fromMirror := &installation{release: r, cli: cli, folder: filepath.Join(work, "from-mirror")}
	if err := fromMirror.run(ctx, fmt.Sprintf("filesystem_mirror {\n    path = %q\n  }", mirror), ""); err != nil {
		return nil, fmt.Errorf("from a filesystem mirror: %w", err)
	}
	if err := fromMirror.checkMirrorLock(ctx, mirror); err != nil {
		return nil, fmt.Errorf("from a filesystem mirror: %w", err)
	}

	handler, err := r.registry()
	if err != nil {
		return nil, err
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	var hosts strings.Builder
	for _, host := range registries {
		fmt.Fprintf(&hosts, "host %q {\n  services = {\n    \"providers.v1\" = %q\n  }\n}\n", host, server.URL+"/v1/providers/")
	}
	fromRegistry := &installation{release: r, cli: cli, folder: filepath.Join(work, "from-registry")}
	if err := fromRegistry.run(ctx, "direct {}", hosts.String()); err != nil {
		return nil, fmt.Errorf("from a registry: %w", err)
	}
	if err := fromRegistry.checkRegistryLock(); err != nil {
		return nil, fmt.Errorf("from a registry: %w", err)
	}
	return []string{
		"from a filesystem mirror of the archives, reads a customer, and the lock file's hashes fit for every platform",
		"from a registry, with the signature verified, reads a customer, and the lock file's hashes fit",
	}, nil
}

// writeMirror copies the archives into a filesystem mirror in packed layout, and returns
// its folder.
func (r *release) writeMirror(work string) (string, error) {
	mirror := filepath.Join(work, "mirror")
	_, provider, _ := strings.Cut(r.address, "/")
	for _, host := range registries {
		dir := filepath.Join(mirror, host, filepath.FromSlash(provider))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", err
		}
		for name := range r.sums {
			if _, ok := r.platform(name, ".zip"); !ok {
				continue
			}
			content, err := os.ReadFile(filepath.Join(r.dir, name))
			if err != nil {
				return "", err
			}
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
				return "", err
			}
		}
	}
	return mirror, nil
}

// An installation is a folder with a configuration that uses the provider.
type installation struct {
	*release

	cli    string
	folder string
}

// run writes the configuration and a CLI configuration, installs the provider, and reads a
// customer.
func (i *installation) run(ctx context.Context, method, hosts string) error {
	if err := os.Mkdir(i.folder, 0o755); err != nil {
		return err
	}
	_, provider, _ := strings.Cut(i.address, "/")
	configuration := fmt.Sprintf(`terraform {
  required_providers {
    fusebill = {
      source  = %q
      version = %q
    }
  }
}

data "fusebill_customer_status" "this" {
  customer_id = 650084
}

output "status" {
  value = data.fusebill_customer_status.this.status
}
`, provider, i.version)
	if err := os.WriteFile(filepath.Join(i.folder, "main.tf"), []byte(configuration), 0o644); err != nil {
		return err
	}
	cliConfiguration := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  %s\n}\n%s", method, hosts)
	if err := os.WriteFile(i.cliConfigFile(), []byte(cliConfiguration), 0o644); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"init", "-input=false"},
		{"apply", "-input=false", "-auto-approve"},
	} {
		if _, err := i.command(ctx, args...); err != nil {
			return err
		}
	}
	status, err := i.command(ctx, "output", "-raw", "status")
	if err != nil {
		return err
	}
	if !slices.Contains([]string{"Draft", "Active", "Hold", "Suspended", "Cancelled"}, status) {
		return fmt.Errorf("read a customer with the status %q", status)
	}
	return nil
}

// command runs the CLI without the settings of the caller's environment.
func (i *installation) command(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, i.cli, args...)
	cmd.Dir = i.folder
	cmd.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "TF_") || strings.HasPrefix(variable, "OPENTOFU_")
	})
	cmd.Env = append(cmd.Env,
		"TF_CLI_CONFIG_FILE="+i.cliConfigFile(),
		"TF_CLI_ARGS=-no-color",
		"TF_IN_AUTOMATION=1",
		"OPENTOFU_ENFORCE_GPG_VALIDATION=true", // By default OpenTofu accepts what it cannot verify.
	)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(i.cli), args[0], err, &stdout, &stderr)
	}
	return stdout.String(), nil
}

func (i *installation) cliConfigFile() string { return i.folder + ".tfrc" }

// checkMirrorLock checks the lock file after init, and again after the CLI has locked each
// platform from the mirror.
func (i *installation) checkMirrorLock(ctx context.Context, mirror string) error {
	want := map[string]string{}
	args := []string{"providers", "lock", "-fs-mirror=" + mirror}
	for name := range i.sums {
		platform, ok := i.platform(name, ".zip")
		if !ok {
			continue
		}
		hash, err := packageHash(filepath.Join(i.dir, name))
		if err != nil {
			return err
		}
		want[platform] = hash
		args = append(args, "-platform="+platform)
	}
	if err := i.compareLock("h1:", []string{want[hostPlatform()]}); err != nil {
		return err
	}
	if _, err := i.command(ctx, args...); err != nil {
		return err
	}
	var all []string
	for _, hash := range want {
		all = append(all, hash)
	}
	return i.compareLock("h1:", all)
}

// checkRegistryLock checks that the lock file has the hash of the package for this machine and
// those in SHA256SUMS, which the CLI records if the signature is valid.
func (i *installation) checkRegistryLock() error {
	hash, err := packageHash(i.file(hostPlatform() + ".zip"))
	if err != nil {
		return err
	}
	if err := i.compareLock("h1:", []string{hash}); err != nil {
		return err
	}
	var signed []string
	for _, sum := range i.sums {
		signed = append(signed, "zh:"+sum)
	}
	return i.compareLock("zh:", signed)
}

// compareLock compares the hashes of one scheme in the lock file with the expected ones.
func (i *installation) compareLock(scheme string, want []string) error {
	lock, err := os.ReadFile(filepath.Join(i.folder, ".terraform.lock.hcl"))
	if err != nil {
		return err
	}
	var got []string
	for _, match := range lockHash.FindAllStringSubmatch(string(lock), -1) {
		if strings.HasPrefix(match[1], scheme) {
			got = append(got, match[1])
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return fmt.Errorf("the lock file has the hashes %q, want %q", got, want)
	}
	return nil
}

// packageHash returns the h1 hash of an archive.
// https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash#Hash1
func packageHash(file string) (string, error) {
	archive, err := readArchive(file)
	if err != nil {
		return "", err
	}
	slices.SortFunc(archive.File, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	var summary []byte
	for _, f := range archive.File {
		content, err := readEntry(f)
		if err != nil {
			return "", err
		}
		summary = fmt.Appendf(summary, "%x  %s\n", sha256.Sum256(content), f.Name)
	}
	hash := sha256.Sum256(summary)
	return "h1:" + base64.StdEncoding.EncodeToString(hash[:]), nil
}
