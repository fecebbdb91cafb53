# deny: module.outer.module.inner.terraform_data.stack belongs to customer 6, which has status Active and account status PoorStanding; resolve the status in Fusebill first
# warn: Fusebill suspends customer 6 in 9 days

module "outer" {
  source      = "./module"
  customer_id = 6
}
