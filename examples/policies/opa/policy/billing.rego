# Denies a plan that creates or updates a resource for a customer with a status that is
# not allowed, and warns of balances and of suspensions. The policy fails closed: a
# customer that the plan does not read, or that may be hidden in an unknown value, is
# denied.
#
# A resource belongs to a customer if it has the customer's Fusebill ID under the tag key:
# in a map such as tags or labels, in a pair such as key and value, or in a string such as
# "fusebill_customer_id:6", at any depth.

package main

# METADATA
# title: Customers are read during plan
deny contains in_file(number, message) if {
	some number
	some address in deferred_reads[number]
	message := sprintf("%s is read during apply, which is too late for this policy; pass customer IDs that are known during plan", [address])
}

# METADATA
# title: Customer IDs are known during plan
deny contains in_file(number, message) if {
	some number
	some address in hidden_ids[number]
	message := sprintf("%s has a %s that is unknown during plan; set an ID that is known during plan", [address, settings.tag_key])
}

# METADATA
# title: Values of pairs are known during plan
# description: A known customer on the same resource suffices.
deny contains in_file(number, message) if {
	some number
	some address in (hidden_pairs[number] - owned[number])
	message := sprintf("%s has a %s without a value that is known during plan; set an ID that is known during plan", [
		address, settings.tag_key,
	])
}

# METADATA
# title: Tags are known during plan
# description: A known customer on the same resource suffices.
deny contains in_file(number, message) if {
	some number
	some [address, path] in hidden_tags[number]
	not address in owned[number]
	message := sprintf("%s has unknown %s, which may name a customer; set tags that are known during plan, or exempt the resource type", [
		address, path_text(path),
	])
}

# METADATA
# title: Customer IDs are whole numbers
deny contains in_file(number, message) if {
	some number
	some address, values in ids[number]
	some value in values
	not whole_number(value)
	message := sprintf("%s has the customer ID %s, which is not a positive whole number; set the Fusebill ID of the customer", [
		address, json.marshal(value),
	])
}

# METADATA
# title: Customers are read
deny contains in_file(number, message) if {
	some number
	some [address, id] in owners[number]
	not customers_by_id[number][id]
	message := sprintf("%s belongs to customer %s, which the plan does not read from Fusebill; add a data source that reads the customer", [
		address, id,
	])
}

# METADATA
# title: Customers exist
deny contains in_file(number, message) if {
	some number
	some [address, id] in owners[number]
	some customer, _ in customers_by_id[number][id]
	object.get(customer, "exists", false) != true
	message := sprintf("%s belongs to customer %s, which does not exist in Fusebill; verify the ID", [address, id])
}

# METADATA
# title: Customers have an allowed status
deny contains in_file(number, message) if {
	some number
	some [address, id] in owners[number]
	some customer, _ in customers_by_id[number][id]
	customer.exists == true
	not has_allowed_status(customer)
	message := sprintf("%s belongs to customer %s, which has %s and %s; resolve the status in Fusebill first", [
		address, id,
		status_text("status", object.get(customer, "status", null)),
		status_text("account status", object.get(customer, "customer_account_status", null)),
	])
}

# METADATA
# title: Open balances
warn contains in_file(number, message) if {
	some number
	some customer in customers[number]
	is_number(customer.ar_balance)
	customer.ar_balance > 0
	message := sprintf("customer %s owes %s", [customer.id, amount_text(customer)])
}

# METADATA
# title: Upcoming suspensions
warn contains in_file(number, message) if {
	some number
	some customer in customers[number]
	is_number(customer.days_until_suspension)
	customer.days_until_suspension <= settings.notice_days
	message := sprintf("Fusebill suspends customer %s in %v days", [customer.id, customer.days_until_suspension])
}

# owners are the addresses of the provisioned resources, and the customers they belong to.
owners[number] contains [address, whole_number(value)] if {
	some number
	some address, values in ids[number]
	some value in values
}

# owned are the addresses of the resources that have a known customer.
owned[number] := {address | some [address, _] in owners[number]} if some number, _ in plans

# customers_by_id are the customers of the plans, as the keys of an object for each ID.
customers_by_id[number] := object.union_n([{customer.id: {customer: true}} |
	some customer in customers[number]
]) if some number, _ in plans

has_allowed_status(customer) if {
	customer.status in settings.allowed_statuses
	customer.customer_account_status in settings.allowed_account_statuses
}

status_text(name, null) := sprintf("no %s", [name])

status_text(name, value) := sprintf("%s %v", [name, value]) if value != null

amount_text(customer) := sprintf("%v %s", [customer.ar_balance, customer.currency]) if {
	is_string(customer.currency)
} else := sprintf("%v", [customer.ar_balance])

path_text([]) := "values"

path_text(path) := concat(".", [sprintf("%v", [step]) | some step in path]) if count(path) > 0
