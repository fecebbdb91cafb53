# first: apply -auto-approve
# output: validate -json
# deny: input is a validation result, not a Terraform plan; create the plan with `terraform show -json PLANFILE`

data "fusebill_customer_status" "this" {
  customer_id = 7
}

resource "terraform_data" "stack" {
  input = { fusebill_customer_id = data.fusebill_customer_status.this.id }
}
