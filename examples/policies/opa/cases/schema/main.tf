# first: apply -auto-approve
# output: providers schema -json
# deny: input is a provider schema, not a Terraform plan; create the plan with `terraform show -json PLANFILE`

data "fusebill_customer_status" "this" {
  customer_id = 7
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}
