# Creates the plan policy in Spacelift, and attaches it to the stacks with the label
# "fusebill". The hook of the stack passes the whole plan to the policy.
# https://docs.spacelift.io/concepts/policy/terraform-plan-policy#custom-inputs

resource "spacelift_policy" "fusebill" {
  name   = "Fusebill billing"
  type   = "PLAN"
  body   = file("${path.module}/fusebill.rego")
  labels = ["autoattach:fusebill"]
}

resource "spacelift_stack" "this" {
  name                         = "Customers"
  repository                   = "customers"
  branch                       = "main"
  labels                       = ["fusebill"]
  after_plan                   = ["terraform show -json spacelift.plan > plan.custom.spacelift.json"]
  terraform_smart_sanitization = true
}
