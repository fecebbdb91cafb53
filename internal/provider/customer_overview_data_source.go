package provider

import "github.com/hashicorp/terraform-plugin-framework/datasource"

// NewCustomerOverviewDataSource makes data.fusebill_customer_overview.
func NewCustomerOverviewDataSource() datasource.DataSource {
	return &customerDataSource{
		name: "customer_overview",
		description: "Reads a customer's overview: who the customer is, how the customer stands, and what is owed. " +
			"It costs one request of the account's quota.",
		view:  customerOverview,
		shape: singular,
	}
}
