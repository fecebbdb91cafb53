policy "fusebill_billing" {
  description       = "Denies resources of customers with a status that is not allowed."
  query             = "data.terraform.policies.fusebill.deny"
  enforcement_level = "mandatory"
}

policy "fusebill_warnings" {
  description       = "Reports open balances and upcoming suspensions."
  query             = "data.terraform.policies.fusebill.warn"
  enforcement_level = "advisory"
}
