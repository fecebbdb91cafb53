# deny: cloud_server.this has unknown tags_all, which may name a customer; set tags that are known during plan, or exempt the resource type

provider "cloud" {
  default_tags = { fusebill_customer_id = terraform_data.unknown.output }
}

resource "terraform_data" "unknown" {
  input = 6
}

resource "cloud_server" "this" {}
