# This configuration reads one customer and outputs the main attributes of the overview. The
# API key is in the environment variable FUSEBILL_API_KEY.

terraform {
  required_version = ">= 1.5"
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}

provider "fusebill" {}

variable "customer_id" {
  type        = number
  description = "ID of the customer in Fusebill."
}

data "fusebill_customer_overview" "this" {
  customer_id = var.customer_id
}

# A failed check is a warning, and the plan continues.
check "good_standing" {
  assert {
    condition = data.fusebill_customer_overview.this.customer_account_status == "Good"
    error_message = format(
      "Customer %d is in %s and owes %s %s.",
      var.customer_id,
      coalesce(data.fusebill_customer_overview.this.customer_account_status, "no account status"),
      coalesce(data.fusebill_customer_overview.this.ar_balance, 0),
      coalesce(data.fusebill_customer_overview.this.currency, "of its currency"),
    )
  }
}

# A failed precondition is an error, and stops the plan. Replace this resource with the
# resources of the customer.
resource "terraform_data" "workspace" {
  input = "customer-${data.fusebill_customer_overview.this.id}"

  lifecycle {
    precondition {
      condition = (
        data.fusebill_customer_overview.this.status == "Active" &&
        data.fusebill_customer_overview.this.customer_account_status == "Good"
      )
      error_message = format(
        "Customer %d is %s and in %s: nothing is provisioned for customers who are not active and in good standing.",
        var.customer_id,
        coalesce(data.fusebill_customer_overview.this.status, "without a status"),
        coalesce(data.fusebill_customer_overview.this.customer_account_status, "no account status"),
      )
    }
  }
}

output "customer" {
  description = "Main attributes of the overview."
  value = {
    id             = data.fusebill_customer_overview.this.id
    company_name   = data.fusebill_customer_overview.this.company_name
    reference      = data.fusebill_customer_overview.this.reference
    status         = data.fusebill_customer_overview.this.status
    account_status = data.fusebill_customer_overview.this.customer_account_status
    customer_since = data.fusebill_customer_overview.this.created_timestamp
    ar_balance     = data.fusebill_customer_overview.this.ar_balance
    currency       = data.fusebill_customer_overview.this.currency
  }
}
