# deny: terraform_data.stack belongs to customer 6, which has status Active and account status PoorStanding; resolve the status in Fusebill first
# deny: terraform_data.other belongs to customer 8, which has status Suspended and account status Collection; resolve the status in Fusebill first
# warn: Fusebill suspends customer 6 in 9 days
# warn: Fusebill suspends customer 8 in 0 days

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
