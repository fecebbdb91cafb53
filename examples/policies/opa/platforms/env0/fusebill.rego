# Adapts the policy to env0, which evaluates the rules deny and warn of the package env0.
# https://docs.envzero.com/guides/policies-governance/approval-policies

package env0

import data.main

deny := main.deny

warn := main.warn
