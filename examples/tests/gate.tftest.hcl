# Neither a key nor Fusebill is needed: the provider is mocked.

mock_provider "fusebill" {
  source = "./mocks"
}

variables {
  customer_id = 650084
}

run "open" {
  command = plan

  assert {
    condition     = terraform_data.stack.input == "customer-650084"
    error_message = "A customer in good standing gets a stack."
  }

  assert {
    condition     = join(",", output.emails) == "ada@example.com" && join(",", output.statuses) == "Active"
    error_message = "Each way of reading gives the mocked customer."
  }
}

run "closed" {
  command         = plan
  expect_failures = [terraform_data.stack]

  override_data {
    target = data.fusebill_customer_status.this
    values = {
      status    = "Suspended"
      is_active = false
    }
  }
}
