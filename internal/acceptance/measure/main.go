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

	"github.com/fusebill/terraform-provider-fusebill/internal/acceptance/rusage"
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
	_, err = fmt.Fprintln(file, rusage.MaxMemory(command.ProcessState))
	return errors.Join(runErr, err, file.Close())
}
