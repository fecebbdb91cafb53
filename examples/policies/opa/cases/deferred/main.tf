# deny: data.fusebill_customer_status.this is read only while applying
# deny: terraform_data.stack is for a customer who is known only while applying

resource "terraform_data" "id" {
  input = 1
}

data "fusebill_customer_status" "this" {
  customer_id = terraform_data.id.output
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}
