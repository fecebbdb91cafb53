data "fusebill_customer_status" "this" {
  customer_id = 7
}

moved {
  from = terraform_data.old
  to   = terraform_data.new
}

resource "terraform_data" "new" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}

removed {
  from = terraform_data.forgotten

  lifecycle {
    destroy = false
  }
}
