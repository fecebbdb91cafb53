output "allowed_customer_ids" {
  description = "IDs of the allowed customers, as strings for use in for_each."
  value       = toset([for id in keys(data.fusebill_customer_statuses.this.statuses) : id if !contains(keys(local.denied), id)])

  precondition {
    condition     = var.on_violation != "fail" || length(local.denied) == 0
    error_message = local.message
  }
}

output "denied_customers" {
  description = "Reason for each denied customer, by ID."
  value       = local.denied
}
