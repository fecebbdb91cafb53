package main_test

import data.main

# plan gives a plan that makes a resource for customer 6, with reads by module depth.
plan(prior) := {
	"format_version": "1.2",
	"resource_changes": [{
		"address": "terraform_data.stack", "mode": "managed", "type": "terraform_data",
		"change": {"actions": ["create"], "after": {"tags": {"fusebill_customer_id": "6"}}, "after_unknown": {"id": true}},
	}],
	"prior_state": {"values": {"root_module": prior}},
}

status(values) := {
	"address": "data.fusebill_customer_status.this", "mode": "data", "type": "fusebill_customer_status",
	"values": object.union({"customer_id": 6, "exists": true, "status": "Active", "customer_account_status": "Good"}, values),
}

reading(values) := plan({"resources": [status(values)]})

test_good_standing_is_allowed if {
	count(main.deny) == 0 with input as reading({})
	count(main.warn) == 0 with input as reading({})
}

test_each_bad_standing_is_denied if {
	every values, reason in {
		{"customer_account_status": "PoorStanding"}: "Active and in PoorStanding",
		{"customer_account_status": "Collection"}: "Active and in Collection",
		{"status": "Suspended"}: "Suspended and in Good",
		{"status": "Dormant"}: "Dormant and in Good",
		{"status": null}: "null and in Good",
	} {
		main.deny == {sprintf("terraform_data.stack is for customer 6, who is %s", [reason])} with input as reading(values)
	}
}

test_module_depth_does_not_matter if {
	deep := {"child_modules": [{"child_modules": [{"resources": [status({"status": "Hold"})]}]}]}
	main.deny == {"terraform_data.stack is for customer 6, who is Hold and in Good"} with input as plan(deep)
}

test_unread_is_denied if {
	denied := {"terraform_data.stack is for customer 6, who was not read from Fusebill"}
	main.deny == denied with input as plan({})
	main.deny == denied with input as object.remove(plan({}), ["prior_state"])
	main.deny == denied with input as reading({"customer_id": 7})
}

test_nobody_is_denied if {
	denied := {"terraform_data.stack is for customer 6, who does not exist in Fusebill"}
	main.deny == denied with input as reading({"exists": false, "status": null, "customer_account_status": null})
	main.deny == denied with input as plan({"resources": [{
		"address": "data.fusebill_customer_statuses.this", "mode": "data", "type": "fusebill_customer_statuses",
		"values": {"statuses": {}, "missing_customer_ids": [6]},
	}]})
}

# What an earlier run read is in the state, but is not what this run will read.
test_deferred_is_denied_whatever_the_state_holds if {
	deferred := {
		"address": "data.fusebill_customer_status.this", "mode": "data", "type": "fusebill_customer_status",
		"change": {"actions": ["read"]}, "action_reason": "read_because_config_unknown",
	}
	denied := main.deny with input as object.union(reading({}), {"resource_changes": array.concat(reading({}).resource_changes, [deferred])})
	denied == {
		"data.fusebill_customer_status.this is read only while applying, so that nothing can be said of its customers",
		"terraform_data.stack is for customer 6, who was not read from Fusebill",
	}
}

test_check_scoped_reads_count if {
	scoped := {
		"address": "data.fusebill_customer_status.this", "mode": "data", "type": "fusebill_customer_status",
		"change": {"actions": ["read"]}, "action_reason": "read_because_check_nested",
	}
	denied := main.deny with input as object.union(reading({}), {"resource_changes": array.concat(reading({}).resource_changes, [scoped])})
	count(denied) == 0
}

test_one_bad_read_of_two_is_enough if {
	both := plan({"resources": [status({}), object.union(status({"status": "Hold"}), {"address": "data.fusebill_customer_status.again"})]})
	main.deny == {"terraform_data.stack is for customer 6, who is Hold and in Good"} with input as both
}

test_unknown_customer_is_denied if {
	unknown := {
		"format_version": "1.2",
		"resource_changes": [{
			"address": "terraform_data.stack", "mode": "managed", "type": "terraform_data",
			"change": {"actions": ["update"], "after": {"tags": {}}, "after_unknown": {"tags": {"fusebill_customer_id": true}}},
		}],
	}
	main.deny == {"terraform_data.stack is for a customer who is known only while applying"} with input as unknown
}

# An id may stand wherever a resource keeps such things, and what is no id is nobody's.
test_id_in_each_place if {
	every after, who in {
		{"labels": {"fusebill_customer_id": "6"}}: "6",
		{"input": {"deep": [{"fusebill_customer_id": 6}]}}: "6",
		{"tag": [{"key": "fusebill_customer_id", "value": "6"}]}: "6",
		{"tags": {"fusebill_customer_id": null}}: "null",
		{"tags": {"fusebill_customer_id": [6]}}: "[6]",
	} {
		changed := json.patch(reading({"customer_id": 7}), [{"op": "replace", "path": "/resource_changes/0/change/after", "value": after}])
		main.deny == {sprintf("terraform_data.stack is for customer %s, who was not read from Fusebill", [who])} with input as changed
	}
}

test_unknown_tags_are_denied if {
	every name in ["tags", "labels", "input"] {
		changed := json.patch(reading({}), [{"op": "replace", "path": "/resource_changes/0/change/after_unknown", "value": {name: true}}])
		main.deny == {sprintf("terraform_data.stack has %s that are known only while applying, and a customer may be among them", [name])} with input as changed
	}
}

# What is within the values of a resource only looks like a read.
test_forged_reads_do_not_count if {
	forged := {"resources": [{"address": "terraform_data.forged", "mode": "managed", "type": "terraform_data", "values": {"input": status({})}}]}
	main.deny == {"terraform_data.stack is for customer 6, who was not read from Fusebill"} with input as plan(forged)
}

test_absent_status_is_denied if {
	bare := {"address": "data.fusebill_customer_status.this", "mode": "data", "type": "fusebill_customer_status", "values": {"customer_id": 6, "exists": true}}
	main.deny == {"terraform_data.stack is for customer 6, who is null and in null"} with input as plan({"resources": [bare]})
}

# What is taken away, or left alone, is nobody's harm.
test_only_what_is_made_or_changed_counts if {
	every actions in [["delete"], ["no-op"], ["forget"]] {
		changed := json.patch(plan({}), [{"op": "replace", "path": "/resource_changes/0/change/actions", "value": actions}])
		count(main.deny) == 0 with input as changed
	}
	every actions in [["update"], ["delete", "create"], ["create", "delete"]] {
		changed := json.patch(plan({}), [{"op": "replace", "path": "/resource_changes/0/change/actions", "value": actions}])
		count(main.deny) == 1 with input as changed
	}
}

test_no_plan_is_denied if {
	"this is no plan in JSON: make it with terraform show -json" in main.deny with input as {}
	"the plan has failed" in main.deny with input as object.union(reading({}), {"errored": true})
}

test_warnings if {
	main.warn == {"customer 6 owes 0.5 USD", "customer 6 will be suspended in 14 days"} with input as reading({"ar_balance": 0.5, "currency": "USD", "days_until_suspension": 14})
	count(main.warn) == 0 with input as reading({"ar_balance": -1, "days_until_suspension": 15})
	count(main.warn) == 0 with input as reading({"ar_balance": null, "days_until_suspension": null})
}
