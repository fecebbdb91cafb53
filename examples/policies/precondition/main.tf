# A precondition on what is provisioned stops the plan for a customer who is not
# active and in good standing. It stands where the harm would be done, and it is
# looked at while planning, as soon as the customer's status is known.

variable "customer_id" {
  type        = number
  description = "The customer's Fusebill id."
}

data "fusebill_customer_status" "this" {
  customer_id = var.customer_id
}

# The resource stands for what you provision.
resource "terraform_data" "stack" {
  input = "customer-${var.customer_id}"

  lifecycle {
    precondition {
      condition     = data.fusebill_customer_status.this.is_active && data.fusebill_customer_status.this.in_good_standing
      error_message = "Customer ${var.customer_id} is ${coalesce(data.fusebill_customer_status.this.status, "without a status")} and in ${coalesce(data.fusebill_customer_status.this.customer_account_status, "no account status")}."
    }
  }
}
