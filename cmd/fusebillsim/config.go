// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// config is a parsed command line.
type config struct {
	listen            string
	options           fusebilltest.Options
	faults            []fault
	customers         map[int64]map[string]any // Fields by ID.
	logFile           string
	tlsDir            string
	requireClientCert bool
	command           []string
}

// fault is a value of the flag -fault.
type fault struct {
	name     string
	times    int
	customer int64 // 0 represents each customer.
}

// parseConfig parses a command line. It prints errors and usage to output.
func parseConfig(args []string, output io.Writer) (config, error) {
	var c config
	o := &c.options
	flags := flag.NewFlagSet("fusebillsim", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.StringVar(&c.listen, "listen", "127.0.0.1:0", "loopback `address` to listen on; port 0 selects a free port")
	flags.StringVar(&o.Key, "key", fusebilltest.Key, "API `key` to accept")
	flags.Int64Var(&o.Fleet, "fleet", 1000, "`number` of generated customers, with IDs starting at 1")
	flags.DurationVar(&o.Latency, "latency", 0, "delay of each response")
	flags.IntVar(&o.Minute.Limit, "minute-limit", 0, "`requests` per minute window; 0 means no limit")
	flags.DurationVar(&o.Minute.Length, "minute-length", time.Minute, "length of a minute window")
	flags.IntVar(&o.Day.Limit, "day-limit", 0, "`requests` per day window; 0 means no limit")
	flags.DurationVar(&o.Day.Length, "day-length", 24*time.Hour, "length of a day window")
	flags.DurationVar(&o.ClockSkew, "clock-skew", 0, "offset of the server's clock from the machine's clock")
	flags.IntVar(&o.PageCap, "page-cap", 1000, "maximum `number` of customers on a page of the list")
	flags.IntVar(&o.GoAwayEvery, "goaway-every", 0, "`requests` after which the server closes the connection; 0 means never")
	flags.IntVar(&o.ResetEvery, "reset-every", 0, "`requests` after which the server resets a stream; 0 means never")
	flags.StringVar(&c.tlsDir, "tls-dir", "", "existing `directory` for ca.pem, client.pem, and client-key.pem; serves HTTPS")
	flags.BoolVar(&c.requireClientCert, "require-client-cert", false,
		"whether to refuse clients without the client certificate; requires -tls-dir")
	textFlag(flags, &o.ResetFormat, fusebilltest.ParseResetFormat, "reset-format",
		fmt.Sprintf("`format` of the X-Rate-Limit-Reset headers: %v (default %s)", fusebilltest.ResetFormats(), fusebilltest.ResetFraction))
	textFlag(flags, &o.ListEnd, fusebilltest.ParseListEnd, "list-end",
		fmt.Sprintf("`form` of the paging headers on the last page: %v (default %s)", fusebilltest.ListEnds(), fusebilltest.ListEndMinusOne))
	textFlag(flags, &o.OmitHeaders, fusebilltest.ParseRateLimitHeaders, "omit-headers",
		fmt.Sprintf("comma-separated `names` of rate-limit headers to omit: %v", fusebilltest.RateLimitHeaders()))
	flags.Func("fault", "`name[:times][@customer]` of a fault, by default for each customer and always: "+
		strings.Join(faultNames(), ", "), func(text string) error {
		f, err := parseFault(text)
		c.faults = append(c.faults, f)
		return err
	})
	flags.Func("customer", "JSON `file` with the id of a customer and the fields to replace, or all fields of another customer", c.addCustomer)
	flags.StringVar(&c.logFile, "log", "", "`file` for a line for each request and each response")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	c.command = flags.Args()

	err := o.Validate()
	if c.requireClientCert && c.tlsDir == "" {
		err = errors.Join(err, errors.New("-require-client-cert requires -tls-dir"))
	}
	if err != nil {
		_, _ = fmt.Fprintln(output, "fusebillsim:", err) // The exit code remains if stderr is closed.
	}
	return c, err
}

// textFlag adds a flag and sets value to the result of parse.
func textFlag[T any](flags *flag.FlagSet, value *T, parse func(text string) (T, error), name, usage string) {
	flags.Func(name, usage, func(text string) (err error) {
		*value, err = parse(text)
		return err
	})
}

// parseFault parses a fault such as "429-bare:2@7".
func parseFault(text string) (fault, error) {
	f := fault{times: fusebilltest.Always}
	text, customer, hasCustomer := strings.Cut(text, "@")
	name, times, hasTimes := strings.Cut(text, ":")
	f.name = name
	var err error
	if hasCustomer {
		if f.customer, err = strconv.ParseInt(customer, 10, 64); err != nil || f.customer < fusebilltest.ListID {
			return f, fmt.Errorf("%q is not a customer ID", customer)
		}
	}
	if hasTimes {
		if f.times, err = strconv.Atoi(times); err != nil || f.times < fusebilltest.Always {
			return f, fmt.Errorf("%q is not a number of times", times)
		}
	}
	if fusebilltest.Faults[name] == nil {
		return f, fmt.Errorf("unknown fault %q", name)
	}
	return f, nil
}

func faultNames() []string { return slices.Sorted(maps.Keys(fusebilltest.Faults)) }
