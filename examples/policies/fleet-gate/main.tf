# A gate for a fleet: one read, and one error that names all denied customers.

variable "customer_ids" {
  type        = list(number)
  description = "IDs of the customers in Fusebill."
}

data "fusebill_customer_statuses" "this" {
  customer_ids  = var.customer_ids
  allow_missing = true
}

locals {
  held_back = concat(
    [
      for id, customer in data.fusebill_customer_statuses.this.statuses :
      "${id} (${coalesce(customer.status, "no status")}, ${coalesce(customer.customer_account_status, "no account status")})"
      if !(customer.is_active && customer.in_good_standing)
    ],
    [for id in data.fusebill_customer_statuses.this.missing_customer_ids : "${id} (not in Fusebill)"],
  )
}

resource "terraform_data" "gate" {
  lifecycle {
    precondition {
      condition     = length(local.held_back) == 0
      error_message = "Not to be provisioned: ${join(", ", local.held_back)}."
    }
  }
}

resource "terraform_data" "stack" {
  for_each   = data.fusebill_customer_statuses.this.statuses
  input      = "customer-${each.key}"
  depends_on = [terraform_data.gate]
}
