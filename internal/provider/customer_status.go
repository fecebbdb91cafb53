// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// NewCustomerStatusDataSource returns the data source fusebill_customer_status.
func NewCustomerStatusDataSource() datasource.DataSource {
	return &singularDataSource[fusebill.CustomerStatus]{
		typeName: "customer_status",
		description: "Reads the status of a customer. The state contains no personal data and no financial data, " +
			"which makes this data source suitable for preconditions and policy checks. Uses one API request.",
		customerKind: customerStatus,
	}
}

// NewCustomerStatusesDataSource returns the data source fusebill_customer_statuses.
func NewCustomerStatusesDataSource() datasource.DataSource {
	return &pluralDataSource[fusebill.CustomerStatus]{
		typeName: "customer_statuses",
		description: "Reads the statuses of many customers. The state contains no personal data and no financial data. " +
			"Uses one API request for each customer.",
		singular:     "customer_status",
		results:      "statuses",
		customerKind: customerStatus,
	}
}

var customerStatus = customerKind[fusebill.CustomerStatus]{
	fields: append(customerStatusFields,
		embedField(isActiveField, statusCustomer),
		embedField(inGoodStandingField, statusCustomer),
	),
	read: func(ctx context.Context, client *fusebill.Client, id int64, _ customerOptions) (*fusebill.CustomerStatus, error) {
		return client.CustomerStatus(ctx, id)
	},
}

// customerStatusFields are the fields of a status that the API returns. The overview has them as well.
var customerStatusFields = []field[fusebill.CustomerStatus]{
	embedField(idField, statusCustomer),
	embedField(statusField, statusCustomer),
	embedField(customerAccountStatusField, statusCustomer),
	timestampField("status_timestamp", "Time at which `status` last changed.",
		func(s *fusebill.CustomerStatus) *time.Time { return s.StatusTimestamp }),
	timestampField("customer_account_status_timestamp", "Time at which `customer_account_status` last changed.",
		func(s *fusebill.CustomerStatus) *time.Time { return s.CustomerAccountStatusTimestamp }),
	integerField("days_until_suspension", "Days until Fusebill suspends the customer. Null if no suspension is scheduled.",
		func(s *fusebill.CustomerStatus) *int64 { return s.DaysUntilSuspension }),
	integerField("days_until_cancellation", "Days until Fusebill cancels the customer. Null if no cancellation is scheduled.",
		func(s *fusebill.CustomerStatus) *int64 { return s.DaysUntilCancellation }),
	timestampField("next_billing_date", "Time of the next bill. Null if no bill is scheduled.",
		func(s *fusebill.CustomerStatus) *time.Time { return s.NextBillingDate }),
	embedField(currencyField, statusCustomer),
	embedField(parentIDField, statusCustomer),
	embedField(isParentField, statusCustomer),
}

func statusCustomer(s *fusebill.CustomerStatus) *fusebill.Customer { return &s.Customer }
