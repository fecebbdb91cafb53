terraform {
  required_version = ">= 1.5"
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}

data "fusebill_customer_statuses" "this" {
  customer_ids  = var.customer_ids
  allow_missing = true
}

locals {
  denied = tomap(merge(
    {
      for id, customer in data.fusebill_customer_statuses.this.statuses :
      id => "${coalesce(customer.status, "without a status")}, ${coalesce(customer.customer_account_status, "without an account status")}"
      if !(contains(var.allowed_statuses, coalesce(customer.status, "-")) &&
      contains(var.allowed_account_statuses, coalesce(customer.customer_account_status, "-")))
    },
    { for id in data.fusebill_customer_statuses.this.missing_customer_ids : tostring(id) => "not in Fusebill" },
  ))

  message = "Customers who must not be provisioned: ${join("; ", [for id, reason in local.denied : "${id} (${reason})"])}."
}

check "billing" {
  assert {
    condition     = var.on_violation != "warn" || length(local.denied) == 0
    error_message = local.message
  }
}
