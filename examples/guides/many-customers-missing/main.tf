variable "customer_ids" {
  type = list(number)
}

data "fusebill_customer_statuses" "this" {
  customer_ids  = var.customer_ids
  allow_missing = true
}

check "all_known" {
  assert {
    condition     = length(data.fusebill_customer_statuses.this.missing_customer_ids) == 0
    error_message = "Not in Fusebill: ${join(", ", data.fusebill_customer_statuses.this.missing_customer_ids)}."
  }
}

output "known" {
  value = keys(data.fusebill_customer_statuses.this.statuses)
}
