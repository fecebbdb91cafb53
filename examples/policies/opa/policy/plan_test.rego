package main_test

import data.main

good := for_customer([status({})])

bad := for_customer([status({"status": "Hold"})])

held := "example_server.this belongs to customer 1, which has status Hold and account status Good; resolve the status in Fusebill first"

denies_kind(document, kind) if {
	main.deny == {sprintf("input is %s; create the plan with `terraform show -json PLANFILE`", [kind])} with input as document
}

test_plan_is_accepted if {
	count(main.deny | main.warn) == 0 with input as good
	count(main.deny | main.warn) == 0 with input as object.remove(good, ["resource_changes", "prior_state"]) # Without changes.
	count(main.deny | main.warn) == 0 with input as object.union(good, {"applyable": true, "complete": true, "errored": false})
}

test_no_input_is_denied if {
	empty := {"input has no Terraform plan; create it with `terraform show -json PLANFILE`"}
	main.deny == empty
	main.deny == empty with input as []
}

test_state_is_denied_by_name if {
	every document in [
		{"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {"resources": []}}},
		{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {}, "resources": []},
		{"version": 4, "serial": 1, "resources": []},
		{"version": 4, "lineage": "x", "resources": []},
	] {
		denies_kind(document, "a state, not a Terraform plan")
	}
}

test_validation_result_is_denied_by_name if {
	result := {"format_version": "1.0", "valid": true, "error_count": 0, "warning_count": 0, "diagnostics": []}
	denies_kind(result, "a validation result, not a Terraform plan")
}

test_provider_schema_is_denied_by_name if {
	denies_kind({"format_version": "1.0", "provider_schemas": {}}, "a provider schema, not a Terraform plan")
}

test_log_is_denied_by_name if {
	line := {"@level": "info", "@message": "Terraform 1.11.4", "type": "version", "ui": "1.2"}
	denies_kind(line, "the log of a run in JSON, not a Terraform plan")
	denies_kind([line, line], "the log of a run in JSON, not a Terraform plan")
}

test_plan_for_display_is_denied_by_name if {
	display := {"plan_format_version": "1.2", "provider_format_version": "1.0", "provider_schemas": {}, "resource_changes": []}
	denies_kind(display, "a plan for display, not a Terraform plan")
}

test_part_of_a_plan_is_denied_by_name if {
	every name in ["planned_values", "configuration", "format_version"] {
		denies_kind(object.remove(good, [name]), "a part of a Terraform plan")
	}
	every part in [{"planned_values": []}, {"configuration": null}, {"resource_changes": {}}, {"resource_changes": null}, {"resource_changes": ["x"]}] {
		denies_kind(object.union(good, part), "a part of a Terraform plan")
	}
	denies_kind({"resource_changes": [], "terraform_version": "1.11.4"}, "a part of a Terraform plan")
	denies_kind({"configuration": {}}, "a part of a Terraform plan")
}

test_anything_else_is_denied if {
	every document in [{}, {"format_version": "1.0"}, "plan", 1, true, false, null, [good], [[]], [{"path": "plan.json"}], {"plans": good}] {
		denies_kind(document, "not a Terraform plan")
	}
}

test_other_format_versions_are_denied if {
	every version in ["2.0", "0.2", "10.0", "1", ""] {
		main.deny == {sprintf("the plan has format version %s, and this policy reads version 1; update the policy", [version])}
			with input as object.union(bad, {"format_version": version})
	}
	denies_kind(object.union(good, {"format_version": 1.2}), "a part of a Terraform plan")
}

test_failed_plan_is_denied if {
	every errored in [true, "true", null] {
		main.deny == {"the plan failed; fix the errors that `terraform plan` reports, and plan again"}
			with input as object.union(good, {"errored": errored, "complete": false})
		count(main.warn) == 0 with input as object.union(good, {"errored": errored, "complete": false})
	}
}

test_deferred_changes_are_denied if {
	deferring := object.union(good, {"deferred_changes": [{"reason": "provider_config_unknown", "resource_change": good.resource_changes[0]}], "complete": false})
	main.deny == {"the plan defers changes that the policy cannot check; apply the changes that they wait for separately"}
		with input as deferring
	count(main.warn) == 0 with input as deferring
	count(main.deny) == 1 with input as object.union(good, {"deferred_action_invocations": [{"reason": "deferred_prereq"}]})
	every value in [1, true, {"x": 1}, null] {
		count(main.deny) == 1 with input as object.union(good, {"deferred_changes": value})
	}
	count(main.deny | main.warn) == 0 with input as object.union(good, {"deferred_changes": []})
}

test_incomplete_plan_is_a_warning if {
	targeted := object.union(good, {"complete": false})
	count(main.deny) == 0 with input as targeted
	main.warn == {"the plan is incomplete, for example because of -target, and may contain statuses from an earlier run"}
		with input as targeted
}

test_envelopes if {
	every envelope in [
		{"plan": good, "run": {"id": "run-1"}},
		{"plan": good, "deploymentRequest": {"type": "deploy"}},
		{"tfplan": good, "tfrun": {"id": "run-1"}},
		{"terraform": good, "spacelift": {"stack": {}}},
		[{"path": "plan.json", "contents": good}],
		[{"path": "a.json", "contents": good}, {"path": "b.json", "contents": {"plan": good}}],
	] {
		count(main.deny | main.warn) == 0 with input as envelope
	}
	every name in ["plan", "tfplan", "terraform"] {
		main.deny == {held} with input as {name: bad, "other": good}
		denies_kind({name: null}, "not a Terraform plan")
		denies_kind({name: {"format_version": "1.0", "values": {}}}, "a state, not a Terraform plan")
	}
}

# A plan is not an envelope, and each plan in an envelope counts.
test_envelopes_hide_no_plan if {
	every name in ["plan", "tfplan", "terraform"] {
		main.deny == {held} with input as object.union(bad, {name: good})
	}
	main.deny == {held} with input as {"plan": good, "tfplan": bad}
	main.deny == {held} with input as object.union(with_hook(good, good), bad)
	main.deny == {held} with input as object.union(object.remove(with_hook(good, good), ["terraform"]), {"plan": bad})
}

# The policy evaluates each file of --combine by itself, and names it in the messages.
test_combined_files if {
	unread := "b.json: example_server.this belongs to customer 1, which the plan does not read from Fusebill; add a data source that reads the customer"
	main.deny == {unread} with input as [{"path": "a.json", "contents": good}, {"path": "b.json", "contents": for_customer([])}]
	main.deny == {sprintf("a.json: %s", [held]), "b.json: input is not a Terraform plan; create the plan with `terraform show -json PLANFILE`"}
		with input as [
			{"path": "a.json", "contents": {"plan": bad}},
			{"path": "b.json", "contents": {}},
		]
	count(main.deny) == 1 with input as [{"path": "a.json", "contents": [good]}]
}

# Spacelift passes a part of the plan, and a hook adds the whole plan.
with_hook(part, whole) := {
	"spacelift": {"stack": {}},
	"terraform": {"terraform_version": "1.11.4", "resource_changes": part.resource_changes},
	"third_party_metadata": {"custom": {"plan": whole}},
}

test_plan_of_a_hook if {
	count(main.deny | main.warn) == 0 with input as with_hook(good, good)
	main.deny == {held} with input as with_hook(bad, bad)
	denies_kind(with_hook(good, {}), "not a Terraform plan")
	denies_kind(object.remove(with_hook(good, good), ["third_party_metadata"]), "a part of a Terraform plan")
	denies_kind(with_hook(good, null), "a part of a Terraform plan")
}

test_plan_of_another_run_is_denied if {
	other := "the plan in third_party_metadata.custom.plan lacks example_server.this; verify the hook that writes it"
	main.deny == {other} with input as with_hook(good, plan([], []))
	main.deny == {other} with input as with_hook(good, with_change(good, {"change": {"actions": ["no-op"]}}))
	count(main.deny) == 0 with input as with_hook(plan([], []), good)
}
