// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// BenchmarkPlan plans with the CLI, against an API with 50 ms of latency. It reports the requests and
// the connections of a plan, and the maximum memory of the provider. The stub provider is the floor: its
// time and memory are those of the CLI and the plugin framework.
func BenchmarkPlan(b *testing.B) {
	const (
		forEach = "for_each    = toset([for id in local.ids : tostring(id)])\n  customer_id = each.key"
		plural  = "customer_ids = local.ids"
		list    = "ids = local.ids"
	)
	installed := installMeasured(b)
	for _, test := range []struct {
		name, dataSource, arguments, program string
		sizes                                []int
	}{
		{"overview-for-each", "fusebill_customer_overview", forEach, installed.provider, []int{1, 100, 1000}},
		{"overviews", "fusebill_customer_overviews", plural, installed.provider, []int{1, 100, 1000, 5000, 10_000}},
		{"overviews-stub", "fusebill_customer_overviews", plural, installed.stub, []int{1, 100, 1000, 5000, 10_000}},
		{"statuses", "fusebill_customer_statuses", plural, installed.provider, []int{1, 100, 1000, 5000, 10_000}},
		{"statuses-stub", "fusebill_customer_statuses", plural, installed.stub, []int{1, 100, 1000, 5000, 10_000}},
		{"customers", "fusebill_customers", list, installed.provider, []int{1000, 10_000}},
		{"customers-stub", "fusebill_customers", list, installed.stub, []int{1000, 10_000}},
	} {
		for _, n := range test.sizes {
			b.Run(fmt.Sprintf("%s/n=%d", test.name, n), func(b *testing.B) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: int64(n), Latency: 50 * time.Millisecond})
				var connections atomic.Int64
				server := httptest.NewUnstartedServer(api)
				server.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
					connections.Add(1)
					return ctx
				}
				server.Start()
				b.Cleanup(server.Close)
				w := newWorkspace(b, installed, fmt.Sprintf(`
locals {
  ids = jsondecode(file("ids.json"))
}

data "%s" "x" {
  %s
}
`, test.dataSource, test.arguments), n)
				w.environment = append(w.environment, "FUSEBILL_BASE_URL="+server.URL, "FUSEBILL_API_KEY="+fusebilltest.Key,
					"FUSEBILL_MEASURE_PROGRAM="+test.program)
				w.run(b, "init", "-input=false")
				for b.Loop() {
					w.run(b, "plan", "-input=false")
				}
				b.ReportMetric(float64(api.Stats().Requests)/float64(b.N), "requests/op")
				b.ReportMetric(float64(connections.Load())/float64(b.N), "connections/op")
				b.ReportMetric(float64(w.maxMemory(b)>>20), "MiB-peak")
			})
		}
	}
}

// measured is an installation in which measure runs the provider or the stub provider.
type measured struct {
	cli, cliConfig, provider, stub string
}

func installMeasured(b *testing.B) measured {
	b.Helper()
	programs := build(b)
	directory := b.TempDir()
	m := measured{cli: programs.cli.path, cliConfig: filepath.Join(directory, "cli.tfrc"), stub: filepath.Join(directory, "stub")}
	measure := filepath.Join(directory, "measure")
	for path, program := range map[string]string{m.stub: "stubprovider", measure: "measure"} {
		if err := runIn(root, "go", "build", "-trimpath", "-o", path, "./internal/acceptance/"+program); err != nil {
			b.Fatal(err)
		}
	}
	if err := runIn(root, "scripts/mirror.sh", directory); err != nil {
		b.Fatal(err)
	}
	m.provider = filepath.Join(directory, "provider")
	err := filepath.WalkDir(filepath.Join(directory, "mirror"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasPrefix(entry.Name(), "terraform-provider-") {
			return err
		}
		// The file has a name for each registry. Renaming one of them to another would do nothing.
		if err := os.RemoveAll(m.provider); err != nil {
			return err
		}
		if err := os.Rename(path, m.provider); err != nil {
			return err
		}
		return os.Symlink(measure, path)
	})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// workspace is a directory with a configuration.
type workspace struct {
	directory, cli string
	environment    []string
}

func newWorkspace(b *testing.B, installed measured, configuration string, n int) workspace {
	b.Helper()
	w := workspace{directory: b.TempDir(), cli: installed.cli}
	// Without TF_LOG_SDK, the stub would log each step of each attribute, which the CLI discards.
	w.environment = append(os.Environ(), "TF_CLI_CONFIG_FILE="+installed.cliConfig, "TF_LOG_SDK=off", "TF_LOG_PROVIDER_FUSEBILL=off",
		"FUSEBILL_MEASURE_FILE="+w.measureFile())
	for _, err := range []error{
		writeVersions(w.directory),
		writeIDs(filepath.Join(w.directory, "ids.json"), n),
		os.WriteFile(filepath.Join(w.directory, "main.tf"), []byte(configuration), 0o600),
	} {
		if err != nil {
			b.Fatal(err)
		}
	}
	return w
}

func (w workspace) run(b *testing.B, arguments ...string) {
	b.Helper()
	command := exec.CommandContext(b.Context(), w.cli, arguments...)
	command.Dir, command.Env = w.directory, w.environment
	if output, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", command, err, output)
	}
}

func (w workspace) measureFile() string { return filepath.Join(w.directory, "memory.txt") }

// maxMemory returns the maximum memory of a provider in bytes.
func (w workspace) maxMemory(b *testing.B) (maximum int64) {
	b.Helper()
	for line := range strings.Lines(readFile(b, w.measureFile())) {
		var memory int64
		if _, err := fmt.Sscan(line, &memory); err != nil {
			b.Fatal(err)
		}
		maximum = max(maximum, memory)
	}
	return maximum
}
