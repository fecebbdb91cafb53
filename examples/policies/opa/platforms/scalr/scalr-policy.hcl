version = "v1"

policy "fusebill_billing" {
  enabled           = true
  enforcement_level = "hard-mandatory"
}
