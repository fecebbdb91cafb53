variable "customer_ids" {
  type = list(number)
}

provider "fusebill" {} # The key comes from FUSEBILL_API_KEY, and stays out of the state.

data "fusebill_customer_statuses" "this" {
  customer_ids = var.customer_ids
}

locals {
  active = { for id, customer in data.fusebill_customer_statuses.this.statuses : id => customer if customer.is_active }
}

output "active" {
  value = keys(local.active)
}
