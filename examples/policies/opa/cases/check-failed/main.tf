# deny: terraform_data.stack belongs to customer 999, which the plan does not read from Fusebill; add a data source that reads the customer

# The customer does not exist, and the error is a warning in the check block.
check "billing" {
  data "fusebill_customer_status" "this" {
    customer_id = 999
  }
  assert {
    condition     = data.fusebill_customer_status.this.is_active
    error_message = "The customer is not active."
  }
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = 999 }
}
