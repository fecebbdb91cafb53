package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// install builds the provider into a mirror, and gives the CLI configuration that
// installs from there. It skips the test where acceptance tests are not wanted.
func install(t *testing.T) string {
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

func newWorkspace(t *testing.T, cliConfiguration, config string, environment ...string) workspace {
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

// run runs the CLI, and gives its output and exit code.
func (w workspace) run(t *testing.T, arguments ...string) (string, int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), w.cli, arguments...)
	command.Dir = w.folder
	command.Env = append(os.Environ(), w.environment...)
	out, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), command.ProcessState.ExitCode()
}

// contents gives all that stands in the folder by the files' names, what is
// packed in plan files included.
func (w workspace) contents(t *testing.T) map[string][]byte {
	t.Helper()
	contents := map[string][]byte{}
	err := filepath.WalkDir(w.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := entry.Name()
		contents[name] = text
		packed, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
		if errors.Is(err, zip.ErrFormat) {
			return nil // It is no plan file.
		}
		if err != nil {
			return err
		}
		for _, file := range packed.File {
			reader, err := file.Open()
			if err != nil {
				return err
			}
			if contents[name+"/"+file.Name], err = io.ReadAll(reader); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

const readSample = `
terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}

data "fusebill_customer_overview" "x" {
  customer_id = 650084
}

output "whole" {
  value = data.fusebill_customer_overview.x
}
`

// The key is in no output, log, state or plan file, not even where everything is
// traced and the server sends it back.
func TestAccKeyLeavesNoTrace(t *testing.T) {
	t.Parallel()
	installation := install(t)
	secret := "simulated-secret?>" // Encoded it has a plus, a slash or an equals sign, which some escape.
	key := base64.StdEncoding.EncodeToString([]byte("0:" + secret))
	echo := func(status int, format string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, format, r.Header.Get("Authorization"))
		})
	}
	for name, test := range map[string]struct {
		handler http.Handler
		exit    int
		output  string
	}{
		"a good read":           {nil, 0, "9934643454"},
		"an error that echoes":  {echo(401, `{"Errors": [{"Key": "Api Error", "Value": "Key %s is unknown."}]}`), 1, "Key Basic *** is unknown."},
		"a page that echoes":    {echo(502, `<html>%s</html>`), 1, "<html>Basic ***</html>"},
		"a body that echoes":    {echo(200, `{"id": 650084, "status": [%q]}`), 1, `["Basic ***"]`},
		"a redirect that leaks": {http.RedirectHandler("https://login.example.com/?key="+url.QueryEscape(key), http.StatusFound), 1, "login.example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Key: key})
			if test.handler != nil {
				api.Fail(fusebilltest.SampleID, fusebilltest.Always, test.handler)
			}
			server := httptest.NewServer(api)
			t.Cleanup(server.Close)
			w := newWorkspace(t, installation, readSample, "FUSEBILL_API_KEY="+key, "FUSEBILL_BASE_URL="+server.URL, "TF_LOG=trace", "TF_LOG_PATH=trace.log")

			outputs := map[string]string{}
			exits := map[string]int{}
			for _, arguments := range [][]string{
				{"init", "-no-color"},
				{"plan", "-no-color", "-out=plan.tfplan"},
				{"show", "-no-color", "-json", "plan.tfplan"},
				{"apply", "-no-color", "-auto-approve"},
				{"show", "-no-color", "-json"},
			} {
				command := strings.Join(arguments, " ")
				outputs[command], exits[command] = w.run(t, arguments...)
			}
			const apply = "apply -no-color -auto-approve"
			if plain := strings.Join(strings.Fields(strings.ReplaceAll(outputs[apply], "│", "")), " "); exits[apply] != test.exit || !strings.Contains(plain, test.output) {
				t.Errorf("apply exits %d, want %d and the output %q:\n%s", exits[apply], test.exit, test.output, outputs[apply])
			}

			contents := w.contents(t)
			for command, output := range outputs {
				contents["output of "+command] = []byte(output)
			}
			if log := contents["trace.log"]; !bytes.Contains(log, []byte("Fusebill answered")) {
				t.Errorf("the trace of %d bytes has no line of the request", len(log))
			}
			if _, ok := contents["plan.tfplan/tfplan"]; !ok {
				t.Error("there is no plan file, or it could not be unpacked")
			}
			for name, text := range contents {
				for _, form := range []string{key, secret, url.QueryEscape(key), url.PathEscape(key)} {
					if bytes.Contains(text, []byte(form)) {
						t.Errorf("%s holds %q", name, form)
					}
				}
			}
		})
	}
}
