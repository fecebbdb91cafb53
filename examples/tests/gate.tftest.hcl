# The provider is mocked, so the test requires no API key and sends no requests.

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
    error_message = "Each data source returns the mocked customer."
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
