# pass

data "fusebill_customer_status" "this" {
  customer_id = 1
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}

# The policy ignores a resource without a customer ID.
resource "terraform_data" "shared" {
  input = "shared"
}
