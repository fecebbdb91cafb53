# What a plan, in JSON, has read from Fusebill.
#
# Data that was read while planning stands under prior_state, in whatever module.
# What is read only while applying stands in resource_changes alone, with nothing
# known of it. A data source inside of a check block stands in both, and was read.

package fusebill

# deferred are the addresses of the data sources that are read only while applying.
deferred contains change.address if {
	some change in input.resource_changes
	change.mode == "data"
	startswith(change.type, "fusebill_")
	"read" in change.change.actions
	object.get(change, "action_reason", "") != "read_because_check_nested"
}

# reads are the data sources that were read. One that is deferred does not count,
# although the state may hold what an earlier run read.
reads contains resource if {
	walk(input.prior_state.values.root_module, [path, resource])
	not "values" in path # What is within a resource's values only looks like one.
	resource.mode == "data"
	startswith(resource.type, "fusebill_")
	not resource.address in deferred
}

# customers are what was read of customers, each time that it was. All have an id, as
# text, and exists; those that exist have what their data source has of them.
customers contains customer if {
	some read in reads
	read.type in {"fusebill_customer_overview", "fusebill_customer_status"}
	customer := object.union(read.values, {"id": id_text(read.values.customer_id)})
}

customers contains customer if {
	some read in reads
	some attribute in {"overviews", "statuses"}
	some id, values in read.values[attribute]
	customer := object.union(values, {"id": id, "exists": true})
}

customers contains customer if {
	some read in reads
	some id in read.values.missing_customer_ids
	customer := {"id": id_text(id), "exists": false}
}

customers contains customer if {
	some read in reads
	read.type == "fusebill_customers"
	some values in read.values.customers
	customer := object.union(values, {"id": id_text(values.id), "exists": true})
}

# id_text gives an id as text, be it a number or text already.
id_text(id) := format_int(id, 10) if is_number(id)

id_text(id) := id if is_string(id)

# Whatever else stands in an id's place is nobody's id.
id_text(id) := sprintf("%v", [id]) if {
	not is_number(id)
	not is_string(id)
}
