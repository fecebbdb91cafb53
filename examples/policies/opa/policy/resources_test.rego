package main_test

import data.main

denies(after, after_unknown, messages) if {
	main.deny == messages with input as creating(after, after_unknown)
}

allows(after, after_unknown) if {
	denies(after, after_unknown, set())
}

unread_6 := {"example_server.this belongs to customer 6, which the plan does not read from Fusebill; add a data source that reads the customer"}

unknown_id := {"example_server.this has a fusebill_customer_id that is unknown during plan; set an ID that is known during plan"}

unknown_value := {"example_server.this has a fusebill_customer_id without a value that is known during plan; set an ID that is known during plan"}

unknown_tags(path) := {sprintf("example_server.this has unknown %s, which may name a customer; set tags that are known during plan, or exempt the resource type", [path])}

invalid_id(text) := {sprintf("example_server.this has the customer ID %s, which is not a positive whole number; set the Fusebill ID of the customer", [text])}

test_unrelated_resources_are_allowed if {
	allows({}, {"id": true})
	allows({"name": "x", "tags": {"Name": "x"}, "tags_all": {}, "labels": null}, {"arn": true, "tags": {"Name": true}, "tags_all": {}})
	allows({"tag": [{"key": "Name", "value": "x"}], "key": "x"}, {"tag": [{}], "key": true, "value": true, "name": true})
	allows({"input": {"name": "x"}}, {"input": {"id": true}, "output": true})
	allows({"metadata": [{"labels": {}}]}, {"metadata": [{"generation": true, "labels": {}, "uid": true}], "spec": true})
	allows({"description": "fusebill_customer_id: the tag of customers", "tags": ["fusebill", "fusebill_customer_ids:6"]}, {})
	allows({"tags": {"fusebill_customer_id_old": "6"}}, {"tags": {"other": true}})
}

test_id_in_maps if {
	every after in [
		{"tags": {"fusebill_customer_id": "6"}},
		{"tags_all": {"fusebill_customer_id": 6}},
		{"metadata": [{"labels": {"fusebill_customer_id": "6"}}]},
		{"input": {"deep": [{"fusebill_customer_id": 6}]}},
		{"fusebill_customer_id": 6},
	] {
		denies(after, {}, unread_6)
	}
	allows({"tags": {"fusebill_customer_id": "1"}}, {})
}

test_id_in_pairs if {
	every pair in [
		{"key": "fusebill_customer_id", "value": "6"},
		{"Key": "fusebill_customer_id", "Value": "6"},
		{"name": "fusebill_customer_id", "value": 6},
		{"tag_key": "fusebill_customer_id", "tag_value": "6"},
		{"TagKey": "fusebill_customer_id", "TagValue": "6"},
		{"key": "fusebill_customer_id", "operator": "In", "values": ["6"]},
	] {
		denies({"tag": [{"key": "Name", "value": "x"}, pair]}, {}, unread_6)
		denies(pair, {}, unread_6)
	}
	allows({"tag": [{"key": "fusebill_customer_id", "value": "1"}]}, {})
}

test_id_in_strings if {
	every tag in [
		"fusebill_customer_id:6", "fusebill_customer_id=6", "fusebill_customer_id: 6", " fusebill_customer_id:6",
		"\tfusebill_customer_id:6", "env:x,fusebill_customer_id:6", "env:x; fusebill_customer_id=6",
	] {
		denies({"tags": ["env:x", tag]}, {}, unread_6)
		denies({"tags": tag}, {}, unread_6)
		denies({"command": ["run", tag]}, {}, unread_6)
	}
	allows({"tags": ["fusebill_customer_id:1"]}, {})
}

test_id_in_encoded_values if {
	every text in [`{"labels": {"fusebill_customer_id": 6}}`, `[{"key": "fusebill_customer_id", "value": "6"}]`, "labels:\n  fusebill_customer_id: '6'\n"] {
		denies({"values": text}, {}, unread_6)
		denies({"values": [text]}, {}, unread_6)
	}
	allows({"user_data": "#!/bin/sh\necho $fusebill_customer_id: { [\n"}, {})
}

test_id_in_short_texts if {
	every text in [`["fusebill_customer_id:6"]`, `"fusebill_customer_id": 6`] {
		denies({"values": text}, {}, unread_6)
	}
}

