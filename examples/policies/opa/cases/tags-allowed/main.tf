# pass

data "fusebill_customer_status" "this" {
  customer_id = 1
}

provider "cloud" {
  default_tags = { owner = terraform_data.unknown.output }
}

resource "terraform_data" "unknown" {
  input = "billing"
}

# tags_all is unknown because of the default tags, and the customer is known.
resource "cloud_server" "maps" {
  tags   = { fusebill_customer_id = data.fusebill_customer_status.this.id }
  labels = { fusebill_customer_id = 1, owner = terraform_data.unknown.output }
  metadata {
    labels = { fusebill_customer_id = "1" }
  }
}

resource "cloud_server" "pairs" {
  tag {
    key   = "fusebill_customer_id"
    value = data.fusebill_customer_status.this.id
  }
  tag {
    key   = "owner"
    value = terraform_data.unknown.output
  }
}

resource "cloud_monitor" "strings" {
  tags = ["owner:billing", "fusebill_customer_id:${data.fusebill_customer_status.this.id}"]
}
