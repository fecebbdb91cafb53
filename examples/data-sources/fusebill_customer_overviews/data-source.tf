data "fusebill_customer_overviews" "all" {
  customer_ids  = [650084, 1, 2, 999999]
  allow_missing = true
}

# An object for each customer, by id.
output "companies" {
  value = { for id, customer in data.fusebill_customer_overviews.all.overviews : id => customer.company_name }
}

output "owed" {
  value = sum(values(data.fusebill_customer_overviews.all.overviews)[*].ar_balance)
}

output "unknown_to_fusebill" {
  value = data.fusebill_customer_overviews.all.missing_customer_ids
}
