# The policy in one file, for Spacelift. Written by make generate: do not edit.

package spacelift

# Denies a plan that creates or updates a resource for a customer with a status that is
# not allowed, and warns of balances and of suspensions. The policy fails closed: a
# customer that the plan does not read, or that may be hidden in an unknown value, is
# denied.
#
# A resource belongs to a customer if it has the customer's Fusebill ID under the tag key:
# in a map such as tags or labels, in a pair such as key and value, or in a string such as
# "fusebill_customer_id:6", at any depth.

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

# Finds the customers that a plan reads from Fusebill. Terraform records data that it
# reads during plan in prior_state. Data that it reads during apply is in
# resource_changes, and its values are unknown. A data source in a check block is in
# both, and is read during plan.

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

# Finds the customers of the resources that a plan creates or updates, and the unknown
# values that may hide a customer.

# provisioned are the resources that the plan creates or updates. They have all four keys,
# because an absent one would exclude the resource from the rules.
provisioned[number] contains resource if {
	some number, plan in plans
	some change in plan.resource_changes
	is_provisioned(change)
	resource := {
		"address": object.get(change, "address", "a resource without an address"),
		"type": object.get(change, "type", ""),
		"after": object.get(change, ["change", "after"], null),
		"after_unknown": object.get(change, ["change", "after_unknown"], {}),
	}
	not is_exempt(resource.type)
}

is_provisioned(change) if {
	object.get(change, "mode", "managed") != "data"
	not is_harmless(object.get(change, ["change", "actions"], null))
}

is_harmless(actions) if {
	is_array(actions)
	every action in actions {
		action in {"no-op", "read", "delete", "forget"}
	}
}

is_exempt(type) if {
	some pattern in settings.exempt_types
	glob.match(pattern, [], type)
}

# ids are the customer IDs of the provisioned resources, by number and address.
ids[number][resource.address] contains id if {
	some number
	some resource in provisioned[number]
	some id in ids_in(resource.type, resource.after)
}

ids[number][resource.address] contains id if {
	some number
	some resource in provisioned[number]
	outer := trees_in(resource.after)
	some tree in (outer | trees_in(outer)) # A text may be in another text.
	some id in ids_in(resource.type, tree)
	not is_description(id)
}

ids_in(type, tree) := union({ids_in_maps(tree), ids_in_pairs(tree), ids_in_strings(type, tree)})

# is_description reports whether a value describes a customer ID, as a JSON schema does.
is_description(value) if {
	walk(value, [_, part])
	is_object(part)
}

# trees_in returns the values in the JSON and YAML texts of a tree.
trees_in(tree) := {decoded |
	walk(tree, [_, text])
	some decoded in decode(text)
}

# decode returns the objects and lists in a JSON text, and in the documents of a YAML text.
decode(text) := {tree |
	is_string(text)
	contains(text, settings.tag_key)
	regex.match(`^["\[]|[{\n]`, text)
	some document in regex.split(`(?m)^---\s`, text)
	yaml.is_valid(document)
	tree := yaml.unmarshal(document)
	type_name(tree) in {"object", "array"}
}

ids_in_maps(tree) := {id |
	walk(tree, [path, id])
	last(path) == settings.tag_key
}

ids_in_pairs(tree) := {id |
	some pair in pairs(tree)
	some value in values_of(pair)
	some id in as_list(value)
}

# ids_in_strings returns the IDs in tags such as "fusebill_customer_id:6".
ids_in_strings(type, tree) := {id |
	walk(tree, [path, text])
	is_string(text)
	count(decode(text)) == 0
	is_tag_text(type, path)
	some tag in regex.split(`[,;]`, text)
	startswith(trim_space(tag), settings.tag_key)
	rest := substring(trim_left(tag, " \t\r\n"), count(settings.tag_key), -1)
	id := regex.find_all_string_submatch_n(`(?s)^\s*[:=]\s*(.*)$`, rest, 1)[0][1]
}

# is_tag_text reports whether the string at the path may be a tag: it is in a list, or in
# an attribute for tags.
is_tag_text(_, path) if is_number(last(path))

is_tag_text(type, path) if {
	some name in path
	is_tag_attribute(type, name)
}

is_tag_attribute(type, name) if {
	is_string(name)
	some pattern in settings.tag_attributes
	some subject in {name, sprintf("%s.%s", [type, name])}
	glob.match(pattern, [], subject)
}

# pairs returns the objects in a tree that have the tag key under a name such as key, Key,
# name, or tag_key. The stem is the name without its ending, in lower case.
pairs(tree) := {{"path": path, "name": name, "stem": stem(name), "object": object} |
	walk(tree, [path, object])
	some name, text in object
	text == settings.tag_key
	is_pair_name(name)
}

is_pair_name(name) if {
	is_string(name)
	regex.match(`(?i)(key|name)$`, name)
}

stem(name) := lower(regex.replace(name, `(?i)(key|name)$`, ""))

# values_of returns the values that belong to the name of a pair.
values_of(pair) := {value |
	some name, value in pair.object
	is_value_name(name, pair.stem)
}