test_id_in_each_document if {
	every text in [
		"a: 1\n---\nfusebill_customer_id: 6\n",
		"---\nfusebill_customer_id: 1\n---\r\nfusebill_customer_id: 6\r\n",
		"{{ template }}: [\n--- \nfusebill_customer_id: 6\n...\n",
	] {
		denies({"yaml_body": text}, {}, unread_6)
	}
}

test_id_in_text_in_text if {
	inner := yaml.marshal({"labels": {"fusebill_customer_id": 6}})
	denies({"yaml_body": yaml.marshal({"helm": {"values": inner}})}, {}, unread_6)
	denies({"body": json.marshal({"values": [json.marshal({"labels": {"fusebill_customer_id": "x"}})]})}, {}, invalid_id(`"x"`))
}

# A schema or a pattern of events does not belong to a customer.
test_descriptions_in_texts_are_allowed if {
	every text in [
		`{"properties": {"fusebill_customer_id": {"type": "integer"}}}`,
		`{"detail": {"fusebill_customer_id": [{"exists": true}]}}`,
		"properties:\n  fusebill_customer_id:\n    type: integer\n",
	] {
		allows({"schema": text}, {})
	}
	denies({"schema": `{"fusebill_customer_id": [6]}`}, {}, invalid_id("[6]"))
	denies({"schema": `{"fusebill_customer_id": null}`}, {}, invalid_id("null"))
}

test_id_that_is_not_a_whole_number_is_denied if {
	every id, text in {
		6.5: "6.5", -1: "-1", 0: "0", "06": `"06"`, "6 ": `"6 "`, "": `""`, "1e0": `"1e0"`,
		null: "null", true: "true", [1]: "[1]", {"id": 1}: `{"id":1}`, "59832d41": `"59832d41"`,
	} {
		denies({"tags": {"fusebill_customer_id": id}}, {}, invalid_id(text))
	}
	denies({"tag": [{"key": "fusebill_customer_id", "value": "x"}]}, {}, invalid_id(`"x"`))
	denies({"tags": ["fusebill_customer_id:"]}, {}, invalid_id(`""`))
	denies({"tags": ["fusebill_customer_id:1 "]}, {}, invalid_id(`"1 "`))
	denies({"tags": ["fusebill_customer_id:1\n"]}, {}, invalid_id(`"1\n"`))
	denies({"rule": [{"key": "fusebill_customer_id", "values": ["1", null]}]}, {}, invalid_id("null"))
}

test_each_of_several_ids_counts if {
	denies({"tags": {"fusebill_customer_id": "1"}, "labels": {"fusebill_customer_id": "6"}}, {}, unread_6)
	denies({"tags": {"fusebill_customer_id": "1"}, "labels": {"fusebill_customer_id": "x"}}, {}, invalid_id(`"x"`))
}

test_unknown_id_in_maps if {
	denies({"tags": {}}, {"tags": {"fusebill_customer_id": true}}, unknown_id)
	denies({"metadata": [{"labels": {}}]}, {"metadata": [{"labels": {"fusebill_customer_id": true}}]}, unknown_id)
	denies({"tags": {"fusebill_customer_id": "1"}, "labels": {}}, {"labels": {"fusebill_customer_id": true}}, unknown_id) # A known ID does not help.
}

test_unknown_id_in_pairs if {
	every name, value in {"key": "value", "Key": "Value", "name": "value", "tag_key": "tag_value"} {
		pair := {name: "fusebill_customer_id"}
		denies({"tag": [pair]}, {"tag": [{value: true}]}, unknown_value)
		denies({"tag": [pair]}, {}, unknown_value)
		denies({"tag": [pair]}, {"tag": [{value: false}]}, unknown_value)
		denies({"setting": [pair]}, {"setting": [{value: true}]}, unknown_value)
		denies(pair, {value: true}, unknown_value)
		allows({"tag": [pair], "tags": {"fusebill_customer_id": "1"}}, {"tag": [{value: true}]}) # The customer is known.
		denies({"tag": [pair], "tags": {"fusebill_customer_id": "6"}}, {"tag": [{value: true}]}, unread_6)
	}
	denies({"setting": [{"key": "fusebill_customer_id"}]}, {}, unknown_value)
	allows({"attribute": [{"name": "fusebill_customer_id", "type": "N"}]}, {"attribute": [{}]}) # A column of a table.
	allows({"index": [{"hash_key": "fusebill_customer_id", "range_key": "x"}]}, {"id": true})
	allows({"name": "fusebill_customer_id"}, {"id": true})
	allows({"key": "fusebill_customer_id", "bucket": "x"}, {"id": true})
}

