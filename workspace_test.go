// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// install builds the provider into a mirror, and gives the CLI configuration that
// installs from there. It skips the test where acceptance tests are not wanted.
func install(t testing.TB) string {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run only where TF_ACC is set")
	}
	folder := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "scripts/mirror.sh", folder).CombinedOutput(); err != nil {
		t.Fatalf("the provider could not be built: %s\n%s", err, out)
	}
	return filepath.Join(folder, "cli.tfrc")
}

// workspace is a folder with a configuration, and a CLI that installs the built
// provider as a user's would.
type workspace struct {
	folder, cli string
	environment []string
}

func newWorkspace(t testing.TB, cliConfiguration, config string, environment ...string) workspace {
	t.Helper()
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if cli == "" {
		cli = "terraform"
	}
	w := workspace{folder: t.TempDir(), cli: cli, environment: append(environment, "TF_CLI_CONFIG_FILE="+cliConfiguration)}
	if err := os.WriteFile(filepath.Join(w.folder, "main.tf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return w
}

// command prepares a run of the CLI.
func (w workspace) command(t testing.TB, arguments ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), w.cli, arguments...)
	command.Dir = w.folder
	command.Env = append(os.Environ(), w.environment...)
	return command
}

// run runs the CLI, and gives its output and exit code.
func (w workspace) run(t testing.TB, arguments ...string) (string, int) {
	t.Helper()
	command := w.command(t, arguments...)
	out, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), command.ProcessState.ExitCode()
}

// apply is how a workspace's lifecycle applies.
const apply = "apply -no-color -auto-approve"

const requirement = `
terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}
`

// snippet is a fenced block of a document.
type snippet struct {
	language, text string
}

func snippets(t *testing.T, document string) []snippet {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	var all []snippet
	for _, match := range regexp.MustCompile("(?s)```(\\w+)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		all = append(all, snippet{match[1], strings.TrimSpace(match[2])})
	}
	return all
}

// plain gives a CLI's output as running text, without frames and line breaks.
func plain(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(output)), " ")
}
