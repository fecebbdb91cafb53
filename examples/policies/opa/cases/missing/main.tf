# deny: terraform_data.stack is for customer 999, who does not exist in Fusebill
# deny: terraform_data.other is for customer null, who was not read from Fusebill

data "fusebill_customer_status" "this" {
  customer_id   = 999
  allow_missing = true
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.customer_id }
}

resource "terraform_data" "other" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id } # Null.
}
