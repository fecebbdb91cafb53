terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}

# The API key is in the environment variable FUSEBILL_API_KEY. Terraform does not write it to
# a file.
provider "fusebill" {}

data "fusebill_customer_status" "example" {
  customer_id = 650084
}

output "may_be_provisioned" {
  value = data.fusebill_customer_status.example.is_active && data.fusebill_customer_status.example.in_good_standing
}
