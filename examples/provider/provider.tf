terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}

# The key comes from the environment variable FUSEBILL_API_KEY, so that it
# stands in no file.
provider "fusebill" {
  environment = "production"
}
