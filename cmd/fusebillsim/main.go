// SPDX-License-Identifier: MPL-2.0

// Command fusebillsim serves a simulated Fusebill API on loopback.
//
//	fusebillsim [flags] [command [argument ...]]
//
// With a command, it runs the command with the environment variables that point
// the provider at the API, serves until the command ends, and exits with the
// command's exit code. Without a command, it prints the environment variables and
// serves until it is interrupted.
//
// With -tls-dir it serves HTTPS and writes three files to the directory: ca.pem,
// client.pem, and client-key.pem.
//
// The exit code is 2 if the command line is invalid and 1 after any other error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run runs the command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	config, err := parseConfig(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2 // The flag package has printed the error.
	}
	err = serve(ctx, config, stdin, stdout, stderr)
	var exitErr *exec.ExitError
	if errors.As(err, &exitErr) && exitErr.Exited() {
		return exitErr.ExitCode()
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "fusebillsim:", err) // The exit code remains if stderr is closed.
		return 1
	}
	return 0
}

// serve serves the API until ctx or the command ends.
func serve(ctx context.Context, config config, stdin io.Reader, stdout, stderr io.Writer) (err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", config.listen)
	if err != nil {
		return err
	}
	api := fusebilltest.New(config.options)
	for _, f := range config.faults {
		api.InjectFault(f.customer, f.times, fusebilltest.Faults[f.name])
	}
	for id := range config.customers {
		api.SetCustomer(id, config.overview(id))
	}
	server := &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second}
	if config.logFile != "" {
		file, err := os.Create(config.logFile)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		server.Handler = &requestLog{handler: api, output: file}
	}
	scheme := "http"
	var tlsVariables []variable
	if config.tlsDir != "" {
		certificates, err := writeCertificates(config.tlsDir, config.requireClientCert)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		scheme = "https"
		server.TLSConfig = certificates.Config
		tlsVariables = certificateVariables(config)
	}
	variables := append([]variable{
		{name: "FUSEBILL_BASE_URL", value: scheme + "://" + listener.Addr().String() + "/v1"},
		{name: "FUSEBILL_API_KEY", value: config.options.Key},
	}, tlsVariables...)

	served := make(chan error, 1)
	go func() {
		if config.tlsDir != "" {
			served <- server.ServeTLS(listener, "", "")
		} else {
			served <- server.Serve(listener)
		}
	}()
	defer func() {
		err = errors.Join(err, server.Close())
		stats := api.Stats()
		_, printErr := fmt.Fprintf(stderr, "fusebillsim: %d requests for %d customers; responses by status: %v\n",
			stats.Requests, len(stats.Customers), stats.Statuses)
		err = errors.Join(err, printErr)
	}()

	if len(config.command) > 0 {
		return runCommand(ctx, config.command, variables, stdin, stdout, stderr)
	}
	for _, v := range variables {
		if _, err := fmt.Fprintln(stdout, v.export()); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-served:
		return err
	}
}

// runCommand runs a command. When ctx ends, it asks the command to terminate.
func runCommand(ctx context.Context, command []string, variables []variable, stdin io.Reader, stdout, stderr io.Writer) error {
	child := exec.CommandContext(ctx, command[0], command[1:]...)
	child.Stdin, child.Stdout, child.Stderr = stdin, stdout, stderr
	child.Env = os.Environ()
	for _, v := range variables {
		setting, err := v.setting()
		if err != nil {
			return err
		}
		child.Env = append(child.Env, setting)
	}
	child.Cancel = func() error { return child.Process.Signal(syscall.SIGTERM) }
	child.WaitDelay = 30 * time.Second
	return child.Run()
}
