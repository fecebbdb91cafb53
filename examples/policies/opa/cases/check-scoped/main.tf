# deny: terraform_data.stack is for customer 6, who is Active and in PoorStanding

check "good_standing" {
  data "fusebill_customer_status" "this" {
    customer_id = 6
  }

  assert {
    condition     = data.fusebill_customer_status.this.in_good_standing
    error_message = "Customer 6 is in ${data.fusebill_customer_status.this.customer_account_status}."
  }
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = 6 }
}
