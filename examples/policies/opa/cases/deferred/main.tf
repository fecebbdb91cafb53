# deny: data.fusebill_customer_status.this is read during apply, which is too late for this policy; pass customer IDs that are known during plan
# deny: terraform_data.stack has a fusebill_customer_id that is unknown during plan; set an ID that is known during plan

resource "terraform_data" "id" {
  input = 1
}

data "fusebill_customer_status" "this" {
  customer_id = terraform_data.id.output
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}
