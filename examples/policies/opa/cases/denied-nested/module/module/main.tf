terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}

variable "customer_id" {
  type = number
}

data "fusebill_customer_status" "this" {
  customer_id = var.customer_id
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}
