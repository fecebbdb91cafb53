package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
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

// start starts the CLI, whose output goes to the buffer until the command has ended.
func (w workspace) start(t testing.TB, arguments ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	var output bytes.Buffer
	command := w.command(t, arguments...)
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return command, &output
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

// peakMemory waits for a CLI to end, and gives the most memory, in bytes, that a
// provider of it has had. It is 0 where there is no /proc.
func peakMemory(command *exec.Cmd) (peak int64) {
	ended := make(chan struct{})
	go func() {
		_ = command.Wait() // The exit code is the caller's affair.
		close(ended)
	}()
	for {
		lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", command.Process.Pid)) // The pattern is a good one.
		for _, list := range lists {
			children, _ := os.ReadFile(list)
			for child := range strings.FieldsSeq(string(children)) {
				status, _ := os.ReadFile(filepath.Join("/proc", child, "status"))
				_, line, _ := strings.Cut(string(status), "VmHWM:")
				var kilobytes int64
				if _, err := fmt.Sscanf(line, "%d kB", &kilobytes); err == nil {
					peak = max(peak, kilobytes<<10)
				}
			}
		}
		select {
		case <-ended:
			return peak
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// contents gives all that stands in the folder by the files' names, what is
// packed in plan files included.
func (w workspace) contents(t testing.TB) map[string][]byte {
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
		name, err := filepath.Rel(w.folder, path)
		if err != nil {
			return err
		}
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

// apply is how a workspace's lifecycle applies.
const apply = "apply -no-color -auto-approve"

// lifecycle plans, shows and applies with everything traced. It gives the exit code
// of each command, and all that there is afterwards: the folder's contents, a plan
// file and the trace among them, and each command's output by the command.
func (w workspace) lifecycle(t *testing.T) (contents map[string][]byte, exits map[string]int) {
	t.Helper()
	w.environment = append(w.environment, "TF_LOG=trace", "TF_LOG_PATH=trace.log")
	outputs, exits := map[string]string{}, map[string]int{}
	for _, command := range []string{"init -no-color", "plan -no-color -out=plan.tfplan", "show -json plan.tfplan", apply, "show -json"} {
		outputs[command], exits[command] = w.run(t, strings.Fields(command)...)
	}
	contents = w.contents(t)
	if _, ok := contents["plan.tfplan/tfplan"]; !ok {
		t.Error("there is no plan file, or it could not be unpacked")
	}
	for command, output := range outputs {
		contents[command] = []byte(output)
	}
	return contents, exits
}

const requirement = `
terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}
`

const readSample = requirement + `
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
	secret := "~/test?>?>secret" // Encoded it has a plus and a slash, which some escape.
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
		"a good read":          {nil, 0, "9934643454"},
		"an error that echoes": {echo(401, `{"Errors": [{"Key": "Api Error", "Value": "Key %s is unknown."}]}`), 1, "Key Basic *** is unknown."},
		"a page that echoes":   {echo(502, `<html>%s</html>`), 1, "<html>Basic ***</html>"},
		"a body that echoes":   {echo(200, `{"id": 650084, "status": [%q]}`), 1, `["Basic ***"]`},
		"an error that decodes": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(401)
			_, _ = fmt.Fprintf(w, `{"HttpStatusCode": 401, "Errors": [{"Key": "Api Error", "Value": "0:%s is unknown."}]}`, secret)
		}), 1, "*** is unknown."},
		"a redirect that leaks": {http.RedirectHandler("https://login.example.com/?key="+url.QueryEscape(key), http.StatusFound), 1, "login.example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Key: key})
			if test.handler != nil {
				api.InjectFault(fusebilltest.SampleID, fusebilltest.Always, test.handler)
			}
			server := httptest.NewServer(api)
			t.Cleanup(server.Close)
			w := newWorkspace(t, installation, readSample, "FUSEBILL_API_KEY="+key, "FUSEBILL_BASE_URL="+server.URL, "FUSEBILL_MAX_RETRIES=0")
			contents, exits := w.lifecycle(t)
			if output := plain(string(contents[apply])); exits[apply] != test.exit || !strings.Contains(output, test.output) {
				t.Errorf("apply exits %d, want %d and the output %q:\n%s", exits[apply], test.exit, test.output, output)
			}
			for _, want := range []string{"Fusebill answered", "customer_id=650084", "attempt=1", "duration_ms="} {
				if log := contents["trace.log"]; !bytes.Contains(log, []byte(want)) {
					t.Errorf("the trace of %d bytes has no line with %q", len(log), want)
				}
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

// unmistakable gives values, each of which stands nowhere else, for all that a
// customer has and a status must not keep.
func unmistakable() map[string]any {
	values := map[string]any{}
	for name := range strings.FieldsSeq(`title firstName middleName lastName suffix primaryEmail primaryPhone secondaryEmail secondaryPhone
		companyName reference salesforceId netsuiteId geotabId digitalRiverId avalaraId parentName uri`) {
		values[name] = "unmistakable-" + name
	}
	for i, name := range strings.Fields(`quickbooksId hubSpotId hubSpotCompanyId sageIntacctId unknownPaymentActivityId`) {
		values[name] = 81726354000 + i
	}
	for i, name := range strings.Fields(`pendingCharges arBalance unallocatedPayments unallocatedCredits unallocatedOpeningBalance
		lifetimeValue monthlyRecurringRevenue netMonthlyRecurringRevenue`) {
		values[name] = json.Number(fmt.Sprintf("91827364%d.07", i)) // No float64, or a plan file would not have it as text.
	}
	return values
}

// A status keeps nothing personal and no money: not in the state, not in a plan
// file, and not in the log, even where everything is traced. Nor does the list, but for
// the account's own reference. An overview does, which shows that the test finds what
// there is.
func TestAccStatusKeepsNothingPersonal(t *testing.T) {
	t.Parallel()
	installation := install(t)
	all := slices.Collect(maps.Keys(unmistakable()))
	surface := func(name, argument string) string {
		return strings.NewReplacer("customer_overview", name, "customer_id = 650084", argument).Replace(readSample)
	}
	const withoutFinancials = "showCustomerFinancialsInCustomerOverview=false"
	for name, test := range map[string]struct {
		config string
		keeps  []string
		query  string // The request's.
	}{
		"customer_status":   {surface("customer_status", "customer_id = 650084"), nil, withoutFinancials},
		"customer_statuses": {surface("customer_statuses", "customer_ids = [650084]"), nil, withoutFinancials},
		"customers": {
			surface("customers", "ids = [650084]"), []string{"reference"},
			"pageNumber=0&pageSize=1000&query=id%3A650084&sortExpression=id&sortOrder=Ascending",
		},
		"customer_overview": {readSample, all, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			overview := fusebilltest.Sample()
			maps.Copy(overview, unmistakable())
			api := fusebilltest.New(fusebilltest.Options{})
			api.SetCustomer(fusebilltest.SampleID, overview)
			// The simulated API answers with zeros where financials are off; this one does not listen.
			queries := make(chan string, 10)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				queries <- r.URL.RawQuery
				r.URL.RawQuery = ""
				api.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			w := newWorkspace(t, installation, test.config, "FUSEBILL_API_KEY="+fusebilltest.Key, "FUSEBILL_BASE_URL="+server.URL)

			contents, exits := w.lifecycle(t)
			state := string(contents["terraform.tfstate"])
			if exits[apply] != 0 || !strings.Contains(state, "2019-11-06T14:19:01Z") {
				t.Fatalf("apply exits %d:\n%s", exits[apply], contents[apply])
			}
			for field, value := range unmistakable() {
				text := fmt.Sprint(value)
				keeps := slices.Contains(test.keeps, field)
				if keeps && !strings.Contains(state, text) {
					t.Errorf("the state does not hold the customer's %s, %s", field, text)
				}
				for name, content := range contents {
					if !keeps && bytes.Contains(content, []byte(text)) {
						t.Errorf("%s holds the customer's %s", name, field)
					}
				}
			}
			close(queries)
			for query := range queries {
				if query != test.query {
					t.Errorf("a request has the query %q, want %q", query, test.query)
				}
			}
		})
	}
}

// An ephemeral overview leaves nothing in the state, in plan files or in the log,
// although a provisioner gets its values.
func TestAccEphemeralLeavesNothing(t *testing.T) {
	t.Parallel()
	overview := fusebilltest.Sample()
	maps.Copy(overview, unmistakable())
	api := fusebilltest.New(fusebilltest.Options{})
	api.SetCustomer(fusebilltest.SampleID, overview)
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	delivered := filepath.Join(t.TempDir(), "delivered")
	w := newWorkspace(t, install(t), requirement+`
ephemeral "fusebill_customer_overview" "x" {
  customer_id = 650084
}

resource "terraform_data" "delivery" {
  provisioner "local-exec" {
    command = "printf '%s %s' \"$EMAIL\" \"$BALANCE\" >\"$DELIVERED\""
    environment = {
      EMAIL   = ephemeral.fusebill_customer_overview.x.primary_email
      BALANCE = ephemeral.fusebill_customer_overview.x.ar_balance
    }
  }
}
`, "FUSEBILL_API_KEY="+fusebilltest.Key, "FUSEBILL_BASE_URL="+server.URL, "DELIVERED="+delivered)
	if out, _ := w.run(t, "init", "-no-color"); strings.Contains(plain(out), `Blocks of type "ephemeral" are not expected`) {
		t.Skip("skipped: this CLI has no ephemeral resources, which came with Terraform 1.10 and OpenTofu 1.11")
	}

	contents, exits := w.lifecycle(t)
	got, _ := os.ReadFile(delivered)
	if want := "unmistakable-primaryEmail 918273641.07"; exits[apply] != 0 || string(got) != want {
		t.Fatalf("apply exits %d, and the provisioner got %q, want %q:\n%s", exits[apply], got, want, contents[apply])
	}
	for field, value := range unmistakable() {
		for name, content := range contents {
			if bytes.Contains(content, []byte(fmt.Sprint(value))) {
				t.Errorf("%s holds the customer's %s", name, field)
			}
		}
	}
}

// Every configuration of the guides runs as a user would run it, and gives what the
// guide says. The test fails for one that it has no case of.
func TestAccGuides(t *testing.T) {
	t.Parallel()
	installation := install(t)
	two := []string{"TF_VAR_customer_ids=[1,2]"}
	cases := map[string]struct {
		variables []string
		outputs   map[string]any
	}{
		"many-customers":          {two, map[string]any{"stacks": map[string]any{"1": "customer-1", "2": "customer-2"}}},
		"many-customers-for-each": {two, map[string]any{"statuses": map[string]any{"1": "Active", "2": "Active"}}},
		"many-customers-missing":  {[]string{"TF_VAR_customer_ids=[1,999]"}, map[string]any{"known": []any{"1"}}},
		"migrating-from-http":     {[]string{"TF_VAR_customer_ids=[1,7]"}, map[string]any{"active": []any{"1"}}},
		"off-boarding":            {[]string{"TF_VAR_customer_id=1"}, map[string]any{}},
		"rate-limits":             {nil, map[string]any{}},
		"security":                {[]string{"TF_VAR_fusebill_api_key=" + fusebilltest.Key, "FUSEBILL_API_KEY="}, map[string]any{}},
	}
	files, err := filepath.Glob("examples/guides/*/main.tf")
	if err != nil || len(files) != len(cases) {
		t.Errorf("there are %d configurations and %d cases", len(files), len(cases))
	}
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			guide, ok := cases[name]
			if !ok {
				t.Fatal("the configuration is run by no test")
			}
			server := httptest.NewServer(fusebilltest.New(fusebilltest.Options{Fleet: 20}))
			t.Cleanup(server.Close)
			configuration, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorkspace(t, installation, requirement+string(configuration),
				append([]string{"FUSEBILL_API_KEY=" + fusebilltest.Key, "FUSEBILL_BASE_URL=" + server.URL}, guide.variables...)...)
			for _, command := range []string{"init -no-color", apply} {
				out, exit := w.run(t, strings.Fields(command)...)
				if name == "security" && strings.Contains(plain(out), `argument named "ephemeral" is not expected`) {
					t.Skip("skipped: this CLI has no ephemeral variables, which came with Terraform 1.10 and OpenTofu 1.11")
				}
				if exit != 0 {
					t.Fatalf("%s exits %d:\n%s", command, exit, out)
				}
			}
			out, _ := w.run(t, "output", "-json")
			var outputs map[string]struct{ Value any }
			if err := json.Unmarshal([]byte(out), &outputs); err != nil {
				t.Fatalf("%s: %s", err, out)
			}
			got := map[string]any{}
			for name, output := range outputs {
				got[name] = output.Value
			}
			if diff := cmp.Diff(guide.outputs, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Every file that a guide shows is one of the examples, which are tested. Configurations
// with other providers, before a migration, are not.
func TestGuides_showExamples(t *testing.T) {
	t.Parallel()
	var examples []string
	err := filepath.WalkDir("examples", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		examples = append(examples, strings.TrimSpace(string(text)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	guides, err := filepath.Glob("docs/guides/*.md")
	if err != nil || len(guides) == 0 {
		t.Fatalf("there are no guides: %v", err)
	}
	for _, guide := range guides {
		for _, snippet := range snippets(t, guide) {
			if snippet.language == "shell" || strings.Contains(snippet.text, `data "http"`) {
				continue
			}
			if !slices.Contains(examples, snippet.text) {
				t.Errorf("%s shows %s that is not an example:\n%s", guide, snippet.language, snippet.text)
			}
		}
	}
}

// The commands that the guides show name files and make targets that exist.
func TestGuides_commands(t *testing.T) {
	t.Parallel()
	guides, err := filepath.Glob("docs/guides/*.md")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("GNUmakefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range append(guides, "README.md") {
		for _, snippet := range snippets(t, document) {
			if snippet.language != "shell" {
				continue
			}
			for _, path := range regexp.MustCompile(`examples/[\w./-]+`).FindAllString(snippet.text, -1) {
				if _, err := os.Stat(path); err != nil {
					t.Errorf("%s names %s: %s", document, path, err)
				}
			}
			for _, target := range regexp.MustCompile(`(?m)make ([a-z-]+)`).FindAllStringSubmatch(snippet.text, -1) {
				if !bytes.Contains(makefile, []byte("\n"+target[1]+":")) {
					t.Errorf("%s names the target %s", document, target[1])
				}
			}
		}
	}
}

// The configuration in README.md runs, and its condition accepts a customer without a status.
func TestAccReadme(t *testing.T) {
	t.Parallel()
	installation := install(t)
	ran := 0
	for _, snippet := range snippets(t, "README.md") {
		if snippet.language != "terraform" {
			continue
		}
		ran++
		api := fusebilltest.New(fusebilltest.Options{})
		server := httptest.NewServer(api)
		t.Cleanup(server.Close)
		w := newWorkspace(t, installation, snippet.text, "FUSEBILL_API_KEY="+fusebilltest.Key, "FUSEBILL_BASE_URL="+server.URL)
		for _, command := range []string{"init", apply} {
			if out, exit := w.run(t, strings.Fields(command)...); exit != 0 {
				t.Fatalf("%s exits %d:\n%s", command, exit, out)
			}
		}
		for status, want := range map[any]string{"Hold": "Hold", nil: "none"} {
			api.SetCustomer(fusebilltest.SampleID, map[string]any{"id": fusebilltest.SampleID, "status": status})
			out, exit := w.run(t, "plan", "-no-color")
			if message := "Customer 650084 has the status " + want + "."; exit != 1 || !strings.Contains(plain(out), message) {
				t.Errorf("the plan exits %d, want 1 and %q:\n%s", exit, message, out)
			}
		}
	}
	if ran != 1 {
		t.Errorf("README.md has %d configurations, want 1", ran)
	}
}

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

// Each fault that will not pass ends the plan with one diagnostic that names the
// customer and the cause, in little memory and no longer than the time-outs allow.
func TestAccFatalFaults(t *testing.T) {
	t.Parallel()
	installation := install(t)
	for fault, want := range map[string]string{
		"400":             "Error: Unexpected Fusebill Response",
		"400-key":         "Error: Fusebill Authentication Failed",
		"401":             "Error: Fusebill Authentication Failed",
		"403":             "Error: Fusebill Authentication Failed",
		"404":             "Error: Customer Not Found",
		"404-html":        "Error: Customer Not Found",
		"409":             "Error: Unexpected Fusebill Response",
		"429-bare":        "Error: Fusebill Rate Limit Reached",
		"500":             "Error: Unable to Reach Fusebill",
		"503-retry-after": "Error: Unable to Reach Fusebill",
		"array":           "The answer is not understood: the body is not one JSON object",
		"bomb":            "at most 1048576 bytes long",
		"chunked":         "the answer broke off after",
		"close":           "Error: Unable to Reach Fusebill",
		"cut":             "the answer broke off after",
		"cut-json":        "unexpected end of JSON input",
		"empty":           "the body is not one JSON object: nothing",
		"endless":         "at most 1048576 bytes long",
		"hang":            "no complete answer within the request time-out",
		"html":            "Please sign in",
		"huge-integer":    "field quickbooksId is not a 64-bit integer: 9223372036854775808",
		"huge-number":     "field arBalance is not a decimal number of ordinary size: 1e400000000",
		"no-customer":     "field id is not 650084, the customer that was asked for: nothing",
		"null":            "the body is not one JSON object: null",
		"redirect":        "a redirect to login.example.com",
		"text-after":      "invalid character 'a' after top-level value",
		"wrong-customer":  "field id is not 650084, the customer that was asked for: 1650084",
		"wrong-type":      "field arBalance is not a decimal number of ordinary size",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Minute: fusebilltest.Window{Limit: 1000}})
			api.InjectFault(fusebilltest.SampleID, fusebilltest.Always, fusebilltest.Faults[fault])
			server := httptest.NewServer(api)
			t.Cleanup(server.Close)
			w := newWorkspace(t, installation, strings.Replace(readSample, "= 650084", "= 650084\n  timeouts = { read = \"12s\" }", 1),
				"FUSEBILL_API_KEY="+fusebilltest.Key, "FUSEBILL_BASE_URL="+server.URL, "FUSEBILL_MAX_RETRIES=1", "FUSEBILL_REQUEST_TIMEOUT=5s")
			if out, exit := w.run(t, "init"); exit != 0 {
				t.Fatal(out)
			}

			command, output := w.start(t, "plan", "-no-color")
			peak := peakMemory(command)

			out := plain(output.String())
			errors := len(regexp.MustCompile(`(?m)^[│ ]*Error: `).FindAllString(output.String(), -1))
			if exit := command.ProcessState.ExitCode(); exit != 1 || errors != 1 {
				t.Errorf("the plan exits %d with %d errors, want 1 and 1:\n%s", exit, errors, out)
			}
			for _, want := range []string{want, "Reading customer 650084 from"} {
				if !strings.Contains(out, want) {
					t.Errorf("the plan does not say %q:\n%s", want, out)
				}
			}
			for _, never := range []string{fusebilltest.Key, "panic", "Plugin did not respond"} {
				if strings.Contains(out, never) {
					t.Errorf("the plan says %q:\n%s", never, out)
				}
			}
			if most := int64(200 << 20); peak > most || peak == 0 && runtime.GOOS == "linux" {
				t.Errorf("the provider took %d MiB, want %d MiB at most, and not nothing", peak>>20, most>>20)
			}
		})
	}
}

// At INFO a user sees each wait for quota, how long and why, and nothing else.
func TestAccQuotaLog(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 2, Minute: fusebilltest.Window{Limit: 1, Length: 2 * time.Second}})
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	w := newWorkspace(t, install(t), strings.NewReplacer("= 650084", "= each.value\n  for_each = { a = 1, b = 2 }").Replace(readSample),
		"FUSEBILL_API_KEY="+fusebilltest.Key, "FUSEBILL_BASE_URL="+server.URL, "FUSEBILL_QUOTA_RESERVE_PERCENT=0", "TF_LOG_PROVIDER=INFO", "TF_LOG_PATH=info.log")
	for _, command := range []string{"init", "plan"} {
		if out, exit := w.run(t, command); exit != 0 {
			t.Fatalf("%s exits %d:\n%s", command, exit, out)
		}
	}
	log := w.contents(t)["info.log"]
	if lines := bytes.Count(log, []byte("Waiting for Fusebill quota")); lines != 1 {
		t.Errorf("the log tells of %d waits, want 1:\n%s", lines, log)
	}
	for _, want := range []string{"window=minute", "limit=1", "remaining=0", "reserved=0", "requests_waiting=1", "wait_ms=", "until="} {
		if !bytes.Contains(log, []byte(want)) {
			t.Errorf("the log does not say %q:\n%s", want, log)
		}
	}
	if lines := bytes.Count(log, []byte("tf_rpc=ReadDataSource")); lines != 1 {
		t.Errorf("the log has %d lines of the reads, want that of the wait alone:\n%s", lines, log)
	}
	if got := api.Stats().Statuses[429]; got != 0 {
		t.Errorf("%d requests were refused, want 0", got)
	}
}

// An interrupt ends a plan that waits for an answer, long before the time-outs.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 10)
	api := fusebilltest.New(fusebilltest.Options{})
	api.InjectFault(fusebilltest.SampleID, fusebilltest.Always, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	}))
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	w := newWorkspace(t, install(t), readSample, "FUSEBILL_API_KEY="+fusebilltest.Key, "FUSEBILL_BASE_URL="+server.URL, "FUSEBILL_REQUEST_TIMEOUT=10m")
	if out, exit := w.run(t, "init"); exit != 0 {
		t.Fatal(out)
	}
	command, output := w.start(t, "plan", "-no-color")
	<-arrived
	interrupted := time.Now()
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if out := plain(output.String()); command.ProcessState.ExitCode() != 1 || !strings.Contains(out, "The read was interrupted") {
		t.Errorf("the plan exits %d:\n%s", command.ProcessState.ExitCode(), out)
	}
	t.Logf("the plan ended %s after the interrupt", time.Since(interrupted))
}
