# first: apply -auto-approve
# pass

data "fusebill_customer_status" "this" {
  customer_id = 7
}

resource "terraform_data" "old" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}

resource "terraform_data" "forgotten" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}
