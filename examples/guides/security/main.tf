variable "fusebill_api_key" {
  type      = string
  ephemeral = true
  sensitive = true
}

provider "fusebill" {
  api_key = var.fusebill_api_key
}

data "fusebill_customer_status" "this" {
  customer_id = 650084
}
