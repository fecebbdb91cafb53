// SPDX-License-Identifier: MPL-2.0

// Command measure runs the program that FUSEBILL_MEASURE_PROGRAM names, and appends its maximum
// resident memory, in bytes, to the file that FUSEBILL_MEASURE_FILE names. The benchmarks install
// it in place of a provider.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

func main() {
	if err := run(); err != nil {
		var exitErr *exec.ExitError
		if errors.As(err, &exitErr) {
			os.Exit(exitErr.ExitCode())
		}
		log.Fatal(err)
	}
}

func run() error {
	command := exec.Command(os.Getenv("FUSEBILL_MEASURE_PROGRAM"), os.Args[1:]...) //nolint:noctx // It ends by itself.
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	runErr := command.Run()
	if command.ProcessState == nil {
		return runErr
	}
	file, err := os.OpenFile(os.Getenv("FUSEBILL_MEASURE_FILE"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, maxMemory(command.ProcessState))
	return errors.Join(runErr, err, file.Close())
}

// maxMemory returns the maximum resident memory of a process in bytes, or 0 if it is not known.
func maxMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return usage.Maxrss // In bytes, and everywhere else in KiB.
	default:
		return usage.Maxrss << 10
	}
}
