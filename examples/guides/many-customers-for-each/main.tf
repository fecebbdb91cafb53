variable "customer_ids" {
  type = list(number)
}

data "fusebill_customer_status" "each" {
  for_each    = toset([for id in var.customer_ids : tostring(id)])
  customer_id = each.key
}

output "statuses" {
  value = { for id, customer in data.fusebill_customer_status.each : id => customer.status }
}
