ephemeral "fusebill_customer_overview" "example" {
  customer_id = 650084
}

# The name and the address reach the command, but neither the state nor a plan
# file. Write-only arguments of resources, and arguments of providers, take them in
# the same way.
resource "terraform_data" "welcome" {
  provisioner "local-exec" {
    command = "echo \"Welcome, $NAME. Mail goes to $ADDRESS.\""
    environment = {
      NAME    = ephemeral.fusebill_customer_overview.example.first_name
      ADDRESS = ephemeral.fusebill_customer_overview.example.primary_email
    }
  }
}
