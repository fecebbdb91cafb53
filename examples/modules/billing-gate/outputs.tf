output "allowed_customer_ids" {
  description = "The ids of the customers who may be provisioned, as strings, for for_each."
  value       = toset([for id in keys(data.fusebill_customer_statuses.this.statuses) : id if !contains(keys(local.denied), id)])

  precondition {
    condition     = var.on_violation != "fail" || length(local.denied) == 0
    error_message = local.message
  }
}

output "denied_customers" {
  description = "The reason why a customer may not be provisioned, by id."
  value       = local.denied
}
