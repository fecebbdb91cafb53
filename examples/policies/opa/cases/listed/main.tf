# deny: terraform_data.stack["6"] belongs to customer 6, which has status Active and account status PoorStanding; resolve the status in Fusebill first

data "fusebill_customers" "this" {
  ids = [1, 6]
}

resource "terraform_data" "stack" {
  for_each = toset([for id in data.fusebill_customers.this.customer_ids : tostring(id)])
  input    = { fusebill_customer_id = each.key }
}
