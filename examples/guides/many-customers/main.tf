variable "customer_ids" {
  type        = list(number)
  description = "The Fusebill ids of the customers who have a stack."
}

# One read for all of them.
data "fusebill_customer_statuses" "this" {
  customer_ids = var.customer_ids
}

# A stack for each of them. The resource stands for yours, or for a module.
resource "terraform_data" "stack" {
  for_each = data.fusebill_customer_statuses.this.statuses
  input    = { name = "customer-${each.key}", currency = each.value.currency }

  lifecycle {
    precondition {
      condition     = each.value.is_active && each.value.in_good_standing
      error_message = "Customer ${each.key} is ${coalesce(each.value.status, "without a status")} and in ${coalesce(each.value.customer_account_status, "no account status")}."
    }
  }
}

output "stacks" {
  value = { for id, stack in terraform_data.stack : id => stack.output.name }
}
