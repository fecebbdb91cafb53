data "fusebill_customer_status" "example" {
  customer_id = 650084
}

# The precondition stops the plan if the customer is not active. Replace this resource with
# the resources of the customer.
resource "terraform_data" "stack" {
  input = "customer-${data.fusebill_customer_status.example.customer_id}"

  lifecycle {
    precondition {
      condition = data.fusebill_customer_status.example.is_active
      error_message = format(
        "Customer %d is %s.",
        data.fusebill_customer_status.example.customer_id,
        coalesce(data.fusebill_customer_status.example.status, "without a status"),
      )
    }
  }
}

# The check warns, and the plan continues, if Fusebill suspends the customer soon.
check "suspension" {
  assert {
    condition     = coalesce(data.fusebill_customer_status.example.days_until_suspension, 1000) > 7
    error_message = "Customer ${data.fusebill_customer_status.example.customer_id} will be suspended within a week."
  }
}
