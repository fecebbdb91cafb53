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
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
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
	flag.StringVar(&options.ResetFormat, "reset-format", "fraction", "`form` in which the end of a window is told: "+names(fusebilltest.ResetFormats))
	flag.DurationVar(&options.ClockSkew, "clock-skew", 0, "how far the server's clock is ahead of the machine's")
	flag.IntVar(&options.PageCap, "page-cap", 1000, "most customers on a page of the list")
	flag.StringVar(&options.ListEnd, "list-end", "minus-one", "`form` in which the end of the list is told: "+names(fusebilltest.ListEnds))
	var faults []fault
	flag.Func("fault", "a fault, as `name[:times][@customer]`, for each customer or one, always or so many times: "+names(fusebilltest.Faults), func(text string) error {
		f, err := parseFault(text)
		faults = append(faults, f)
		return err
	})
	flag.Parse()
	if fusebilltest.ResetFormats[options.ResetFormat] == nil {
		return fmt.Errorf("there is no reset format %q", options.ResetFormat)
	}

	if fusebilltest.ListEnds[options.ListEnd] == nil {
		return fmt.Errorf("there is no list end %q", options.ListEnd)
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	api := fusebilltest.New(options)
	for _, f := range faults {
		api.Fail(f.customer, f.times, fusebilltest.Faults[f.name])
	}
	server := &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second}
	defer func() { _ = server.Close() }()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	variables := []string{
		fmt.Sprintf("FUSEBILL_BASE_URL=http://%s/v1", listener.Addr()),
		"FUSEBILL_API_KEY=" + options.Key,
	}
	defer func() {
		stats := api.Stats()
		fmt.Fprintf(os.Stderr, "fusebillsim: %d requests for %d customers; answers by status: %v\n",
			stats.Requests, len(stats.Customers), stats.Statuses)
	}()
	if flag.NArg() > 0 {
		return runCommand(ctx, flag.Args(), variables)
	}
	for _, variable := range variables {
		fmt.Println("export", variable)
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-served:
		return err
	}
}

// fault is a fault of the command line.
type fault struct {
	name     string
	times    int
	customer int64 // 0 stands for each.
}

func parseFault(text string) (f fault, err error) {
	f.name, f.times = text, fusebilltest.Always
	if name, customer, ok := strings.Cut(f.name, "@"); ok {
		f.name = name
		if f.customer, err = strconv.ParseInt(customer, 10, 64); err != nil {
			return f, err
		}
	}
	if name, times, ok := strings.Cut(f.name, ":"); ok {
		f.name = name
		if f.times, err = strconv.Atoi(times); err != nil {
			return f, err
		}
	}
	if fusebilltest.Faults[f.name] == nil {
		return f, fmt.Errorf("there is no fault %q", f.name)
	}
	return f, nil
}

func names[V any](m map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(m)), ", ")
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
