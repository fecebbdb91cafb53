// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/provider"
)

// runVariable is an environment variable that makes the test binary the provider.
const runVariable = "FUSEBILL_TEST_RUN_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(runVariable) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program returns the command that runs this program.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, executable, args...)
	command.Env = append(os.Environ(), runVariable+"=1")
	return command
}

func TestVersionFlag(t *testing.T) {
	t.Parallel()
	command := program(t, "-version")
	output, err := command.Output()
	if want := provider.Address + " 0.0.1-dev\n"; err != nil || string(output) != want {
		t.Errorf("-version prints %q and ends with %v, want %q", output, err, want)
	}
}

// TestServe asserts that the program reports a start without Terraform.
func TestServe(t *testing.T) {
	t.Parallel()
	command := program(t)
	output, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "This binary is a plugin") {
		t.Errorf("the program prints %q and ends with %v, want an error about a plugin", output, err)
	}
}

// TestDebugFlag asserts that the program serves for a debugger until an interrupt, with the provider's address and
// version 6 of the protocol.
func TestDebugFlag(t *testing.T) {
	t.Parallel()
	command := program(t, "-debug")
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	var line string
	for lines := bufio.NewScanner(stdout); lines.Scan() && !strings.Contains(line, "TF_REATTACH_PROVIDERS="); {
		line = lines.Text()
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("after an interrupt, the program ends with %v", err)
	}
	for _, want := range []string{"TF_REATTACH_PROVIDERS=", `{"` + provider.Address + `":`, `"ProtocolVersion":6`} {
		if !strings.Contains(line, want) {
			t.Errorf("-debug prints %q, want %s", line, want)
		}
	}
}

// TestLimitLogLevels asserts that TF_LOG_PROVIDER precedes TF_LOG, and that an environment
// variable that is set remains.
func TestLimitLogLevels(t *testing.T) {
	for name, test := range map[string]struct {
		environment   map[string]string
		sdk, fusebill string
	}{
		"none":           {nil, "off", "off"},
		"log":            {map[string]string{"TF_LOG": "debug"}, "debug", "debug"},
		"provider":       {map[string]string{"TF_LOG_PROVIDER": "info"}, "info", "info"},
		"both":           {map[string]string{"TF_LOG": "trace", "TF_LOG_PROVIDER": "info"}, "info", "info"},
		"core":           {map[string]string{"TF_LOG_CORE": "trace"}, "off", "off"},
		"sdk_remains":    {map[string]string{"TF_LOG": "debug", "TF_LOG_SDK": "warn"}, "warn", "debug"},
		"client_remains": {map[string]string{"TF_LOG_PROVIDER_FUSEBILL": "trace"}, "off", "trace"},
		"json":           {map[string]string{"TF_LOG": "json"}, "json", "json"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"TF_LOG", "TF_LOG_CORE", "TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_PROVIDER_FUSEBILL"} {
				t.Setenv(variable, test.environment[variable])
			}
			limitLogLevels()
			if sdk, fusebill := os.Getenv("TF_LOG_SDK"), os.Getenv("TF_LOG_PROVIDER_FUSEBILL"); sdk != test.sdk || fusebill != test.fusebill {
				t.Errorf("TF_LOG_SDK = %q and TF_LOG_PROVIDER_FUSEBILL = %q, want %q and %q", sdk, fusebill, test.sdk, test.fusebill)
			}
		})
	}
}
