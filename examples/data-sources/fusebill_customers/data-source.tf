# Look up a customer by reference. A reference is not unique: one() returns null if no
# customer has it, and fails if several customers have it.
data "fusebill_customers" "by_reference" {
  references = ["REF-000002"]
}

locals {
  customer = one(data.fusebill_customers.by_reference.customers)
}

resource "terraform_data" "stack" {
  count = local.customer == null ? 0 : 1
  input = "customer-${local.customer.id}"

  lifecycle {
    precondition {
      condition = local.customer.is_active && local.customer.in_good_standing
      error_message = format(
        "Customer %d is %s and in %s.",
        local.customer.id,
        coalesce(local.customer.status, "without a status"),
        coalesce(local.customer.customer_account_status, "no account status"),
      )
    }
  }
}

# List all customers with overdue payments.
data "fusebill_customers" "behind" {
  account_statuses = ["PoorStanding", "Collection"]
}

output "behind" {
  value = { for customer in data.fusebill_customers.behind.customers : customer.id => customer.customer_account_status }
}

# Check the statuses of many customers with few requests. A customer that does not exist is
# not in the results, so the precondition compares the IDs.
variable "customer_ids" {
  type    = list(number)
  default = [1, 2, 3]
}

data "fusebill_customers" "fleet" {
  ids = var.customer_ids
}

resource "terraform_data" "gate" {
  lifecycle {
    precondition {
      condition = (
        length(setsubtract(var.customer_ids, data.fusebill_customers.fleet.customer_ids)) == 0 &&
        alltrue([for customer in data.fusebill_customers.fleet.customers : customer.is_active && customer.in_good_standing])
      )
      error_message = "At least one customer does not exist, is not active, or is not in good standing."
    }
  }
}

# List the IDs of the customers of one parent that were created before 2027.
data "fusebill_customers" "children" {
  parent_id      = 1
  created_before = "2027-01-01T00:00:00Z"
}

output "children" {
  value = data.fusebill_customers.children.customer_ids
}
