// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
)

// argument is an argument of the provider, which an environment variable can also set.
type argument struct {
	name, envVar string
	// invalidSummary is the summary of the diagnostic for an invalid value.
	invalidSummary string
	// description is the description without the environment variable and the default.
	description string
	// defaultText is the default in the description, or empty if there is none.
	defaultText string
	isNumber    bool
	isSensitive bool
}

var (
	apiKeyArgument = argument{
		name: "api_key", envVar: "FUSEBILL_API_KEY", invalidSummary: "Invalid Fusebill API Key", isSensitive: true,
		description: "API key of the account, as displayed in Fusebill. The provider removes a leading `Basic `, and sends the key verbatim. " +
			"The key selects the account, and is valid in one environment. Can be an ephemeral value.",
	}
	environmentArgument = argument{
		name: "environment", envVar: "FUSEBILL_ENVIRONMENT", invalidSummary: "Invalid Fusebill Environment", defaultText: "`production`",
		description: "Environment of the account: `production` (`secure.fusebill.com`; also sandbox and TestDrive accounts) " +
			"or `staging` (`stg-secure.fusebill.com`; only old test environments).",
	}
	baseURLArgument = argument{
		name: "base_url", envVar: "FUSEBILL_BASE_URL", invalidSummary: "Invalid Fusebill Base URL", defaultText: "the URL of the environment",
		description: "Base URL of the API, such as `https://gateway.example.com/fusebill/v1`, for use with a gateway or a simulator. " +
			"A trailing `/v1` is optional. Must use `https` unless the host is a loopback address, and must not contain credentials, " +
			"a query, or a fragment. Conflicts with `environment`. If either argument is set, the environment variables of both are ignored.",
	}
	caCertArgument = argument{
		name: "ca_cert_pem", envVar: "FUSEBILL_CA_CERT_PEM", invalidSummary: "Invalid Fusebill CA Certificate",
		description: "PEM bundle of CA certificates to trust in addition to those of the system, for a gateway or a proxy with a private CA.",
	}
	clientCertArgument = argument{
		name: "client_cert_pem", envVar: "FUSEBILL_CLIENT_CERT_PEM", invalidSummary: "Invalid Fusebill Client Certificate",
		description: "PEM client certificate for a gateway that requires one, optionally followed by intermediate certificates. " +
			"Requires `client_key_pem`.",
	}
	clientKeyArgument = argument{
		name: "client_key_pem", envVar: "FUSEBILL_CLIENT_KEY_PEM", invalidSummary: "Invalid Fusebill Client Key", isSensitive: true,
		description: "PEM private key of `client_cert_pem`. Must not be encrypted. Can be an ephemeral value.",
	}
	requestTimeoutArgument = argument{
		name: "request_timeout", envVar: "FUSEBILL_REQUEST_TIMEOUT", invalidSummary: "Invalid Fusebill Request Timeout", defaultText: "`30s`",
		description: "Timeout of one attempt of a request, from connecting to the last byte of the response, " +
			"as a [duration](https://pkg.go.dev/time#ParseDuration) such as `30s`.",
	}
	maxRetriesArgument = argument{
		name: "max_retries", envVar: "FUSEBILL_MAX_RETRIES", invalidSummary: "Invalid Fusebill Retry Limit", defaultText: "`4`", isNumber: true,
		description: "Maximum number of retries for a request that fails with a transport error, status 408, 425, or any 5xx status except " +
			"501, 505, and 511. Between 0 and 100. The delay starts at 0.5 seconds and doubles, or follows `Retry-After`. " +
			"Waiting for the rate limit does not count as a retry.",
	}
	maxConcurrentRequestsArgument = argument{
		name: "max_concurrent_requests", envVar: "FUSEBILL_MAX_CONCURRENT_REQUESTS", invalidSummary: "Invalid Fusebill Concurrency Limit",
		defaultText: "`32`", isNumber: true,
		description: "Maximum number of requests in flight. Between 1 and 1000.",
	}
	requestsPerMinuteArgument = argument{
		name: "requests_per_minute", envVar: "FUSEBILL_REQUESTS_PER_MINUTE", invalidSummary: "Invalid Fusebill Request Limit", isNumber: true,
		description: "Maximum number of requests per minute, a positive integer. " +
			"Use it to stay below the account's own rate limit, which the provider always respects.",
	}
	rateLimitReserveArgument = argument{
		name: "rate_limit_reserve_percent", envVar: "FUSEBILL_RATE_LIMIT_RESERVE_PERCENT", invalidSummary: "Invalid Fusebill Rate Limit Reserve",
		defaultText: "`10`", isNumber: true,
		description: "Percentage of each of the account's rate-limit windows to leave unused for other clients, such as billing. " +
			"Between 0 and 90.",
	}

	arguments = []argument{
		apiKeyArgument, environmentArgument, baseURLArgument, caCertArgument, clientCertArgument, clientKeyArgument, requestTimeoutArgument,
		maxRetriesArgument, maxConcurrentRequestsArgument, requestsPerMinuteArgument, rateLimitReserveArgument,
	}
)

// attribute returns the schema of the argument. A number is not an Int64, because the framework reports a
// fraction in an Int64 as a bug of the provider.
func (a argument) attribute() schema.Attribute {
	description := a.description + fmt.Sprintf(" Can also be set with the environment variable `%s`.", a.envVar)
	if a.defaultText != "" {
		description += fmt.Sprintf(" Defaults to %s.", a.defaultText)
	}
	if a.isNumber {
		return schema.NumberAttribute{Optional: true, MarkdownDescription: description}
	}
	return schema.StringAttribute{Optional: true, Sensitive: a.isSensitive, MarkdownDescription: description}
}
