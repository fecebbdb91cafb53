package provider

import "github.com/hashicorp/terraform-plugin-framework/datasource"

// NewCustomerStatusDataSource makes data.fusebill_customer_status.
func NewCustomerStatusDataSource() datasource.DataSource {
	return &customerDataSource{
		name: "customer_status",
		description: "Reads how a customer stands, for gates and policies. Nothing personal and no amount gets into the state. " +
			"It costs one request of the account's quota.",
		view:  customerStatus,
		shape: singular,
	}
}
