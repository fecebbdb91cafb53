# deny: terraform_data.stack belongs to customer 1, which the plan does not read from Fusebill; add a data source that reads the customer

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = 1 }
}
