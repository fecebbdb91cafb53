# A check block warns, and the plan continues. The data source is outside of the block:
# Terraform reads a data source inside again during every apply, which means that every plan
# has changes, and reports its errors as warnings.

variable "customer_id" {
  type        = number
  description = "ID of the customer in Fusebill."
}

data "fusebill_customer_status" "this" {
  customer_id = var.customer_id
}

check "good_standing" {
  assert {
    condition = data.fusebill_customer_status.this.in_good_standing
    error_message = format(
      "Customer %d is in %s.", var.customer_id,
      coalesce(data.fusebill_customer_status.this.customer_account_status, "no account status"),
    )
  }

  assert {
    condition = coalesce(data.fusebill_customer_status.this.days_until_suspension, 1000) > 14
    error_message = format(
      "Customer %d will be suspended in %d days.", var.customer_id,
      coalesce(data.fusebill_customer_status.this.days_until_suspension, 0),
    )
  }
}

resource "terraform_data" "stack" {
  input = "customer-${var.customer_id}"
}
