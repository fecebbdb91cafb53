data "fusebill_customer_statuses" "all" {
  customer_ids = [650084, 1, 2, 6, 8]
}

locals {
  statuses = data.fusebill_customer_statuses.all.statuses
}

output "in_good_standing" {
  value = [for id, customer in local.statuses : id if customer.is_active && customer.in_good_standing]
}

output "held_back" {
  value = {
    for id, customer in local.statuses :
    id => "${coalesce(customer.status, "no status")}, ${coalesce(customer.customer_account_status, "no account status")}"
    if !(customer.is_active && customer.in_good_standing)
  }
}
