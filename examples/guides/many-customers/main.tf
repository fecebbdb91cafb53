variable "customer_ids" {
  type        = list(number)
  description = "IDs of the customers in Fusebill."
}

# Read all customers at once.
data "fusebill_customer_statuses" "this" {
  customer_ids = var.customer_ids
}

# Create a stack for each customer. Replace this resource with your resources or a module.
resource "terraform_data" "stack" {
  for_each = data.fusebill_customer_statuses.this.statuses
  input    = { name = "customer-${each.key}", currency = each.value.currency }

  lifecycle {
    precondition {
      condition = each.value.is_active && each.value.in_good_standing
      error_message = format(
        "Customer %s is %s and in %s.",
        each.key,
        coalesce(each.value.status, "without a status"),
        coalesce(each.value.customer_account_status, "no account status"),
      )
    }
  }
}

output "stacks" {
  value = { for id, stack in terraform_data.stack : id => stack.output.name }
}
