// SPDX-License-Identifier: MPL-2.0

// Package fusebill is a client of the Fusebill API, which has been sold as Stax Bill since
// 2022. It knows requests, responses, and errors, and nothing of Terraform.
//
// # Usage
//
// A [Client] reads from one account:
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
// [Client.CustomerOverview] reads all that the API returns for a customer, [Client.CustomerStatus]
// only what is neither personal nor financial, and [Client.Customers] lists customers.
//
// # Requests
//
// The methods can be called concurrently. The client waits for the account's rate limit, as package
// ratelimit describes, retries transient failures, and ends when the context does.
//
// # Errors
//
// Each error is an [*APIError] (a response that is not a success), a [*DecodeError] (a response
// that is not what was requested), a [*RateLimitError] (the rate limit does not allow another request
// before the deadline), or a [*TransportError] (no complete response). Use [errors.As] for their
// fields, and [errors.Is] with [ErrNotFound], [ErrUnauthorized], or [ErrUnreachable] for their kinds.
// Texts from the server are cut, printable, and free of the key and of personal data.
//
// The vendor documents the API at https://developer.fusebill.com/reference.
package fusebill
