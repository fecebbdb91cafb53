variable "customer_id" {
  type        = number
  description = "ID of the customer in Fusebill."
}

data "fusebill_customer_status" "this" {
  customer_id   = var.customer_id
  allow_missing = true
}

# Replace this resource with the resources of the customer. They use the input variable,
# because the attributes of the data source are null if the customer does not exist.
resource "terraform_data" "stack" {
  input = "customer-${var.customer_id}"

  lifecycle {
    precondition {
      condition = (
        coalesce(data.fusebill_customer_status.this.is_active, false) &&
        coalesce(data.fusebill_customer_status.this.in_good_standing, false)
      )
      error_message = format(
        "Customer %d has %s and %s in Fusebill.",
        var.customer_id,
        coalesce(data.fusebill_customer_status.this.status, "no status"),
        coalesce(data.fusebill_customer_status.this.customer_account_status, "no account status"),
      )
    }
  }
}
