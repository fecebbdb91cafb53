// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/fusebill/terraform-provider-fusebill/internal/acceptance/rusage"
)

const (
	// runnerCommand is the command of the scripts that runs runCLI in a process of its own, which
	// has the environment of the script.
	runnerCommand = "run-cli"
	// cliVariable is the environment variable with the path of the CLI.
	cliVariable = "CLI"
	// terminalFile is the file to which the output of each command of the CLI is appended.
	terminalFile = "terminal.log"
	// maxDuration is the time in which a command of the CLI must end unless the script states another.
	maxDuration = 2 * time.Minute
	// maxMemory is the maximum resident memory of the CLI and of the provider.
	maxMemory = 200 << 20
)

// Exit codes of runCLI that are not those of the CLI.
const (
	exitTimeout = 100 + iota
	exitMemory
	exitError
)

// commandArguments holds the arguments that replace a user's input.
var commandArguments = map[string][]string{
	"init":    {"-input=false"},
	"plan":    {"-input=false"},
	"apply":   {"-input=false", "-auto-approve"},
	"destroy": {"-auto-approve"},
}

// tf runs a command of the CLI. The later commands stdout and grep see its output, in which
// diagnostics have no frame and are not wrapped.
//
// The exit code must be 0, or 1 with !, or that of the flag -exit. The command must end within the
// time of the flag -within, by default two minutes. With the flag -interrupt, the CLI and the provider are
// interrupted once the file is not empty, as Ctrl-C does, and the time begins with the interrupt. In no case may the output
// contain the API key or a panic, and neither the CLI nor the provider may exceed maxMemory.
func tf(ts *testscript.TestScript, neg bool, args []string) {
	flags := flag.NewFlagSet("tf", flag.ContinueOnError)
	exit := flags.Int("exit", 0, "expected exit code")
	within := flags.Duration("within", maxDuration, "maximum duration")
	interrupt := flags.String("interrupt", "", "file to wait for before the interrupt")
	if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
		ts.Fatalf("usage: [!] tf [-exit=N] [-within=D] [-interrupt=FILE] command [arguments]")
	}
	if neg {
		*exit = 1
	}
	command := append([]string{flags.Arg(0)}, commandArguments[flags.Arg(0)]...)
	command = append(command, flags.Args()[1:]...)

	err := ts.Exec(runnerCommand, append([]string{within.String(), *interrupt}, command...)...)
	got := 0
	var exitError *exec.ExitError
	if errors.As(err, &exitError) {
		got = exitError.ExitCode()
	} else {
		ts.Check(err)
	}
	output := ts.ReadFile("stdout")
	switch got {
	case *exit:
	case exitTimeout, exitMemory:
		ts.Fatalf("the CLI exceeds the limit: %s", ts.ReadFile("stderr"))
	default:
		ts.Fatalf("exit code %d, want %d", got, *exit)
	}
	if strings.Contains(output, "panic") || strings.Contains(output, "Plugin did not respond") {
		ts.Fatalf("the provider ended unexpectedly")
	}
	for _, form := range keyForms(ts.Getenv("FUSEBILL_API_KEY")) {
		if strings.Contains(output, form) {
			ts.Fatalf("the output has the API key as %q", form)
		}
	}
}

// runCLI runs the CLI with the arguments within, interrupt, and those of the CLI.
func runCLI() {
	within, err := time.ParseDuration(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitError)
	}
	code, err := runCommand(within, os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// runCommand returns the exit code of the CLI, or one of its own if there is an error.
func runCommand(within time.Duration, interrupt string, arguments []string) (int, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var output bytes.Buffer
	command := exec.CommandContext(ctx, os.Getenv(cliVariable), arguments...)
	command.Stdout, command.Stderr = &output, &output
	if interrupt != "" {
		command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // In a terminal, Ctrl-C reaches this group.
	}
	command.WaitDelay = time.Second // A provider that outlives the CLI keeps its output open.
	if err := command.Start(); err != nil {
		return exitError, err
	}
	limit := time.AfterFunc(within, cancel)
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	if interrupt != "" {
		limit.Reset(maxDuration)
		if waitForContent(ctx, interrupt, ended) {
			limit.Reset(within)
			if err := syscall.Kill(-command.Process.Pid, syscall.SIGINT); err != nil {
				return exitError, err
			}
		}
	}
	err := <-ended
	text := unframe(output.String())
	fmt.Print(text)
	if err := appendFile(terminalFile, "$ tf "+strings.Join(arguments, " ")+"\n"+text); err != nil {
		return exitError, err
	}
	var exitErr *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return exitTimeout, fmt.Errorf("no end within %s", within)
	case err != nil && !errors.As(err, &exitErr):
		return exitError, err
	}
	if memory := rusage.MaxMemory(command.ProcessState); memory == 0 || memory > maxMemory {
		return exitMemory, fmt.Errorf("the CLI or the provider takes %d MiB, want 1 to %d MiB", memory>>20, int64(maxMemory>>20))
	}
	return command.ProcessState.ExitCode(), nil
}

// waitForContent waits until a file is not empty. It returns false if the command or ctx ends before.
func waitForContent(ctx context.Context, file string, ended chan error) bool {
	for {
		if content, err := os.ReadFile(file); err == nil && len(content) > 0 {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case err := <-ended:
			ended <- err
			return false
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func appendFile(name, text string) error {
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

var colors = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// unframe removes colors, and the frames of diagnostics. It joins the wrapped lines of a frame's
// paragraphs.
func unframe(output string) string {
	var text strings.Builder
	inParagraph := false
	for line := range strings.Lines(colors.ReplaceAllString(output, "")) {
		line = strings.TrimRight(line, " \r\n")
		content, isFramed := strings.CutPrefix(line, "│")
		if isFramed {
			content = strings.TrimPrefix(content, " ")
		}
		isBorder := strings.TrimLeft(line, " ") == "╷" || line == "╵"
		continues := isFramed && content != "" && !strings.HasPrefix(content, " ")
		switch {
		case continues && inParagraph:
			text.WriteString(" ")
		case inParagraph:
			text.WriteString("\n")
		}
		inParagraph = continues
		switch {
		case isBorder:
		case continues:
			text.WriteString(content)
		default:
			text.WriteString(content + "\n")
		}
	}
	if inParagraph {
		text.WriteString("\n")
	}
	return text.String()
}

func TestUnframe(t *testing.T) {
	t.Parallel()
	const output = "data.x: Reading...\n" +
		" \x1b[31m╷\x1b[0m\n\x1b[31m│\x1b[0m \x1b[1mError: Summary\x1b[0m\n│ \n│   on main.tf line 1:\n│    1: x\n│ \n│ A long\n│ " +
		"sentence.\n│ \n│ Another\n│ one.\n╵\n" +
		" + Plan: 1\n"
	const want = "data.x: Reading...\nError: Summary\n\n  on main.tf line 1:\n   1: x\n\nA long sentence.\n\nAnother one.\n + Plan: 1\n"
	if diff := cmp.Diff(want, unframe(output)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
