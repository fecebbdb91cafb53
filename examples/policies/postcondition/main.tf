# A postcondition on the data source protects every resource that uses the data source.

variable "customer_id" {
  type        = number
  description = "ID of the customer in Fusebill."
}

data "fusebill_customer_status" "this" {
  customer_id = var.customer_id

  lifecycle {
    postcondition {
      condition = self.is_active && self.in_good_standing
      error_message = format(
        "Customer %d is %s and in %s.",
        self.customer_id,
        coalesce(self.status, "without a status"),
        coalesce(self.customer_account_status, "no account status"),
      )
    }
  }
}

resource "terraform_data" "stack" {
  input = "customer-${data.fusebill_customer_status.this.id}"
}
