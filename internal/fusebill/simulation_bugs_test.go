// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The simulation notices bugs: with each of these in the code, one of its seeds fails.
func TestSimulation_noticesBugs(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles the package for each bug")
	}
	for name, bug := range map[string]struct{ file, old, new string }{
		"reserve_ignored":              {"ratelimit/state.go", "left := w.remaining - w.reserve\n", "left := w.remaining\n"},
		"slot_leaked_by_canceled_read": {"ratelimit/limiter.go", "l.state.cancel(v.permit)", "_ = v.permit"},
		"slot_leaked_without_response": {"ratelimit/state.go", "s.expire(now)\n\ts.inFlight--", "s.expire(now)\n\ts.inFlight -= min(status, 1)"},
		"clock_of_a_gateway":           {"ratelimit/state.go", "err != nil || !statesLimits(header)", "err != nil"},
		"request_before_the_reset":     {"ratelimit/state.go", "now.Before(w.end)", "now.Before(w.end.Add(-time.Second))"},
		"no_probe_after_the_reset":     {"ratelimit/state.go", "s.windows[i] = nil\n\t\t\ts.unknown = true", "s.windows[i] = nil"},
		"newest_waiter_first":          {"ratelimit/limiter.go", "l.queue = append(l.queue, w)", "l.queue = append([]*waiter{w}, l.queue...)"},
		"offset_of_the_wrong_sign":     {"ratelimit/state.go", "local.Add(s.offset)", "local.Add(-s.offset)"},
		"response_older_than_the_read": {"read_customer.go", "c.waiting.Forget(key)", ""},
		"last_failure_lost":            {"request.go", "cmp.Or(last, failure))\n\t\t}\n\t\tif resp.status", "nil)\n\t\t}\n\t\tif resp.status"},
		"refusal_counted_as_retry":     {"request.go", "last = cmp.Or(last, failure) // The", "retries.transient++ // The"},
		"concurrency_limit_off_by_one": {"ratelimit/state.go", "s.inFlight < s.options.Max", "s.inFlight <= s.options.Max"},
		"cap_forgotten":                {"ratelimit/state.go", "s.capSent++", ""},
		"read_outlives_its_timeout":    {"retry.go", "case <-ctx.Done():\n\t\treturn false", "case <-make(chan int):\n\t\treturn false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, err := filepath.Abs(bug.file)
			if err != nil {
				t.Fatal(err)
			}
			code, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(code), bug.old); n != 1 {
				t.Fatalf("%s has %q %d times, want once", bug.file, bug.old, n)
			}
			dir := t.TempDir()
			changed, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
			replace, err := json.Marshal(map[string]any{"Replace": map[string]string{path: changed}})
			if err != nil {
				t.Fatal(err)
			}
			for file, text := range map[string]string{
				changed: strings.Replace(string(code), bug.old, bug.new, 1), overlay: string(replace),
			} {
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			out, err := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-failfast", "-overlay", overlay,
				"-run", "^TestSimulation$").CombinedOutput()
			violation := regexp.MustCompile(`SEED=\d+, at .*`).Find(out)
			if err == nil || violation == nil {
				t.Fatalf("no seed fails: %v\n%s", err, out)
			}
			t.Logf("%s", violation)
		})
	}
}