test_unknown_tags if {
	every name in ["tags", "tags_all", "tag", "tag_specifications", "labels", "effective_labels", "terraform_labels", "input"] {
		denies({}, {name: true}, unknown_tags(name))
		denies({}, {name: [false, true]}, unknown_tags(sprintf("%s.1", [name])))
		denies({"spec": [{}]}, {"spec": [{"template": [{name: true}]}]}, unknown_tags(sprintf("spec.0.template.0.%s", [name])))
		allows({}, {name: false})
		allows({"labels": {"fusebill_customer_id": "1"}}, {name: true, "tags_all": true}) # The customer is known.
		denies({"labels": {"fusebill_customer_id": "6"}}, {name: true}, unread_6)
		denies({"labels": {"fusebill_customer_id": "x"}}, {name: true}, invalid_id(`"x"`) | unknown_tags(name))
	}
	denies({"metadata": [{}]}, {"metadata": [{"labels": true}]}, unknown_tags("metadata.0.labels"))
	denies({"input": {}}, {"input": {"tags": true}}, unknown_tags("input.tags"))
}

test_unknown_names_in_pairs if {
	denies({"tag": [{"value": "6"}]}, {"tag": [{"key": true}]}, unknown_tags("tag.0.key"))
	denies({"tags": [{}]}, {"tags": [{"Key": true, "Value": true}]}, unknown_tags("tags.0.Key"))
	allows({"input": [{"size": 1}]}, {"input": [{"name": true}]})
	allows({"header": [{"value": "6"}]}, {"header": [{"name": true}]})
}

test_unknown_resource if {
	denies({}, true, unknown_tags("values"))
	denies(null, true, unknown_tags("values"))
	denies(null, {}, unknown_tags("values"))
}

namespace(unknown) := with_change(creating({}, unknown), {"type": "kubernetes_namespace"})

manifest(unknown) := with_change(creating({}, unknown), {"type": "kubernetes_manifest"})

test_change_without_actions_is_denied if {
	main.deny == {held} with input as json.remove(bad, ["/resource_changes/0/change/actions"])
	main.deny == unknown_tags("values") with input as json.remove(bad, ["/resource_changes/0/change"])
	main.deny == {held} with input as json.remove(bad, ["/resource_changes/0/type"])
}

test_attributes_of_types if {
	main.deny == unknown_tags("metadata") with input as namespace({"metadata": true})
	main.deny == unknown_tags("metadata.0") with input as namespace({"metadata": [true]})
	allows({}, {"metadata": true})
	main.deny == unknown_tags("manifest") with input as manifest({"manifest": true})
	count(main.deny) == 0 with input as manifest({"object": {"metadata": {"labels": true}}})
	denies({}, {"object": {"metadata": {"labels": true}}}, unknown_tags("object.metadata.labels"))
}

test_actions if {
	every actions in [["create"], ["update"], ["delete", "create"], ["create", "delete"], ["create", "forget"], ["unheard-of"], "create"] {
		main.deny == {held} with input as with_change(bad, {"change": {"actions": actions}})
		main.deny == {held}
			with input as with_change(object.remove(bad, ["mode"]), {"change": {"actions": actions, "importing": {"id": "x"}}})
	}
	every actions in [["no-op"], ["delete"], ["forget"], ["read"], []] {
		count(main.deny) == 0 with input as with_change(bad, {"change": {"actions": actions}})
		count(main.deny) == 0
			with input as with_change(bad, {"change": {"actions": actions, "importing": {"id": "x"}}, "previous_address": "example_server.old"})
	}
	count(main.deny) == 0 with input as with_change(bad, {"mode": "data", "change": {"actions": ["read"]}})
}

# The values before the change do not count.
test_values_before_do_not_count if {
	count(main.deny) == 0
		with input as with_change(creating({}, {}), {"change": {"actions": ["update"], "before": {"tags": {"fusebill_customer_id": "6"}}}})
}
