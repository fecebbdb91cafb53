// SPDX-License-Identifier: MPL-2.0

// Command releasecheck checks the files of a release as the Terraform and OpenTofu
// registries do, before they are uploaded.
//
//	releasecheck -version 1.2.3 -key public.asc [-cli terraform]... FOLDER
//
// It prints each check and exits with status 1 if one fails. For each -cli it installs
// the release and reads a customer, from the API that the environment variables of the
// provider name.
//
// The rules are those of https://developer.hashicorp.com/terraform/registry/providers/publishing
// and https://github.com/opentofu/registry.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
)

const project = "terraform-provider-fusebill"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "releasecheck:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	r := release{platforms: recommendedPlatforms}
	flags := flag.NewFlagSet("releasecheck", flag.ContinueOnError)
	flags.StringVar(&r.version, "version", "", "version of the release, without v")
	flags.StringVar(&r.key, "key", "", "`file` with the public signing key, ASCII-armored")
	flags.Func("cli", "`command` of a CLI to install the release with; repeatable", func(cli string) error {
		file, err := exec.LookPath(cli)
		if err != nil {
			return err
		}
		file, err = filepath.Abs(file) // It runs in other folders.
		r.clis = append(r.clis, file)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || r.version == "" || r.key == "" {
		return errors.New("-version, -key, and the folder of the release are required")
	}
	dir, err := filepath.Abs(flags.Arg(0))
	if err != nil {
		return err
	}
	r.dir = dir
	return r.check(ctx, out)
}

// A release is a folder with the files of one version.
type release struct {
	dir       string
	version   string
	key       string
	clis      []string
	platforms []string // Platforms is the list of required platforms.

	work      string            // Work is a temporary folder.
	sums      map[string]string // Sums maps file names to SHA-256 hashes, from SHA256SUMS.
	protocols []string          // Protocols is the list of protocol versions in the manifest.
	address   string            // Address is the address that the binary prints.
}

// check runs all checks in order and prints one line for each. It stops at the first failure,
// since later checks rely on the results of earlier ones.
func (r *release) check(ctx context.Context, out io.Writer) error {
	work, err := os.MkdirTemp("", "releasecheck")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	r.work = work
	passed := log.New(out, "ok  ", 0)
	for _, c := range []struct {
		name string
		run  func(context.Context) (string, error)
	}{
		{"version", r.checkVersion},
		{"checksums", r.checkSums},
		{"signature", r.checkSignature},
		{"SBOMs", r.checkSBOMs},
		{"release assets", r.checkAssets},
		{"manifest", r.checkManifest},
		{"archives", r.checkArchives},
		{"binary", r.checkBinary},
	} {
		found, err := c.run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		passed.Printf("%s: %s", c.name, found)
	}
	for _, cli := range r.clis {
		found, err := r.checkInstall(ctx, cli)
		if err != nil {
			return fmt.Errorf("install with %s: %w", filepath.Base(cli), err)
		}
		for _, line := range found {
			passed.Printf("install with %s: %s", filepath.Base(cli), line)
		}
	}
	return nil
}

// file returns the path of the release asset with the given suffix.
func (r *release) file(suffix string) string {
	return filepath.Join(r.dir, r.name(suffix))
}

// name returns the name of the release asset with the given suffix.
func (r *release) name(suffix string) string {
	return project + "_" + r.version + "_" + suffix
}

// platform returns the OS_ARCH part of the name of an archive, and whether the name is
// that of an archive of this release.
func (r *release) platform(name, extension string) (string, bool) {
	platform, ok := strings.CutPrefix(name, r.name(""))
	if !ok {
		return "", false
	}
	platform, ok = strings.CutSuffix(platform, extension)
	return platform, ok && platformName.MatchString(platform)
}
