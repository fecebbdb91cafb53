terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}
