package main_test

import data.main

unread := "example_server.this belongs to customer 1, which the plan does not read from Fusebill; add a data source that reads the customer"

test_each_data_source_is_read if {
	values := {"status": "Active", "customer_account_status": "Good"}
	every read in [
		status({}),
		data_source("fusebill_customer_overview", object.union(values, {"customer_id": 1, "exists": true})),
		data_source("fusebill_customer_statuses", {"statuses": {"1": values}, "missing_customer_ids": []}),
		data_source("fusebill_customer_overviews", {"overviews": {"1": values}, "missing_customer_ids": null}),
		data_source("fusebill_customers", {"customers": [object.union(values, {"id": 1})]}),
	] {
		count(main.deny) == 0 with input as for_customer([read])
	}
}

test_each_data_source_reports_its_status if {
	values := {"status": "Hold", "customer_account_status": "Good"}
	every read in [
		status({"status": "Hold"}),
		data_source("fusebill_customer_overview", object.union(values, {"customer_id": 1, "exists": true})),
		data_source("fusebill_customer_statuses", {"statuses": {"1": values}, "missing_customer_ids": []}),
		data_source("fusebill_customer_overviews", {"overviews": {"1": values}, "missing_customer_ids": []}),
		data_source("fusebill_customers", {"customers": [object.union(values, {"id": 1})]}),
	] {
		main.deny == {held} with input as for_customer([read])
		main.deny == {held} with input as for_customer([status({}), read]) # The worst status counts.
	}
}

test_modules_and_instances_are_read if {
	instances := [object.union(status({"customer_id": id}), {"address": sprintf("data.fusebill_customer_status.this[%d]", [id]), "index": id}) | some id in [1, 2]]
	deep := {"child_modules": [{"resources": []}, {"child_modules": [{"resources": instances}]}]}
	count(main.deny) == 0 with input as json.patch(good, [{"op": "replace", "path": "/prior_state/values/root_module", "value": deep}])
}

test_unread_customer_is_denied if {
	main.deny == {unread} with input as for_customer([])
	main.deny == {unread} with input as for_customer([status({"customer_id": 2})])
	main.deny == {unread} with input as object.remove(good, ["prior_state"])
	main.deny == {unread} with input as for_customer([data_source("fusebill_customer_statuses", {"statuses": {"1": null}})])
	main.deny == {unread} with input as for_customer([data_source("http", {"customer_id": 1, "exists": true, "status": "Active"})])
	main.deny == {unread}
		with input as for_customer([data_source("http", {"statuses": {"1": {"status": "Active", "customer_account_status": "Good"}}})])
	main.deny == {unread} with input as for_customer([object.union(status({}), {"mode": "managed"})])
}

# A read that fails in a check block is a warning, and its values are null.
test_failed_read_does_not_count if {
	failed := status({"exists": null, "id": null, "status": null, "customer_account_status": null})
	main.deny == {unread} with input as for_customer([failed])
	count(main.deny) == 0 with input as for_customer([failed, status({})])
}

# An object in a resource's values is not a read.
test_forged_reads_do_not_count if {
	forged := object.union(data_source("terraform_data", {"input": {"resources": [status({})]}}), {"mode": "managed"})
	main.deny == {unread} with input as for_customer([forged])
}

test_missing_customer_is_denied if {
	missing := {"example_server.this belongs to customer 1, which does not exist in Fusebill; verify the ID"}
	every read in [
		status({"exists": false, "id": null, "status": null, "customer_account_status": null}),
		status({"exists": "true"}),
		data_source("fusebill_customer_statuses", {"statuses": {}, "missing_customer_ids": [1]}),
		data_source("fusebill_customer_overviews", {"overviews": {}, "missing_customer_ids": [2, 1]}),
	] {
		main.deny == missing with input as for_customer([read])
	}
}

read_during_apply(reason) := {
	"address": "data.fusebill_customer_status.this",
	"mode": "data",
	"type": "fusebill_customer_status",
	"action_reason": reason,
	"change": {"actions": ["read"], "before": null, "after": {"customer_id": 1}, "after_unknown": {"status": true}},
}

late := "data.fusebill_customer_status.this is read during apply, which is too late for this policy; pass customer IDs that are known during plan"

# The state may contain values from an earlier run.
test_read_during_apply_is_denied if {
	every reason in ["read_because_config_unknown", "read_because_dependency_pending"] {
		main.deny == {late, unread} with input as plan(array.concat(good.resource_changes, [read_during_apply(reason)]), [status({})])
	}
	main.deny == {late} with input as plan([object.remove(read_during_apply(""), ["action_reason"])], [])
}

test_read_in_a_check_counts if {
	checked := plan(array.concat(good.resource_changes, [read_during_apply("read_because_check_nested")]), [status({})])
	count(main.deny) == 0 with input as checked
}

test_other_reads_during_apply_are_ignored if {
	other := object.union(read_during_apply("read_because_config_unknown"), {"type": "http", "address": "data.http.this"})
	count(main.deny) == 0 with input as plan(array.concat(good.resource_changes, [other]), [status({})])
	destroyed := object.union(read_during_apply(""), {"change": {"actions": ["delete"]}})
	count(main.deny) == 0 with input as plan([destroyed], [])
}

test_whole_numbers if {
	every value, digits in {
		1: "1", 1e3: "1000", 1.234567e+06: "1234567", 6.0: "6", "6": "6",
		9007199254740993: "9007199254740993", 123456789012345678901234567890: "123456789012345678901234567890",
	} {
		main.whole_number(value) == digits
	}
	every value in [
		0, -1, 6.5, 6.000000000000000000000001, 1.5e0, 1e-3, 1.2345e3, 9.007199254740992e+15,
		"0", "-1", "06", "6 ", " 6", "6.0", "1e3", "6\n", "٦", "", null, true, [6], {"id": 6},
	] {
		not main.whole_number(value)
	}
}
