# deny: terraform_data.stack belongs to customer 999, which does not exist in Fusebill; verify the ID
# deny: terraform_data.other has the customer ID null, which is not a positive whole number; set the Fusebill ID of the customer

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
