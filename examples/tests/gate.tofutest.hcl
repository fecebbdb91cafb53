# OpenTofu reads this file instead of gate.tftest.hcl, because it does not read mocks from
# separate files.

mock_provider "fusebill" {
  mock_data "fusebill_customer_overview" {
    defaults = {
      exists                            = true
      ar_balance                        = 0
      avalara_id                        = null
      company_name                      = "Example Ltd."
      created_timestamp                 = "2019-11-06T14:19:01Z"
      currency                          = "USD"
      customer_account_status           = "Good"
      customer_account_status_timestamp = "2019-11-06T14:19:01Z"
      days_until_cancellation           = null
      days_until_suspension             = null
      digital_river_id                  = null
      first_name                        = "Ada"
      geotab_id                         = null
      hubspot_company_id                = null
      hubspot_id                        = null
      id                                = 650084
      is_parent                         = false
      last_name                         = "Lovelace"
      lifetime_value                    = 0
      middle_name                       = null
      monthly_recurring_revenue         = 0
      net_monthly_recurring_revenue     = 0
      netsuite_id                       = null
      next_billing_date                 = "2027-01-01T00:00:00Z"
      parent_id                         = null
      parent_name                       = null
      pending_charges                   = 0
      primary_email                     = "ada@example.com"
      primary_phone                     = null
      quickbooks_id                     = null
      reference                         = "REF-000001"
      sage_intacct_id                   = null
      salesforce_id                     = null
      salesforce_synch_status           = null
      secondary_email                   = null
      secondary_phone                   = null
      status                            = "Active"
      status_timestamp                  = "2019-11-06T14:19:01Z"
      suffix                            = null
      title                             = null
      unallocated_credits               = 0
      unallocated_opening_balance       = 0
      unallocated_payments              = 0
      unknown_payment_activity_id       = null
      uri                               = null
    }
  }

  mock_data "fusebill_customer_overviews" {
    defaults = {
      overviews = {
        "650084" = {
          ar_balance                        = 0
          avalara_id                        = null
          company_name                      = "Example Ltd."
          created_timestamp                 = "2019-11-06T14:19:01Z"
          currency                          = "USD"
          customer_account_status           = "Good"
          customer_account_status_timestamp = "2019-11-06T14:19:01Z"
          days_until_cancellation           = null
          days_until_suspension             = null
          digital_river_id                  = null
          first_name                        = "Ada"
          geotab_id                         = null
          hubspot_company_id                = null
          hubspot_id                        = null
          id                                = 650084
          is_parent                         = false
          last_name                         = "Lovelace"
          lifetime_value                    = 0
          middle_name                       = null
          monthly_recurring_revenue         = 0
          net_monthly_recurring_revenue     = 0
          netsuite_id                       = null
          next_billing_date                 = "2027-01-01T00:00:00Z"
          parent_id                         = null
          parent_name                       = null
          pending_charges                   = 0
          primary_email                     = "ada@example.com"
          primary_phone                     = null
          quickbooks_id                     = null
          reference                         = "REF-000001"
          sage_intacct_id                   = null
          salesforce_id                     = null
          salesforce_synch_status           = null
          secondary_email                   = null
          secondary_phone                   = null
          status                            = "Active"
          status_timestamp                  = "2019-11-06T14:19:01Z"
          suffix                            = null
          title                             = null
          unallocated_credits               = 0
          unallocated_opening_balance       = 0
          unallocated_payments              = 0
          unknown_payment_activity_id       = null
          uri                               = null
        }
      }
      missing_customer_ids = []
    }
  }

  mock_data "fusebill_customer_status" {
    defaults = {
      exists                            = true
      id                                = 650084
      status                            = "Active"
      customer_account_status           = "Good"
      is_active                         = true
      in_good_standing                  = true
      currency                          = "USD"
      parent_id                         = null
      is_parent                         = false
      days_until_suspension             = null
      days_until_cancellation           = null
      next_billing_date                 = "2027-01-01T00:00:00Z"
      status_timestamp                  = "2019-11-06T14:19:01Z"
      customer_account_status_timestamp = "2019-11-06T14:19:01Z"
    }
  }

  mock_data "fusebill_customer_statuses" {
    defaults = {
      statuses = {
        "650084" = {
          id                                = 650084
          status                            = "Active"
          customer_account_status           = "Good"
          is_active                         = true
          in_good_standing                  = true
          currency                          = "USD"
          parent_id                         = null
          is_parent                         = false
          days_until_suspension             = null
          days_until_cancellation           = null
          next_billing_date                 = "2027-01-01T00:00:00Z"
          status_timestamp                  = "2019-11-06T14:19:01Z"
          customer_account_status_timestamp = "2019-11-06T14:19:01Z"
        }
      }
      missing_customer_ids = []
    }
  }

  mock_data "fusebill_customers" {
    defaults = {
      customers = [{
        id                      = 650084
        reference               = "REF-000001"
        status                  = "Active"
        customer_account_status = "Good"
        currency                = "USD"
        parent_id               = null
        is_parent               = false
        created_timestamp       = "2019-11-06T14:19:01Z"
        modified_timestamp      = "2019-11-06T14:19:01Z"
        is_active               = true
        in_good_standing        = true
      }]
      customer_ids = [650084]
      total_count  = 1
    }
  }
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
