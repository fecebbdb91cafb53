# A check warns, and lets the plan go on. The data source stands outside of it: one
# inside would be read again by every apply, so that no plan was ever without
# changes, and its own errors would be warnings too.

variable "customer_id" {
  type        = number
  description = "The customer's Fusebill id."
}

data "fusebill_customer_status" "this" {
  customer_id = var.customer_id
}

check "good_standing" {
  assert {
    condition     = data.fusebill_customer_status.this.in_good_standing
    error_message = "Customer ${var.customer_id} is in ${coalesce(data.fusebill_customer_status.this.customer_account_status, "no account status")}."
  }

  assert {
    condition     = coalesce(data.fusebill_customer_status.this.days_until_suspension, 1000) > 14
    error_message = "Customer ${var.customer_id} will be suspended in ${coalesce(data.fusebill_customer_status.this.days_until_suspension, 0)} days."
  }
}

resource "terraform_data" "stack" {
  input = "customer-${var.customer_id}"
}
