# deny: terraform_data.stack belongs to customer 6, which has status Active and account status PoorStanding; resolve the status in Fusebill first
# warn: Fusebill suspends customer 6 in 9 days

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
