// SPDX-License-Identifier: MPL-2.0

// Command stub implements the parts of the provider's binary that releasecheck verifies.
package main

import (
	"os"
	"time"
)

// The linker sets these.
var (
	version  = "0.0.0"
	protocol = "6"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "-version" {
		os.Stdout.WriteString("registry.example.com/namespace/fusebill " + version + "\n")
		return
	}
	os.Stdout.WriteString("1|" + protocol + "|unix|/nonexistent|grpc|\n")
	time.Sleep(time.Minute)
}
