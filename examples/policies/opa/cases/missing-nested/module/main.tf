terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}

variable "customer_ids" {
  type = list(number)
}

data "fusebill_customer_overviews" "this" {
  count         = 1
  customer_ids  = var.customer_ids
  allow_missing = true
}

resource "terraform_data" "stack" {
  for_each = toset([for id in var.customer_ids : tostring(id)])
  input    = { fusebill_customer_id = each.key }
}
