# deny: module.fleet["b"].terraform_data.stack["6"] belongs to customer 6, which has status Active and account status PoorStanding; resolve the status in Fusebill first
# deny: module.fleet["b"].terraform_data.stack["999"] belongs to customer 999, which does not exist in Fusebill; verify the ID
# warn: customer 1 owes 1234.56 CAD
# warn: customer 6 owes 310.2 USD
# warn: Fusebill suspends customer 6 in 9 days

module "fleet" {
  source       = "./module"
  for_each     = { a = [1], b = [6, 999] }
  customer_ids = each.value
}
