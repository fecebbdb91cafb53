# deny: cloud_server.key has a fusebill_customer_id that is unknown during plan; set an ID that is known during plan
# deny: cloud_server.pair has a fusebill_customer_id without a value that is known during plan; set an ID that is known during plan
# deny: cloud_server.pairs has unknown tag, which may name a customer; set tags that are known during plan, or exempt the resource type
# deny: cloud_server.name has unknown tag.0.key, which may name a customer; set tags that are known during plan, or exempt the resource type
# deny: cloud_server.map has unknown tags, which may name a customer; set tags that are known during plan, or exempt the resource type
# deny: cloud_server.map has unknown tags_all, which may name a customer; set tags that are known during plan, or exempt the resource type
# deny: cloud_server.labels has unknown metadata.0.labels, which may name a customer; set tags that are known during plan, or exempt the resource type
# deny: cloud_server.partial has unknown tags_all, which may name a customer; set tags that are known during plan, or exempt the resource type
# deny: cloud_monitor.list has unknown tags, which may name a customer; set tags that are known during plan, or exempt the resource type
# deny: cloud_monitor.string has unknown tags.1, which may name a customer; set tags that are known during plan, or exempt the resource type
# deny: terraform_data.input has unknown input, which may name a customer; set tags that are known during plan, or exempt the resource type
# deny: terraform_data.nested has unknown input.tags, which may name a customer; set tags that are known during plan, or exempt the resource type

data "fusebill_customer_status" "this" {
  customer_id = 1
}

# The output is unknown during plan.
resource "terraform_data" "unknown" {
  input = {
    number = 1
    name   = "owner"
    tags   = { fusebill_customer_id = "1" }
    list   = ["fusebill_customer_id:1"]
  }
}

resource "cloud_server" "key" {
  labels = { fusebill_customer_id = terraform_data.unknown.output.number }
}

resource "cloud_server" "pair" {
  tag {
    key   = "fusebill_customer_id"
    value = terraform_data.unknown.output.number
  }
}

resource "cloud_server" "pairs" {
  dynamic "tag" {
    for_each = terraform_data.unknown.output.tags
    content {
      key   = tag.key
      value = tag.value
    }
  }
}

resource "cloud_server" "name" {
  tag {
    key   = terraform_data.unknown.output.name
    value = "6"
  }
}

resource "cloud_server" "map" {
  tags = terraform_data.unknown.output.tags
}

resource "cloud_server" "labels" {
  metadata {
    labels = terraform_data.unknown.output.tags
  }
}

resource "cloud_monitor" "list" {
  tags = terraform_data.unknown.output.list
}

resource "cloud_monitor" "string" {
  tags = ["owner:billing", "fusebill_customer_id:${terraform_data.unknown.output.number}"]
}

resource "terraform_data" "input" {
  input = terraform_data.unknown.output
}

resource "terraform_data" "nested" {
  input = { tags = terraform_data.unknown.output.tags }
}

# The policy ignores an unknown value that cannot name a customer.
resource "cloud_server" "unrelated" {
  labels = { owner = terraform_data.unknown.output.name }
}

# The provider does not know tags_all until it knows each of the tags.
resource "cloud_server" "partial" {
  tags = { owner = terraform_data.unknown.output.name }
}
