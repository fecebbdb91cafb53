// SPDX-License-Identifier: MPL-2.0

package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// checkArchives checks the content of each archive.
func (r *release) checkArchives(context.Context) (string, error) {
	count := 0
	for _, name := range slices.Sorted(maps.Keys(r.sums)) {
		if platform, ok := r.platform(name, ".zip"); ok {
			if err := r.checkArchive(name, platform); err != nil {
				return "", fmt.Errorf("%s: %w", name, err)
			}
			count++
		}
	}
	return fmt.Sprintf("%d, each with the executable %s for its platform", count, r.binary("linux")), nil
}

// checkArchive checks that an archive holds the license and one executable, which has the
// name that Terraform looks for and is built for the platform in the archive's name.
func (r *release) checkArchive(name, platform string) error {
	archive, err := readArchive(filepath.Join(r.dir, name))
	if err != nil {
		return err
	}
	goos, _, _ := strings.Cut(platform, "_")
	var binary *zip.File
	for _, f := range archive.File {
		switch {
		case f.Name == "LICENSE" && f.Mode().IsRegular():
		case f.Name == r.binary(goos) && binary == nil:
			binary = f
		default:
			return fmt.Errorf("holds %s, want %s and LICENSE only", f.Name, r.binary(goos))
		}
	}
	if binary == nil {
		return fmt.Errorf("does not hold %s", r.binary(goos))
	}
	if mode := binary.Mode(); !mode.IsRegular() || mode&0o111 != 0o111 {
		return fmt.Errorf("%s has the mode %s, want an executable file", binary.Name, mode)
	}
	content, err := readEntry(binary)
	if err != nil {
		return err
	}
	info, err := buildinfo.Read(bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("%s: %w", binary.Name, err)
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if built := settings["GOOS"] + "_" + settings["GOARCH"]; built != platform {
		return fmt.Errorf("%s is built for %s, want %s", binary.Name, built, platform)
	}
	return nil
}

// checkBinary starts the binary for this machine, and checks its version and that it
// serves the protocols that the manifest lists.
func (r *release) checkBinary(ctx context.Context) (string, error) {
	binary, err := r.extractBinary()
	if err != nil {
		return "", err
	}
	out, err := exec.CommandContext(ctx, binary, "-version").Output()
	if err != nil {
		return "", fmt.Errorf("%s -version: %w", filepath.Base(binary), err)
	}
	address, version, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if version != r.version {
		return "", fmt.Errorf("prints version %q, want %q", version, r.version)
	}
	if parts := strings.Split(address, "/"); len(parts) != 3 || "terraform-provider-"+parts[2] != project {
		return "", fmt.Errorf("prints the address %q, which does not belong to %s", address, project)
	}
	r.address = address

	served, err := servedProtocols(ctx, binary)
	if err != nil {
		return "", err
	}
	var listed []string
	for _, protocol := range r.protocols {
		major, _, _ := strings.Cut(protocol, ".")
		listed = append(listed, major)
	}
	if !slices.Equal(slices.Compact(slices.Sorted(slices.Values(listed))), served) {
		return "", fmt.Errorf("serves protocol %s, and the manifest lists %s", strings.Join(served, ", "), strings.Join(r.protocols, ", "))
	}
	return fmt.Sprintf("starts as %s %s and serves protocol %s, as the manifest lists", address, version, strings.Join(served, ", ")), nil
}

// binary returns the name of the executable in an archive.
func (r *release) binary(goos string) string {
	name := project + "_v" + r.version
	if goos == "windows" {
		name += ".exe"
	}
	return name
}

// extractBinary extracts the executable for this machine.
func (r *release) extractBinary() (string, error) {
	archive, err := readArchive(r.file(hostPlatform() + ".zip"))
	if err != nil {
		return "", err
	}
	for _, f := range archive.File {
		if f.Name != r.binary(runtime.GOOS) {
			continue
		}
		content, err := readEntry(f)
		if err != nil {
			return "", err
		}
		file := filepath.Join(r.work, f.Name)
		// A process that starts meanwhile would inherit the open file, which then cannot run:
		// https://github.com/golang/go/issues/22315.
		syscall.ForkLock.RLock()
		defer syscall.ForkLock.RUnlock()
		return file, os.WriteFile(file, content, f.Mode())
	}
	return "", fmt.Errorf("the release has no binary for %s", hostPlatform())
}

// servedProtocols returns the major versions of Terraform's plugin protocol that the binary
// serves. A plugin prints the version that it chose from those that the CLI offers, and
// falls back to one of its own if it serves none of them.
// https://github.com/hashicorp/go-plugin/blob/main/docs/internals.md
func servedProtocols(ctx context.Context, binary string) ([]string, error) {
	var served []string
	for offer := 4; offer <= 9; offer++ {
		version := strconv.Itoa(offer)
		chosen, err := chosenProtocol(ctx, binary, version)
		if err != nil {
			return nil, err
		}
		if chosen == version {
			served = append(served, version)
		}
	}
	return served, nil
}

func chosenProtocol(ctx context.Context, binary, offer string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary)
	cmd.Env = append(os.Environ(),
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		"PLUGIN_PROTOCOL_VERSIONS="+offer,
	)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	cancel()
	_ = cmd.Wait() // It is killed, so it always reports an error.
	if err != nil {
		return "", fmt.Errorf("the binary does not start as a plugin: %w", err)
	}
	fields := strings.Split(line, "|")
	if len(fields) < 5 {
		return "", fmt.Errorf("the binary does not start as a plugin: it prints %q", line)
	}
	return fields[1], nil
}

func readArchive(file string) (*zip.Reader, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(content), int64(len(content)))
}

func readEntry(f *zip.File) ([]byte, error) {
	entry, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = entry.Close() }()
	return io.ReadAll(entry)
}

func hostPlatform() string { return runtime.GOOS + "_" + runtime.GOARCH }
