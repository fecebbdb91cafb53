# Every case is planned with this file. cloud is a provider with tags and labels in the
# shapes that the large providers use. It creates nothing, and is in tools/policy/cloud.

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
