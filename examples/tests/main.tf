# The configuration under test: a stack for a customer in good standing, and one instance of
# each data source.

terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}

variable "customer_id" {
  type        = number
  description = "ID of the customer in Fusebill."
}

data "fusebill_customer_status" "this" {
  customer_id = var.customer_id
}

resource "terraform_data" "stack" {
  input = "customer-${var.customer_id}"

  lifecycle {
    precondition {
      condition     = data.fusebill_customer_status.this.is_active && data.fusebill_customer_status.this.in_good_standing
      error_message = "Customer ${var.customer_id} is ${coalesce(data.fusebill_customer_status.this.status, "without a status")}."
    }
  }
}

data "fusebill_customer_overview" "this" {
  customer_id = var.customer_id
}

data "fusebill_customer_overviews" "this" {
  customer_ids = [var.customer_id]
}

data "fusebill_customer_statuses" "this" {
  customer_ids = [var.customer_id]
}

data "fusebill_customers" "this" {
  ids = [var.customer_id]
}

output "emails" {
  value = distinct(concat(
    [data.fusebill_customer_overview.this.primary_email],
    values(data.fusebill_customer_overviews.this.overviews)[*].primary_email,
  ))
}

output "statuses" {
  value = distinct(concat(
    values(data.fusebill_customer_statuses.this.statuses)[*].status,
    data.fusebill_customers.this.customers[*].status,
  ))
}
