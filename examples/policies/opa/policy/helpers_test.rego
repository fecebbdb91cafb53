# Builds plans for the tests of the policy.

package main_test

# plan returns a plan with the changes and the data sources.
plan(changes, reads) := {
	"format_version": "1.2",
	"terraform_version": "1.11.4",
	"planned_values": {},
	"configuration": {},
	"resource_changes": changes,
	"prior_state": {"values": {"root_module": {"resources": reads}}},
}

# creating returns a plan that reads customer 1, which is in good standing, and creates a
# resource with the values.
creating(after, after_unknown) := plan([resource(after, after_unknown)], [status({})])

# for_customer returns a plan that creates a resource for customer 1.
for_customer(reads) := plan([resource({"tags": {"fusebill_customer_id": "1"}}, {})], reads)

resource(after, after_unknown) := {
	"address": "example_server.this",
	"mode": "managed",
	"type": "example_server",
	"change": {"actions": ["create"], "before": null, "after": after, "after_unknown": after_unknown},
}

# status returns a data source that reads customer 1, which is in good standing by default.
# values replaces its values.
status(values) := data_source("fusebill_customer_status", object.union(
	{"customer_id": 1, "id": 1, "exists": true, "status": "Active", "customer_account_status": "Good"},
	values,
))

data_source(type, values) := {
	"address": sprintf("data.%s.this", [type]),
	"mode": "data",
	"type": type,
	"values": values,
}

# with_change returns the plan with values of the first resource change replaced.
with_change(original, values) := json.patch(original, [{
	"op": "replace",
	"path": "/resource_changes/0",
	"value": object.union(original.resource_changes[0], values),
}])
