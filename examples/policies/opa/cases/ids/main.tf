# deny: terraform_data.stack["fraction"] has the customer ID 6.5, which is not a positive whole number; set the Fusebill ID of the customer
# deny: terraform_data.stack["negative"] has the customer ID -6, which is not a positive whole number; set the Fusebill ID of the customer
# deny: terraform_data.stack["space"] has the customer ID "6 ", which is not a positive whole number; set the Fusebill ID of the customer
# deny: terraform_data.stack["zero"] has the customer ID "06", which is not a positive whole number; set the Fusebill ID of the customer
# deny: terraform_data.stack["list"] has the customer ID [6], which is not a positive whole number; set the Fusebill ID of the customer
# deny: terraform_data.stack["exponent"] belongs to customer 1000, which the plan does not read from Fusebill; add a data source that reads the customer
# deny: terraform_data.stack["large"] belongs to customer 1234567, which does not exist in Fusebill; verify the ID
# deny: terraform_data.stack["huge"] belongs to customer 123456789012345, which the plan does not read from Fusebill; add a data source that reads the customer
# warn: Fusebill suspends customer 6 in 9 days

data "fusebill_customer_statuses" "this" {
  customer_ids  = [6, 1234567, 123456789012346]
  allow_missing = true
}

resource "terraform_data" "stack" {
  for_each = {
    fraction = 6.5
    negative = -6
    space    = "6 "
    zero     = "06"
    list     = [6]
    exponent = 1e3
    large    = 1234567
    huge     = 123456789012345
  }
  input = { fusebill_customer_id = each.value }
}
