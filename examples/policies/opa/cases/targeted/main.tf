# plan: -target=terraform_data.stack
# warn (terraform): the plan is incomplete, for example because of -target, and may contain statuses from an earlier run

data "fusebill_customer_status" "this" {
  customer_id = 1
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}

resource "terraform_data" "other" {}
