# Cases with resources of the provider cloud are planned with this file. cloud has tags and
# labels in the shapes that the large providers use, creates nothing, and is in
# tools/policy/cloud.

terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
    cloud = {
      source = "example/cloud"
    }
  }
}
