package main_test

import data.main

test_defaults_apply_without_data if {
	main.settings == main.defaults with data.fusebill_policy as {}
	main.settings.notice_days == 14
}

test_statuses_are_settings if {
	count(main.deny) == 0 with input as bad with data.fusebill_policy as {"allowed_statuses": ["Active", "Hold"]}
	poor := for_customer([status({"customer_account_status": "PoorStanding"})])
	count(main.deny) == 1 with input as poor
	count(main.deny) == 0 with input as poor with data.fusebill_policy as {"allowed_account_statuses": ["Good", "PoorStanding"]}
	count(main.deny) == 1 with input as good with data.fusebill_policy as {"allowed_statuses": []}
}

renamed := {"tag_key": "example.com/customer"}

plan_for(id) := creating({"tags": {"example.com/customer": id, "fusebill_customer_id": "x"}}, {})

test_tag_key_is_a_setting if {
	count(main.deny) == 0 with input as plan_for("1") with data.fusebill_policy as renamed
	main.deny == unread_6 with input as plan_for("6") with data.fusebill_policy as renamed
	main.deny == unread_6 with input as creating({"tags": ["example.com/customer:6"]}, {}) with data.fusebill_policy as renamed
}

test_tag_attributes_are_a_setting if {
	unknown := creating({}, {"freeform_tags": true, "labels": true})
	main.deny == unknown_tags("freeform_tags") with input as unknown with data.fusebill_policy as {"tag_attributes": ["*_tags"]}
	main.deny == unknown_tags("labels") with input as unknown with data.fusebill_policy as {"tag_attributes": ["example_*.labels"]}
	count(main.deny) == 0 with input as unknown with data.fusebill_policy as {"tag_attributes": ["other_*.labels"]}
}

test_exempt_attributes_are_a_setting if {
	unknown := creating({}, {"labels": true, "disk": [{"labels": true}]})
	main.deny == unknown_tags("labels") with input as unknown with data.fusebill_policy as {"exempt_attributes": ["example_server.disk"]}
	count(main.deny) == 2 with input as unknown with data.fusebill_policy as {"exempt_attributes": ["other_server.disk"]}
	main.deny == {held} with input as bad with data.fusebill_policy as {"exempt_attributes": ["example_server.tags"]} # Known IDs count.
}

test_exempt_types_are_a_setting if {
	every pattern in ["example_server", "example_*"] {
		count(main.deny) == 0 with input as bad with data.fusebill_policy as {"exempt_types": [pattern]}
		count(main.deny) == 0 with input as creating({}, {"tags": true}) with data.fusebill_policy as {"exempt_types": [pattern]}
	}
	count(main.deny) == 1 with input as bad with data.fusebill_policy as {"exempt_types": ["server"]}
}

test_notice_is_a_setting if {
	soon := for_customer([status({"days_until_suspension": 20})])
	count(main.warn) == 0 with input as soon
	count(main.deny) == 0 with input as soon with data.fusebill_policy as {"notice_days": 20}
	count(main.warn) == 1 with input as soon with data.fusebill_policy as {"notice_days": 20}
}

test_unknown_settings_are_denied if {
	main.deny == {"data.fusebill_policy.allowed_status is not a setting; the settings are allowed_account_statuses, allowed_statuses, exempt_attributes, exempt_types, notice_days, tag_attributes, tag_key"}
		with input as good with data.fusebill_policy as {"allowed_status": ["Active"]}
}

test_invalid_settings_are_denied if {
	every name, values in {
		"allowed_statuses": ["Active", null, {"Active": true}, [null], [""]],
		"tag_attributes": ["tags", [1], ["tags", "[z-"]],
		"exempt_types": [true],
		"notice_days": ["14", null, [14]],
		"tag_key": [1, "", null, ["fusebill_customer_id"]],
	} {
		every value in values {
			message := sprintf("data.fusebill_policy.%s is not valid; its default is %s", [name, json.marshal(main.defaults[name])])
			message in main.deny with input as good with data.fusebill_policy as {name: value}
		}
	}
}

test_settings_that_are_not_an_object_are_denied if {
	every document in [null, false, [], "x"] {
		main.deny == {"data.fusebill_policy must be an object", held} with input as bad with data.fusebill_policy as document
	}
}
