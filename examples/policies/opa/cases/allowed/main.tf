# pass

data "fusebill_customer_status" "this" {
  customer_id = 1
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}

# Without a customer's id a resource is none of the policy's business.
resource "terraform_data" "shared" {
  input = "shared"
}
