// Package fusebill is a client of the Fusebill API, which has been sold as Stax Bill since
// 2022. It knows requests, responses, and errors, and nothing of Terraform.
//
// A [Client] reads the overview of a customer, the status of a customer, and the list of
// customers. [NewClient] needs a key from [ParseKey] and a base URL from [ParseEnvironment] or
// [ParseBaseURL]. Errors are typed; use [errors.As] and [errors.Is] to tell them apart.
package fusebill
