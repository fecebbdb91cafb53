// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// fusebillsim starts the simulated API in the background.
func (p programs) fusebillsim(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("unsupported: ! fusebillsim")
	}
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, p.simulator, args...)
	command.Dir = ts.MkAbs(".")
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 5 * time.Second
	var stderr strings.Builder
	command.Stderr = &stderr
	stdout, err := command.StdoutPipe()
	ts.Check(err)
	ts.Check(command.Start())
	ts.Defer(func() {
		cancel()
		_ = command.Wait() // Interrupted.
	})
	// The simulator prints a line for each environment variable when it is ready.
	variables := map[string]string{}
	limit := time.AfterFunc(time.Minute, cancel)
	defer limit.Stop()
	lines := bufio.NewScanner(stdout)
	for variables["FUSEBILL_API_KEY"] == "" && lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		variables[name] = value
	}
	baseURL, err := url.Parse(variables["FUSEBILL_BASE_URL"])
	if err != nil || baseURL.Host == "" || variables["FUSEBILL_API_KEY"] == "" {
		cancel()
		_ = command.Wait() // The error is in its output.
		ts.Fatalf("fusebillsim does not start: %s", stderr.String())
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }() // Until the simulator ends.
	ts.Setenv("FUSEBILL_BASE_URL", baseURL.String())
	ts.Setenv("FUSEBILL_API_KEY", variables["FUSEBILL_API_KEY"])
	ts.Setenv("FUSEBILL_HOST", baseURL.Host)
}

// respond starts a server that responds to every request with the same status code.
func respond(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: respond STATUS")
	}
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	ts.Defer(server.Close)
	ts.Setenv("SERVER_HOST", server.Listener.Addr().String())
}

// closedPort sets CLOSED_HOST to the address of a port that was open a moment ago.
func closedPort(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: closedport")
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv("CLOSED_HOST", listener.Addr().String())
	ts.Check(listener.Close())
}

// customerIDs writes a list of IDs.
func customerIDs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: customerids N")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	ts.Check(writeIDs(ts.MkAbs("ids.json"), n))
}

// writeIDs writes the IDs from 1 to n to a file, as a list in JSON.
func writeIDs(file string, n int) error {
	ids := make([]int, n)
	for i := range ids {
		ids[i] = i + 1
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}
