// SPDX-License-Identifier: MPL-2.0

// Package rusage reads the resource usage of processes that ended.
package rusage

import (
	"os"
	"runtime"
	"syscall"
)

// MaxMemory returns the maximum resident memory, in bytes, of a process and of the processes that it
// has waited for, which a CLI does for providers. It is 0 if it is not known.
func MaxMemory(state *os.ProcessState) int64 {
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
