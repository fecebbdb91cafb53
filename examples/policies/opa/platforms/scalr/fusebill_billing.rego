# Adapts the policy to Scalr, which evaluates the rule deny of the package terraform.
# https://docs.scalr.io/docs/policy-as-code

package terraform

import data.main

deny contains message if {
	not is_before_plan
	some message in main.deny
}

# Scalr also evaluates policies before the plan, with an input that has no plan.
is_before_plan if {
	is_object(input.tfrun)
	not "tfplan" in object.keys(input)
}
