# warn: Fusebill suspends customer 6 in 9 days
# warn: customer 1 owes 1234.56 CAD

data "fusebill_customer_overviews" "this" {
  customer_ids = [1, 5]
}

data "fusebill_customer_status" "this" {
  customer_id = 6
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = 1 }
}
