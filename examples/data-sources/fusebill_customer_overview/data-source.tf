data "fusebill_customer_overview" "example" {
  customer_id = 650084

  lifecycle {
    postcondition {
      condition     = self.status == "Active"
      error_message = "Customer ${self.id} is ${coalesce(self.status, "without a status")}, not Active."
    }
  }
}

output "billing_contact" {
  value = data.fusebill_customer_overview.example.primary_email
}

output "owes_anything" {
  value = data.fusebill_customer_overview.example.ar_balance > 0
}

output "customer_for_a_year" {
  value = timecmp(timeadd(data.fusebill_customer_overview.example.created_timestamp, "8760h"), plantimestamp()) <= 0
}

# The customer can be missing, and the state contains no financial data.
data "fusebill_customer_overview" "perhaps" {
  customer_id        = 999999
  allow_missing      = true
  include_financials = false
}

output "exists" {
  value = data.fusebill_customer_overview.perhaps.exists
}
