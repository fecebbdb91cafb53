# deny: terraform_data.stack is for customer 6, who is Active and in PoorStanding
# deny: terraform_data.other is for customer 8, who is Suspended and in Collection

data "fusebill_customer_status" "this" {
  for_each    = toset(["6", "8"])
  customer_id = each.key
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = 6 }
}

resource "terraform_data" "other" {
  input = { tags = { fusebill_customer_id = "8" } }
}
