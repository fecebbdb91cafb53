data "fusebill_customer_overviews" "all" {
  customer_ids  = [650084, 1, 3, 999999]
  allow_missing = true
}

# Overviews by customer ID.
output "companies" {
  value = { for id, customer in data.fusebill_customer_overviews.all.overviews : id => customer.company_name }
}

output "owed_in_usd" {
  value = sum(concat([0], [
    for customer in values(data.fusebill_customer_overviews.all.overviews) : coalesce(customer.ar_balance, 0)
    if customer.currency == "USD"
  ]))
}

output "unknown_to_fusebill" {
  value = data.fusebill_customer_overviews.all.missing_customer_ids
}
