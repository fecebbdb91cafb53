# deny: terraform_data.stack["7"] belongs to customer 7, which has status Hold and account status Good; resolve the status in Fusebill first
# deny: terraform_data.stack["999"] belongs to customer 999, which does not exist in Fusebill; verify the ID

data "fusebill_customer_statuses" "this" {
  customer_ids  = [1, 2, 7, 999]
  allow_missing = true
}

resource "terraform_data" "stack" {
  for_each = toset(["1", "2", "7", "999"])
  input    = { fusebill_customer_id = each.key }
}
