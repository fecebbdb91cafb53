# Adapts the policy to HCP Terraform and Terraform Enterprise, which query the rules that
# policies.hcl names.
# https://developer.hashicorp.com/terraform/cloud-docs/policy-enforcement/define-policies/opa

package terraform.policies.fusebill

import data.main

deny := main.deny

warn := main.warn
