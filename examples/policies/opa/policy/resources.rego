# Finds the customers of the resources that a plan creates or updates, and the unknown
# values that may hide a customer.

package main

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