is_value_name(name, prefix) if lower(name) in {concat("", [prefix, "value"]), concat("", [prefix, "values"])}

# hidden_ids are the addresses of the resources that have an unknown customer ID in a map.
hidden_ids[number] contains resource.address if {
	some number
	some resource in provisioned[number]
	some path in unknowns(resource)
	last(path) == settings.tag_key
}

# hidden_pairs are the addresses of the resources that have a pair with the tag key and
# without a known value.
hidden_pairs[number] contains resource.address if {
	some number
	some resource in provisioned[number]
	some pair in pairs(resource.after)
	count(values_of(pair)) == 0
	is_without_value(resource, pair)
}

# is_without_value reports whether a pair lacks a value that it should have. An object with
# a name and without a value, such as a column of a table, is not a pair.
is_without_value(resource, pair) if {
	some name, _ in object.get(resource.after_unknown, pair.path, {})
	is_value_name(name, pair.stem)
}

is_without_value(_, pair) if {
	count(pair.path) > 0
	lower(pair.name) == "key" # The index of a table may have a hash_key without a value.
}

is_without_value(resource, pair) if {
	some name in pair.path
	is_tag_attribute(resource.type, name)
}

# hidden_tags are the addresses and paths of the unknown values that may name a customer.
hidden_tags[number] contains [resource.address, path] if {
	some number
	some resource in provisioned[number]
	some path in unknowns(resource)
	may_hide(resource, path)
}

may_hide(_, [])

may_hide(resource, path) if is_tag_attribute(resource.type, last([name | some name in path; is_string(name)]))

# The name in a pair of a tag is unknown.
may_hide(resource, path) if {
	is_pair_name(last(path))
	parent := array.slice(path, 0, count(path) - 1)
	some name in parent
	is_tag_attribute(resource.type, name)
	some values in [resource.after, resource.after_unknown]
	is_object(values)
	some sibling, _ in object.get(values, parent, {})
	is_value_name(sibling, stem(last(path)))
}

# unknowns returns the paths of a resource's unknown values. The path of a resource that
# is unknown as a whole is empty.
unknowns(resource) := {path |
	walk(resource.after_unknown, [path, true])
	not is_exempt_path(resource.type, path)
} | {[] | not is_object(resource.after)}

is_exempt_path(type, path) if {
	some pattern in settings.exempt_attributes
	glob.match(pattern, [], sprintf("%s.%s", [type, path[0]]))
}

last(list) := list[count(list) - 1]

as_list(value) := value if is_array(value)

as_list(value) := [value] if not is_array(value)

# Finds the plans in the input: a plan as `terraform show -json PLANFILE` writes it,
# the files of `conftest test --combine`, and the envelopes of policy platforms.

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

# Defaults of the policy. The document data.fusebill_policy replaces them, one
# setting at a time.

# defaults are the settings of a policy without data.
defaults := {
	# Statuses of a customer with which resources may be created or updated.
	"allowed_statuses": ["Active"],
	"allowed_account_statuses": ["Good"],
	# Days before a suspension in which the policy warns.
	"notice_days": 14,
	# Tag, label, or other key that holds the Fusebill ID of a resource's customer.
	"tag_key": "fusebill_customer_id",
	# Attributes that may hold the tag. The policy denies a resource if one of them is
	# unknown. A pattern with a period is matched against TYPE.ATTRIBUTE.
	"tag_attributes": [
		"tags", "tags_all", "tag", "tag_specifications",
		"labels", "effective_labels", "terraform_labels",
		"input", "kubernetes_*.metadata", "kubernetes_manifest.manifest",
	],
	# Attributes, as TYPE.ATTRIBUTE, that only the provider sets. They may be unknown.
	"exempt_attributes": ["kubernetes_manifest.object"],
	# Resource types that never belong to a customer. Patterns are allowed.
	"exempt_types": [],
}

default overrides := {}

overrides := data.fusebill_policy if is_object(data.fusebill_policy)

settings := object.union(defaults, overrides)

# METADATA
# title: Settings are an object
deny contains "data.fusebill_policy must be an object" if {
	type_name(data.fusebill_policy) != "object"
}

# METADATA
# title: Settings have known names
deny contains sprintf("data.fusebill_policy.%s is not a setting; the settings are %s", [name, names]) if {
	some name in (object.keys(overrides) - object.keys(defaults))
	names := concat(", ", sort(object.keys(defaults)))
}

# METADATA
# title: Settings have valid values
deny contains sprintf("data.fusebill_policy.%s is not valid; its default is %s", [name, json.marshal(initial)]) if {
	some name, initial in defaults
	value := overrides[name]
	not is_valid(value, initial)
}

# is_valid reports whether the value has the type of the default, and whether its strings
# are not empty and are valid as patterns.
is_valid(value, initial) if {
	type_name(value) == type_name(initial)
	every text in texts(value) {
		is_string(text)
		text != ""
		is_boolean(glob.match(text, [], ""))
	}
}

texts(value) := value if is_array(value)

texts(value) := [value] if is_string(value)

texts(value) := [] if is_number(value)
