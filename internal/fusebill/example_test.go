// SPDX-License-Identifier: MPL-2.0

package fusebill_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// simulatedClient returns a client of a simulated API with the customers 1 to 10, and the function that stops
// the API.
func simulatedClient() (client *fusebill.Client, stop func()) {
	server := httptest.NewServer(fusebilltest.New(fusebilltest.Options{Fleet: 10}))
	baseURL, err := fusebill.ParseBaseURL(server.URL)
	if err != nil {
		panic(err)
	}
	client, err = fusebill.NewClient(fusebill.Config{
		BaseURL:               baseURL,
		Key:                   fusebilltest.Key,
		RequestTimeout:        30 * time.Second,
		MaxRetries:            4,
		MaxConcurrentRequests: 32,
	})
	if err != nil {
		panic(err)
	}
	return client, server.Close
}

func ExampleClient_CustomerOverview() {
	client, stop := simulatedClient()
	defer stop()
	overview, err := client.CustomerOverview(context.Background(), 650084, fusebill.CustomerOverviewOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*overview.Reference, *overview.Status, overview.ARBalance)
	// Output: 100986 Active 0
}

func ExampleClient_CustomerOverview_notFound() {
	client, stop := simulatedClient()
	defer stop()
	_, err := client.CustomerOverview(context.Background(), 11, fusebill.CustomerOverviewOptions{})
	var apiError *fusebill.APIError
	if errors.Is(err, fusebill.ErrNotFound) && errors.As(err, &apiError) {
		fmt.Println(apiError.StatusCode, apiError.Messages)
	}
	// Output: 404 [CustomerOverview with id 11 not found.]
}

func ExampleClient_CustomerStatus() {
	client, stop := simulatedClient()
	defer stop()
	status, err := client.CustomerStatus(context.Background(), 6)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*status.Status, *status.CustomerAccountStatus)
	// Output: Active PoorStanding
}

func ExampleClient_Customers() {
	client, stop := simulatedClient()
	defer stop()
	customers, err := client.Customers(context.Background(), fusebill.CustomerFilter{Statuses: []string{"Hold", "Suspended"}}, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, customer := range customers {
		fmt.Println(customer.ID, *customer.Reference, *customer.Status)
	}
	// Output:
	// 7 REF-000007 Hold
	// 8 REF-000008 Suspended
}
