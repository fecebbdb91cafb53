# deny: terraform_data.stack["7"] is for customer 7, who is Hold and in Good
# deny: terraform_data.stack["999"] is for customer 999, who does not exist in Fusebill

data "fusebill_customer_statuses" "this" {
  customer_ids  = [1, 2, 7, 999]
  allow_missing = true
}

resource "terraform_data" "stack" {
  for_each = toset(["1", "2", "7", "999"])
  input    = { fusebill_customer_id = each.key }
}
