# first: apply -auto-approve -var=revision=1
# plan: -var=revision=2
# deny: cloud_server.updated belongs to customer 7, which has status Hold and account status Good; resolve the status in Fusebill first
# deny: terraform_data.replaced belongs to customer 7, which has status Hold and account status Good; resolve the status in Fusebill first
# deny: terraform_data.create_before_destroy belongs to customer 7, which has status Hold and account status Good; resolve the status in Fusebill first

variable "revision" {
  type = number
}

data "fusebill_customer_status" "this" {
  customer_id = 7
}

resource "cloud_server" "updated" {
  tags   = { fusebill_customer_id = 7 }
  labels = { revision = var.revision }
}

resource "terraform_data" "replaced" {
  input            = { fusebill_customer_id = 7 }
  triggers_replace = var.revision
}

resource "terraform_data" "create_before_destroy" {
  input            = { fusebill_customer_id = 7 }
  triggers_replace = var.revision

  lifecycle {
    create_before_destroy = true
  }
}

# An update that removes the tag is allowed.
resource "cloud_server" "released" {
  tags = var.revision == 1 ? { fusebill_customer_id = "7" } : {}
}
