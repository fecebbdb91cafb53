package provider

import "github.com/hashicorp/terraform-plugin-framework/datasource"

// NewCustomerStatusesDataSource makes data.fusebill_customer_statuses.
func NewCustomerStatusesDataSource() datasource.DataSource {
	return &customerDataSource{
		name: "customer_statuses",
		description: "Reads how many customers stand, for gates and policies. Nothing personal and no amount gets into the state. " +
			"It costs one request of the account's quota for each customer, and takes a fraction of the time that `for_each` over `fusebill_customer_status` takes.",
		view:  customerStatus,
		shape: plural,
	}
}
