# deny: terraform_data.stack belongs to customer 6, which has status Active and account status PoorStanding; resolve the status in Fusebill first
# warn: Fusebill suspends customer 6 in 9 days

variable "customer_id" {
  type      = number
  default   = 6
  sensitive = true
}

data "fusebill_customer_status" "this" {
  customer_id = var.customer_id
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = var.customer_id }
}
