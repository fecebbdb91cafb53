# Denies plans that provision for customers who are not active and in good standing,
# and warns of balances and of suspensions to come. It fails closed: a customer who was
# not read, or is read only while applying, is denied.
#
# A resource is for a customer where it has the customer's Fusebill id under the key
# fusebill_customer_id, at whatever depth: in its tags, its labels, its input; or in a
# pair of key and value, as some resources have their tags. Where all of the tags, labels
# or input are known only while applying, a customer may be among them: that is denied.

package main

import data.fusebill

key := "fusebill_customer_id"

allowed_statuses := {"Active"}

allowed_account_statuses := {"Good"}

# days before a suspension from which on there is a warning.
notice := 14

deny contains "this is no plan in JSON: make it with terraform show -json" if not input.format_version

deny contains "the plan has failed" if input.errored

deny contains sprintf("%s is read only while applying, so that nothing can be said of its customers", [address]) if {
	some address in fusebill.deferred
}

deny contains sprintf("%s is for a customer who is known only while applying", [change.address]) if {
	some change in provisioned
	walk(change.change.after_unknown, [path, true])
	path[count(path) - 1] == key
}

deny contains sprintf("%s has %s that are known only while applying, and a customer may be among them", [change.address, name]) if {
	some change in provisioned
	some name in {"tags", "labels", "input"}
	change.change.after_unknown[name] == true
}

deny contains sprintf("%s is for customer %s, who was not read from Fusebill", [address, id]) if {
	some [address, id] in customers_of_resources
	not id in {customer.id | some customer in fusebill.customers}
}

deny contains sprintf("%s is for customer %s, who does not exist in Fusebill", [address, id]) if {
	some [address, id] in customers_of_resources
	some customer in fusebill.customers
	customer.id == id
	not customer.exists
}

deny contains sprintf("%s is for customer %s, who is %v and in %v", [address, id, object.get(customer, "status", null), object.get(customer, "customer_account_status", null)]) if {
	some [address, id] in customers_of_resources
	some customer in fusebill.customers
	customer.id == id
	customer.exists
	not in_good_standing(customer)
}

warn contains sprintf("customer %s owes %v %v", [customer.id, customer.ar_balance, customer.currency]) if {
	some customer in fusebill.customers
	customer.ar_balance > 0
}

warn contains sprintf("customer %s will be suspended in %d days", [customer.id, customer.days_until_suspension]) if {
	some customer in fusebill.customers
	is_number(customer.days_until_suspension)
	customer.days_until_suspension <= notice
}

in_good_standing(customer) if {
	customer.status in allowed_statuses
	customer.customer_account_status in allowed_account_statuses
}

# provisioned are the resources that the plan makes or changes.
provisioned contains change if {
	some change in input.resource_changes
	change.mode == "managed"
	some action in change.change.actions
	action in {"create", "update"}
}

# customers_of_resources are pairs of a provisioned resource's address and the id of
# the customer whom it is for.
customers_of_resources contains [change.address, fusebill.id_text(id)] if {
	some change in provisioned
	walk(change.change.after, [path, id])
	path[count(path) - 1] == key
}

customers_of_resources contains [change.address, fusebill.id_text(pair.value)] if {
	some change in provisioned
	walk(change.change.after, [_, pair])
	pair.key == key
}
