# deny: the plan failed; fix the errors that `terraform plan` reports, and plan again

data "fusebill_customer_status" "this" {
  customer_id = 1
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }

  lifecycle {
    precondition {
      condition     = data.fusebill_customer_status.this.status == "Draft"
      error_message = "The customer is not a draft."
    }
  }
}
