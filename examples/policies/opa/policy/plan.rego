# Finds the plans in the input: a plan as `terraform show -json PLANFILE` writes it,
# the files of `conftest test --combine`, and the envelopes of policy platforms.

package main

# files are the names and contents of the input's files. Only --combine has names.
files contains ["", input] if not is_combined

files contains [file.path, file.contents] if {
	is_combined
	some file in input
}

is_combined if {
	is_array(input)
	every file in input {
		is_object(file)
		object.keys(file) == {"path", "contents"}
	}
}

# documents are the contents of the files without the platforms' envelopes.
documents := [{"file": file, "content": content} |
	some [file, wrapped] in files
	some content in unwrapped(wrapped)
]

unwrapped(wrapped) := {hook_plan(wrapped)} if {
	is_object(hook_plan(wrapped))
} else := {wrapped[name] | some name in envelopes(wrapped)} if {
	count(envelopes(wrapped)) > 0
} else := {wrapped}

# envelopes returns the names under which HCP Terraform and env0 (plan), Scalr (tfplan),
# and Spacelift (terraform) pass the plan.
envelopes(wrapped) := object.keys(wrapped) & {"plan", "tfplan", "terraform"} if {
	is_object(wrapped)
	not has_key(wrapped, "format_version")
}

# hook_plan returns the plan that a hook adds to the input of a Spacelift policy.
# https://docs.spacelift.io/concepts/policy/terraform-plan-policy#custom-inputs
hook_plan(wrapped) := wrapped.third_party_metadata.custom.plan if {
	is_object(wrapped.terraform)
	not has_key(wrapped, "format_version")
}

# plans are the documents that are plans, by number.
plans[number] := document.content if {
	some number, document in documents
	is_plan(document.content)
	startswith(document.content.format_version, "1.")
}

is_plan(content) if {
	is_string(content.format_version)
	is_object(content.planned_values)
	is_object(content.configuration)
	changes := object.get(content, "resource_changes", [])
	is_array(changes)
	every change in changes {
		is_object(change)
	}
}

# METADATA
# title: The input is not empty
deny contains "input has no Terraform plan; create it with `terraform show -json PLANFILE`" if count(documents) == 0

# METADATA
# title: Every document is a plan
deny contains in_file(number, sprintf("input is %s; create the plan with `terraform show -json PLANFILE`", [kind(document.content)])) if {
	some number, document in documents
	not is_plan(document.content)
}

# METADATA
# title: The plan has a known format
deny contains in_file(number, message) if {
	some number, document in documents
	is_plan(document.content)
	not plans[number]
	message := sprintf("the plan has format version %s, and this policy reads version 1; update the policy", [
		document.content.format_version,
	])
}

# METADATA
# title: The plan succeeded
deny contains in_file(number, "the plan failed; fix the errors that `terraform plan` reports, and plan again") if {
	some number, plan in plans
	has_failed(plan)
}

# METADATA
# title: The plan defers no changes
deny contains in_file(number, "the plan defers changes that the policy cannot check; apply the changes that they wait for separately") if {
	some number, plan in plans
	defers_changes(plan)
}

# METADATA
# title: The plan is complete
# description: |
#   Terraform does not read data sources outside of -target, so the plan may contain
#   statuses that an earlier run read.
warn contains in_file(number, "the plan is incomplete, for example because of -target, and may contain statuses from an earlier run") if {
	some number, plan in plans
	object.get(plan, "complete", true) != true
	not has_failed(plan)
	not defers_changes(plan)
}

# METADATA
# title: The plan of the hook is the plan of the run
deny contains in_file(number, message) if {
	some number, plan in plans
	some [_, wrapped] in files
	plan == hook_plan(wrapped)
	some address in (provisioned_addresses(wrapped.terraform) - provisioned_addresses(plan))
	message := sprintf("the plan in third_party_metadata.custom.plan lacks %s; verify the hook that writes it", [address])
}

provisioned_addresses(plan) := {change.address |
	some change in plan.resource_changes
	is_provisioned(change)
}

has_failed(plan) if object.get(plan, "errored", false) != false

defers_changes(plan) if {
	some name in {"deferred_changes", "deferred_action_invocations"}
	object.get(plan, name, []) != []
}

# in_file returns the message with the file's name, if there are several files.
in_file(number, message) := message if documents[number].file == ""

in_file(number, message) := sprintf("%s: %s", [documents[number].file, message]) if documents[number].file != ""

# kind describes a document that is not a plan.
kind(content) := "a state, not a Terraform plan" if {
	some name in {"values", "lineage", "serial"}
	has_key(content, name)
} else := "a validation result, not a Terraform plan" if {
	has_key(content, "diagnostics")
} else := "the log of a run in JSON, not a Terraform plan" if {
	walk(content, [_, line])
	has_key(line, "@level")
} else := "a plan for display, not a Terraform plan" if {
	has_key(content, "plan_format_version")
} else := "a provider schema, not a Terraform plan" if {
	has_key(content, "provider_schemas")
} else := "a part of a Terraform plan" if {
	some name in {"planned_values", "resource_changes", "configuration"}
	has_key(content, name)
} else := "not a Terraform plan"

has_key(content, name) if {
	is_object(content)
	name in object.keys(content)
}
