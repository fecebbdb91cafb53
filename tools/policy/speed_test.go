// SPDX-License-Identifier: MPL-2.0

package policy

import (
	"fmt"
	"strconv"
	"testing"
	"time"
)

// The time for a plan grows with its resources and customers, and not with their product.
func TestPolicy_speed(t *testing.T) { //nolint:paralleltest // Other tests would take its time.
	rules, _ := modules(t, policies)
	const size = 3000
	changes, statuses := make([]any, 0, size), map[string]any{}
	for id := 1; id <= size; id++ {
		text := strconv.Itoa(id)
		statuses[text] = map[string]any{"id": id, "status": "Active", "customer_account_status": "Good"}
		changes = append(changes, map[string]any{
			"address": fmt.Sprintf("terraform_data.stack[%q]", text), "mode": "managed", "type": "terraform_data",
			"change": map[string]any{
				"actions": []any{"create"}, "after": map[string]any{"input": map[string]any{"fusebill_customer_id": id}},
				"after_unknown": map[string]any{"id": true, "tags_all": true},
			},
		})
	}
	plan := map[string]any{
		"format_version": "1.2", "planned_values": map[string]any{}, "configuration": map[string]any{}, "resource_changes": changes,
		"prior_state": map[string]any{"values": map[string]any{"root_module": map[string]any{"resources": []any{map[string]any{
			"address": "data.fusebill_customer_statuses.this", "mode": "data", "type": "fusebill_customer_statuses",
			"values": map[string]any{"statuses": statuses, "missing_customer_ids": []any{}},
		}}}}},
	}
	start := time.Now()
	if got := evaluate(t, rules, "data.main.deny", plan); len(got) != 0 {
		t.Errorf("deny has %d messages, the first of which is %q", len(got), got[0])
	}
	elapsed := time.Since(start).Round(100 * time.Millisecond)
	if elapsed > 20*time.Second {
		t.Errorf("a plan with %d resources and customers takes %s", size, elapsed)
	}
	summarize("%d resources of %d customers in %s", size, size, elapsed)
}
