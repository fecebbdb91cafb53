# Finds the customers that a plan reads from Fusebill. Terraform records data that it
# reads during plan in prior_state. Data that it reads during apply is in
# resource_changes, and its values are unknown. A data source in a check block is in
# both, and is read during plan.

package main

# deferred_reads are the addresses of the data sources that are read during apply.
deferred_reads[number] contains change.address if {
	some number, plan in plans
	some change in plan.resource_changes
	change.mode == "data"
	startswith(change.type, "fusebill_")
	"read" in change.change.actions
	object.get(change, "action_reason", "") != "read_because_check_nested"
}

# reads are the data sources that are read during plan. A deferred one does not count:
# its values in the state are from an earlier run.
reads[number] contains resource if {
	some number, plan in plans
	walk(plan.prior_state.values.root_module, [path, resource])
	not "values" in path # An object in the values of a resource may look like a read.
	resource.mode == "data"
	startswith(resource.type, "fusebill_")
	not resource.address in object.get(deferred_reads, number, set())
}

# customers are the results of the reads. Each has id, as text, and exists.
customers[number] contains object.union(read.values, {"id": whole_number(read.values.customer_id)}) if {
	some number
	some read in reads[number]
	read.type in {"fusebill_customer_overview", "fusebill_customer_status"}
	read.values.exists != null # It is null if the read failed, which is a warning in a check block.
}

customers[number] contains object.union(values, {"id": id, "exists": true}) if {
	some number
	some read in reads[number]
	some attribute in {"overviews", "statuses"}
	some id, values in read.values[attribute]
	is_object(values)
}

customers[number] contains object.union(values, {"id": whole_number(values.id), "exists": true}) if {
	some number
	some read in reads[number]
	read.type == "fusebill_customers"
	some values in read.values.customers
}

customers[number] contains {"id": whole_number(id), "exists": false} if {
	some number
	some read in reads[number]
	some id in read.values.missing_customer_ids
}

# whole_number returns the digits of a positive whole number, which may be text. It is
# undefined for every other value, and never rounds.
whole_number(value) := value if {
	is_string(value)
	regex.match(`^[1-9][0-9]*$`, value)
}

whole_number(value) := digits if {
	is_number(value)
	digits := regex.replace(json.marshal(value), `\.0+$`, "")
	regex.match(`^[1-9][0-9]*$`, digits)
}

# conftest converts numbers to floating point: 1234567 becomes 1.234567e+06. 15 digits are
# exact.
whole_number(value) := format_int(value, 10) if {
	is_number(value)
	regex.match(`^[1-9](\.[0-9]{1,14})?[eE]\+?[0-9]{1,2}$`, json.marshal(value))
	floor(value) == value
}
