# deny: terraform_data.stack["6"] is for customer 6, who is Active and in PoorStanding

data "fusebill_customers" "this" {
  ids = [1, 6]
}

resource "terraform_data" "stack" {
  for_each = toset([for id in data.fusebill_customers.this.customer_ids : tostring(id)])
  input    = { fusebill_customer_id = each.key }
}
