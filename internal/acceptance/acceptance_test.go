// SPDX-License-Identifier: MPL-2.0

// Package acceptance_test runs the built provider with Terraform or OpenTofu. Each script in
// testdata/script shows one behavior: a configuration, commands, and what they print.
//
// The scripts are in the format of [testscript], with these additional commands:
//
//	fusebillsim [flags]
//		Start the simulated API with the flags of cmd/fusebillsim, and set
//		FUSEBILL_BASE_URL, FUSEBILL_API_KEY, and FUSEBILL_HOST. It serves until the
//		script ends.
//	[!] tf [-exit=N] [-within=D] [-interrupt=FILE] command [arguments]
//		Run the CLI. The exit code must be 0, or 1 with !, or N. See [tf].
//	[!] search pattern [path ...]
//	[!] search key [path ...]
//	[!] search values FILE [path ...]
//		Search the files of the script, and the contents of saved plans. See [search].
//	example DIRECTORY
//		Copy a directory below examples to the current directory.
//	showcase DOCUMENT
//		Write the configuration in a document of the repository to main.tf.
//	respond STATUS
//		Start a server that responds to every request with the status code, and set
//		SERVER_HOST.
//	closedport
//		Set CLOSED_HOST to a loopback address at which nothing listens.
//	customerids N
//		Write ids.json, a list of the IDs from 1 to N.
//
// DATA is the directory of the files that several scripts copy.
//
// The conditions [ephemeral], [mocks], and [ipv6] hold if the CLI has ephemeral resources or can
// mock providers, and if the machine has an IPv6 loopback address.
//
// The tests run only if TF_ACC is set. TF_ACC_TERRAFORM_PATH is the CLI, by default
// terraform.
package acceptance_test

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/rogpeppe/go-internal/testscript"
)

// root is the root of the repository.
var root = func() string {
	directory, err := filepath.Abs("../..")
	if err != nil {
		panic(err) // The working directory is known.
	}
	return directory
}()

func TestMain(m *testing.M) {
	testscript.Main(cleaner{m}, map[string]func(){runnerCommand: runCLI})
}

// cleaner removes the built programs after the tests.
type cleaner struct{ *testing.M }

func (c cleaner) Run() int {
	code := c.M.Run()
	if built != "" {
		_ = os.RemoveAll(built) // The exit code is that of the tests.
	}
	return code
}

func TestAccScripts(t *testing.T) {
	t.Parallel()
	programs := build(t)
	deadline, _ := t.Deadline()
	testscript.RunT(quietT{t}, testscript.Params{
		Deadline:           deadline,
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars,
				"HOME="+env.WorkDir,
				"DATA="+filepath.Join(root, "internal/acceptance/testdata"),
				"CHECKPOINT_DISABLE=1",
				"TF_IN_AUTOMATION=1",
				"TF_CLI_CONFIG_FILE="+programs.cliConfig,
				cliVariable+"="+programs.cli.path,
			)
			return writeVersions(env.WorkDir)
		},
		Condition: programs.condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"fusebillsim": programs.fusebillsim,
			"tf":          tf,
			"search":      search,
			"example":     example,
			"showcase":    showcase,
			"respond":     respond,
			"closedport":  closedPort,
			"customerids": customerIDs,
		},
	})
}

// quietT is a test that logs a script only if it fails, also if tests are verbose.
type quietT struct{ *testing.T }

func (t quietT) Run(name string, f func(testscript.T)) {
	t.T.Run(name, func(t *testing.T) { f(quietT{t}) })
}

func (quietT) Verbose() bool { return false }

// versionsFile is a file in the working directory of each script. It requires the provider.
const versionsFile = "versions.tf"

func writeVersions(directory string) error {
	path := filepath.Join(directory, versionsFile)
	if _, err := os.Stat(path); err == nil {
		return nil // The script has its own.
	}
	return os.WriteFile(path, []byte(`terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}
`), 0o600)
}

// programs are the programs that the scripts run.
type programs struct {
	cli cli
	// cliConfig is the CLI configuration that installs the built provider from a mirror.
	cliConfig string
	// simulator is the path of the built cmd/fusebillsim.
	simulator string
}

// built is the directory of the built programs.
var built string

// build builds the programs, once for all tests. It skips the test if acceptance tests are not
// enabled.
func build(t testing.TB) programs {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set")
	}
	p, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var buildOnce = sync.OnceValues(func() (p programs, err error) {
	if built, err = os.MkdirTemp("", "acceptance"); err != nil {
		return p, err
	}
	p = programs{cliConfig: filepath.Join(built, "cli.tfrc"), simulator: filepath.Join(built, "fusebillsim")}
	if err := runIn(root, "scripts/mirror.sh", built); err != nil {
		return p, err
	}
	if err := runIn(root, "go", "build", "-o", p.simulator, "./cmd/fusebillsim"); err != nil {
		return p, err
	}
	p.cli, err = findCLI()
	return p, err
})

// runIn runs a command in a directory. The error has its output.
func runIn(directory, name string, arguments ...string) error {
	command := exec.CommandContext(context.Background(), name, arguments...)
	command.Dir = directory
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, output)
	}
	return nil
}

// cli is the CLI that the scripts run.
type cli struct {
	path       string
	version    *version.Version
	isOpenTofu bool
}

func findCLI() (c cli, err error) {
	if c.path, err = exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")); err != nil {
		return c, err
	}
	text, err := exec.CommandContext(context.Background(), c.path, "version").Output()
	if err != nil {
		return c, fmt.Errorf("%s version: %w", c.path, err)
	}
	match := versionLine.FindSubmatch(text)
	if match == nil {
		return c, fmt.Errorf("%s version: %s", c.path, text)
	}
	c.isOpenTofu = string(match[1]) == "OpenTofu"
	c.version, err = version.NewVersion(string(match[2]))
	return c, err
}

// versionLine is the line with the version, which can follow warnings.
var versionLine = regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v(\S+)$`)

// since reports whether the version is at least that of Terraform or of OpenTofu.
func (c cli) since(terraform, openTofu string) bool {
	minimum := terraform
	if c.isOpenTofu {
		minimum = openTofu
	}
	return c.version.GreaterThanOrEqual(version.Must(version.NewVersion(minimum)))
}

func (p programs) condition(name string) (bool, error) {
	switch name {
	case "ephemeral":
		return p.cli.since("1.10.0", "1.11.0"), nil
	case "mocks":
		return p.cli.since("1.7.0", "1.8.0"), nil
	case "ipv6":
		listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "[::1]:0")
		if err == nil {
			err = listener.Close()
		}
		return err == nil, nil // An error means that there is no address.
	default:
		return false, fmt.Errorf("unknown condition %q", name)
	}
}
