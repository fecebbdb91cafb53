# first: apply -auto-approve
# plan: -destroy
# warn: Fusebill suspends customer 8 in 0 days

data "fusebill_customer_status" "this" {
  customer_id = 8
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}
