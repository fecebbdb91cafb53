# The provider is mocked, so the tests require no API key and send no requests.

mock_provider "fusebill" {}

variables {
  customer_ids = [1, 6, 9]
}

override_data {
  target = data.fusebill_customer_statuses.this
  values = {
    statuses = {
      "1" = {
        id                                = 1
        status                            = "Active"
        customer_account_status           = "Good"
        is_active                         = true
        in_good_standing                  = true
        currency                          = "USD"
        parent_id                         = null
        is_parent                         = false
        days_until_suspension             = null
        days_until_cancellation           = null
        next_billing_date                 = null
        status_timestamp                  = null
        customer_account_status_timestamp = null
      }
      "6" = {
        id                                = 6
        status                            = "Active"
        customer_account_status           = "PoorStanding"
        is_active                         = true
        in_good_standing                  = false
        currency                          = "USD"
        parent_id                         = null
        is_parent                         = false
        days_until_suspension             = null
        days_until_cancellation           = null
        next_billing_date                 = null
        status_timestamp                  = null
        customer_account_status_timestamp = null
      }
    }
    missing_customer_ids = [9]
  }
}

run "fails" {
  command         = plan
  expect_failures = [output.allowed_customer_ids]
}

run "warns" {
  command         = plan
  expect_failures = [check.billing]

  variables {
    on_violation = "warn"
  }

  assert {
    condition     = output.allowed_customer_ids == toset(["1"])
    error_message = "Only customer 1 may be provisioned."
  }

  assert {
    condition     = output.denied_customers == tomap({ "6" = "Active, PoorStanding", "9" = "not in Fusebill" })
    error_message = "The reasons are wrong."
  }
}

run "ignores" {
  command = plan

  variables {
    on_violation = "ignore"
  }

  assert {
    condition     = length(output.denied_customers) == 2
    error_message = "Two customers may not be provisioned."
  }
}

run "allows_more" {
  command         = plan
  expect_failures = [output.allowed_customer_ids] # Customer 9 does not exist.

  variables {
    allowed_account_statuses = ["Good", "PoorStanding"]
  }
}

run "all_good" {
  command = plan

  override_data {
    target = data.fusebill_customer_statuses.this
    values = {
      statuses = {
        "1" = {
          id                                = 1
          status                            = "Active"
          customer_account_status           = "Good"
          is_active                         = true
          in_good_standing                  = true
          currency                          = "USD"
          parent_id                         = null
          is_parent                         = false
          days_until_suspension             = null
          days_until_cancellation           = null
          next_billing_date                 = null
          status_timestamp                  = null
          customer_account_status_timestamp = null
        }
      }
      missing_customer_ids = []
    }
  }

  assert {
    condition     = output.allowed_customer_ids == toset(["1"]) && length(output.denied_customers) == 0
    error_message = "Customer 1 may be provisioned."
  }
}

run "new_words_are_denied" {
  command         = plan
  expect_failures = [output.allowed_customer_ids]

  override_data {
    target = data.fusebill_customer_statuses.this
    values = {
      statuses = {
        "1" = {
          id                                = 1
          status                            = "Dormant"
          customer_account_status           = null
          is_active                         = false
          in_good_standing                  = false
          currency                          = "USD"
          parent_id                         = null
          is_parent                         = false
          days_until_suspension             = null
          days_until_cancellation           = null
          next_billing_date                 = null
          status_timestamp                  = null
          customer_account_status_timestamp = null
        }
      }
      missing_customer_ids = []
    }
  }
}

run "no_such_choice" {
  command         = plan
  expect_failures = [var.on_violation]

  variables {
    on_violation = "shrug"
  }
}
