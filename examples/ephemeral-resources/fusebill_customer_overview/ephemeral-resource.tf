ephemeral "fusebill_customer_overview" "example" {
  customer_id = 650084
}

# The command receives the name and the address. Terraform stores them neither in the state
# nor in plan files. You can also use them in write-only arguments and provider arguments.
resource "terraform_data" "welcome" {
  provisioner "local-exec" {
    command = "echo \"Welcome, $NAME. Your address is $ADDRESS.\""
    environment = {
      NAME    = ephemeral.fusebill_customer_overview.example.first_name
      ADDRESS = ephemeral.fusebill_customer_overview.example.primary_email
    }
  }
}
