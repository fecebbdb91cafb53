package main_test

import data.main

test_only_allowed_statuses_pass if {
	every values, text in {
		{"status": "Suspended"}: "status Suspended and account status Good",
		{"status": "Dormant"}: "status Dormant and account status Good",
		{"status": "active"}: "status active and account status Good",
		{"status": null}: "no status and account status Good",
		{"customer_account_status": "PoorStanding"}: "status Active and account status PoorStanding",
		{"customer_account_status": "Collection"}: "status Active and account status Collection",
		{"customer_account_status": null}: "status Active and no account status",
		{"status": "59832d41", "customer_account_status": "eae35047"}: "status 59832d41 and account status eae35047",
	} {
		main.deny == {sprintf("example_server.this belongs to customer 1, which has %s; resolve the status in Fusebill first", [text])}
			with input as for_customer([status(values)])
	}
	bare := data_source("fusebill_customer_status", {"customer_id": 1, "exists": true})
	main.deny == {"example_server.this belongs to customer 1, which has no status and no account status; resolve the status in Fusebill first"}
		with input as for_customer([bare])
}

# A customer without resources may have any status.
test_other_customers_are_allowed if {
	every read in [status({"customer_id": 2, "status": "Hold"}), status({"customer_id": 2, "exists": false})] {
		count(main.deny) == 0 with input as for_customer([status({}), read])
	}
}

test_balances_are_a_warning if {
	main.warn == {"customer 1 owes 0.5 USD"} with input as for_customer([status({"ar_balance": 0.5, "currency": "USD"})])
	main.warn == {"customer 1 owes 0.5"} with input as for_customer([status({"ar_balance": 0.5})])
	every balance in [0, -1, null, "59832d41"] {
		count(main.warn) == 0 with input as for_customer([status({"ar_balance": balance, "currency": "USD"})])
	}
}

test_suspensions_are_a_warning if {
	main.warn == {"Fusebill suspends customer 1 in 14 days"} with input as for_customer([status({"days_until_suspension": 14})])
	every days in [15, null, "1"] {
		count(main.warn) == 0 with input as for_customer([status({"days_until_suspension": days})])
	}
}
