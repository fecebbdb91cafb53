package fusebill_policy

allowed_statuses := ["Active", "Draft"]

notice_days := 30
