variable "customer_id" {
  type = number
}

module "inner" {
  source      = "./module"
  customer_id = var.customer_id
}
