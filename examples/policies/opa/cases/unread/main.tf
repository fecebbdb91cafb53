# deny: terraform_data.stack is for customer 1, who was not read from Fusebill

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = 1 }
}
