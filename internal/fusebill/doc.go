// SPDX-License-Identifier: MPL-2.0

// Package fusebill provides a client for the Fusebill API, which the vendor documents at
// https://developer.fusebill.com/reference. Fusebill has been sold as Stax Bill since 2022.
//
// # Usage
//
// Construct a client, and use its methods to read customers:
//
//	key, err := fusebill.ParseKey(os.Getenv("FUSEBILL_API_KEY"))
//	…
//	client, err := fusebill.NewClient(fusebill.Config{
//		BaseURL:               fusebill.Production.BaseURL(),
//		Key:                   key,
//		RequestTimeout:        30 * time.Second,
//		MaxRetries:            4,
//		MaxConcurrentRequests: 32,
//	})
//	…
//	status, err := client.CustomerStatus(ctx, 650084)
//
// [Client.CustomerStatus] reads a customer without personal and financial data,
// [Client.CustomerOverview] reads all fields of a customer, and [Client.Customers] lists the
// customers that match a filter. All methods are safe for concurrent use, and return when the
// context ends.
//
// # Authentication
//
// The API key selects the account, and is valid in one environment: [Production] or [Staging]. The
// client does not follow redirects, to avoid sending the key to another host.
//
// # Rate limits
//
// The API limits the requests of an account per minute and per day. The client waits until the
// limits allow a request, and sends a request again after status 429. If a wait would exceed the
// deadline of the context, the method returns a [*RateLimitError] immediately. Package ratelimit
// describes the limits.
//
// # Lists
//
// [Client.Customers] reads the pages of a list concurrently and returns all rows:
//
//	filter := fusebill.CustomerFilter{Statuses: []string{"Hold", "Suspended"}}
//	customers, err := client.Customers(ctx, filter, 10_000)
//
// # Errors
//
// The methods return errors of these types:
//
//   - [*APIError]: the API returned an error, or a response that is not a success.
//   - [*DecodeError]: the response is a success, but not the requested data.
//   - [*RateLimitError]: the rate limit does not allow another request before the deadline.
//   - [*TransportError]: no complete response arrived.
//
// [Client.Customers] also returns a [*TooManyCustomersError] or [ErrListChanged].
//
// Use [errors.Is] to test for a kind of error, and [errors.As] to access the details:
//
//	var apiErr *fusebill.APIError
//	switch {
//	case errors.Is(err, fusebill.ErrNotFound):
//		fmt.Println("the customer does not exist")
//	case errors.As(err, &apiErr):
//		fmt.Println(apiErr.StatusCode, apiErr.Messages)
//	}
//
// Errors do not contain the API key or personal data. Texts from the server are printable and
// truncated.
package fusebill
