# first: apply -auto-approve -var=stacks=["kept","deleted"]
# plan: -var=stacks=["kept"]
# pass

variable "stacks" {
  type = set(string)
}

data "fusebill_customer_status" "this" {
  customer_id = 7
}

resource "terraform_data" "stack" {
  for_each = var.stacks
  input    = { fusebill_customer_id = 7 }
}

import {
  to = cloud_server.imported
  id = "server"
}

resource "cloud_server" "imported" {}
