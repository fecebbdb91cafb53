// Command fusebillsim serves a simulated Fusebill API on loopback.
//
//	fusebillsim [flags] [command [argument ...]]
//
// Without a command it prints the two environment variables that point the
// provider at it, and serves until it is interrupted. With one it runs the
// command with those variables set, serves for as long as that runs, and exits
// as it does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
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
	err := run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fusebillsim:", err)
		os.Exit(1)
	}
}

func run() error {
	var options fusebilltest.Options
	listen := flag.String("listen", "127.0.0.1:0", "loopback `address` to serve on; port 0 takes a free one")
	flag.StringVar(&options.Key, "key", fusebilltest.Key, "the API `key` that is wanted")
	flag.Int64Var(&options.Fleet, "fleet", 1000, "`number` of generated customers, with the ids from 1 on")
	flag.DurationVar(&options.Latency, "latency", 0, "how long each answer takes")
	flag.IntVar(&options.Minute.Limit, "minute-limit", 0, "requests per minute window; 0 for no limit")
	flag.DurationVar(&options.Minute.Length, "minute-length", time.Minute, "length of a minute window")
	flag.IntVar(&options.Day.Limit, "day-limit", 0, "requests per day window; 0 for no limit")
	flag.DurationVar(&options.Day.Length, "day-length", 24*time.Hour, "length of a day window")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	api := fusebilltest.New(options)
	server := &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second}
	defer func() { _ = server.Close() }()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	variables := []string{
		fmt.Sprintf("FUSEBILL_BASE_URL=http://%s/v1", listener.Addr()),
		"FUSEBILL_API_KEY=" + options.Key,
	}
	if flag.NArg() > 0 {
		return runCommand(ctx, flag.Args(), variables)
	}
	for _, variable := range variables {
		fmt.Println("export", variable)
	}
	select {
	case <-ctx.Done():
	case err = <-served:
	}
	stats := api.Stats()
	fmt.Fprintf(os.Stderr, "served %d requests for %d customers; answers by status: %v\n",
		stats.Requests, len(stats.Customers), stats.Statuses)
	return err
}

// runCommand runs a command to its end, which a signal to this process asks for.
func runCommand(ctx context.Context, command, variables []string) error {
	child := exec.CommandContext(ctx, command[0], command[1:]...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	child.Env = append(os.Environ(), variables...)
	child.Cancel = func() error { return child.Process.Signal(syscall.SIGTERM) }
	child.WaitDelay = 30 * time.Second
	return child.Run()
}
