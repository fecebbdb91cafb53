variable "customer_ids" {
  type = list(number)
}

provider "fusebill" {} # The API key is in the environment variable FUSEBILL_API_KEY.

data "fusebill_customer_statuses" "this" {
  customer_ids = var.customer_ids
}

locals {
  active = { for id, customer in data.fusebill_customer_statuses.this.statuses : id => customer if customer.is_active }
}

output "active" {
  value = keys(local.active)
}
