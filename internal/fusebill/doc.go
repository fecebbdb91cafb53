// Package fusebill is a client of the Fusebill API, sold since 2022 as Stax
// Bill. It knows requests, answers and errors, and nothing of Terraform.
//
// It reads customer overviews. [NewClient] makes a client from a key that went
// through [ParseKey] and a base URL from an [Environment] or [ParseBaseURL];
// every failure is an [APIError], a [DecodeError] or a [TransportError].
package fusebill
