# Defaults of the policy. The document data.fusebill_policy replaces them, one
# setting at a time.

package main

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
