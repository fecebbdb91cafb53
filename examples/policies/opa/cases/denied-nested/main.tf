# deny: module.outer.module.inner.terraform_data.stack is for customer 6, who is Active and in PoorStanding

module "outer" {
  source      = "./module"
  customer_id = 6
}
