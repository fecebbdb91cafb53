// Package fusebill is a client of the Fusebill API, sold since 2022 as Stax
// Bill. It knows requests, answers and errors, and nothing of Terraform.
//
// It reads customers' overviews and the list of customers. [NewClient] makes a client
// from a key that went through [ParseKey] and a base URL from an [Environment] or
// [ParseBaseURL]; each method tells the errors that it may give.
package fusebill
