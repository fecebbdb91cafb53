# A precondition on a resource stops the plan if the customer is not active and in good
# standing. Terraform evaluates it during plan if the customer's ID is known then.

variable "customer_id" {
  type        = number
  description = "ID of the customer in Fusebill."
}

data "fusebill_customer_status" "this" {
  customer_id = var.customer_id
}

# Replace this resource with the resources of the customer.
resource "terraform_data" "stack" {
  input = "customer-${var.customer_id}"

  lifecycle {
    precondition {
      condition = data.fusebill_customer_status.this.is_active && data.fusebill_customer_status.this.in_good_standing
      error_message = format(
        "Customer %d is %s and in %s.",
        var.customer_id,
        coalesce(data.fusebill_customer_status.this.status, "without a status"),
        coalesce(data.fusebill_customer_status.this.customer_account_status, "no account status"),
      )
    }
  }
}
