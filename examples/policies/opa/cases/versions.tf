# Cases without resources of the provider cloud are planned with this file.

terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}
