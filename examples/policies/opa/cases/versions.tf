# Each case is planned with this beside it.

terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}
