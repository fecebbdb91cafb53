package provider

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// argument is an argument of the provider, which can be set by an environment variable as well.
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
		description: "API key of the account, as displayed in Fusebill. The provider sends it verbatim, without a pasted `Basic ` before it. " +
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
		description: "Percentage of each of the account's rate-limit windows to leave unused for other clients, such as billing. Between 0 and 90.",
	}

	arguments = []argument{
		apiKeyArgument, environmentArgument, baseURLArgument, caCertArgument, clientCertArgument, clientKeyArgument, requestTimeoutArgument,
		maxRetriesArgument, maxConcurrentRequestsArgument, requestsPerMinuteArgument, rateLimitReserveArgument,
	}
)

const (
	defaultRequestTimeout          = 30 * time.Second
	defaultMaxRetries              = 4
	defaultMaxConcurrentRequests   = 32
	defaultRateLimitReservePercent = 10
)

// attribute returns the schema of the argument. A number is not an Int64: the framework reports a fraction in
// an Int64 as a bug of the provider.
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

// providerModel is the configuration of the provider in Terraform.
type providerModel struct {
	APIKey                  types.String `tfsdk:"api_key"`
	Environment             types.String `tfsdk:"environment"`
	BaseURL                 types.String `tfsdk:"base_url"`
	CACert                  types.String `tfsdk:"ca_cert_pem"`
	ClientCert              types.String `tfsdk:"client_cert_pem"`
	ClientKey               types.String `tfsdk:"client_key_pem"`
	RequestTimeout          types.String `tfsdk:"request_timeout"`
	MaxRetries              types.Number `tfsdk:"max_retries"`
	MaxConcurrentRequests   types.Number `tfsdk:"max_concurrent_requests"`
	RequestsPerMinute       types.Number `tfsdk:"requests_per_minute"`
	RateLimitReservePercent types.Number `tfsdk:"rate_limit_reserve_percent"`
}

// setting is the value of an argument as text, and its origin.
type setting struct {
	argument
	// text is the value without white space around it.
	text string
	// isSet means that there is a value, which can be empty if it is that of the argument.
	isSet bool
	// isFromEnv means that the value is that of the environment variable.
	isFromEnv bool
	// isUnknown means that the value of the argument is not known yet.
	isUnknown bool
}

// setting returns the configured value, or else the value of the environment variable. An empty environment
// variable is not set.
func (a argument) setting(configured types.String, getenv func(string) string) setting {
	s := setting{argument: a, isUnknown: configured.IsUnknown()}
	if !configured.IsNull() {
		s.text, s.isSet = strings.TrimSpace(configured.ValueString()), !s.isUnknown
		return s
	}
	s.text = strings.TrimSpace(getenv(a.envVar))
	s.isSet = s.text != ""
	s.isFromEnv = s.isSet
	return s
}

// origin describes where the value is set.
func (s setting) origin() string {
	if s.isFromEnv {
		return "environment variable " + s.envVar
	}
	return "provider argument " + s.name
}

// addInvalid adds a diagnostic for an invalid value on the argument.
func (s setting) addInvalid(diags *diag.Diagnostics, err error) {
	diags.AddAttributeError(path.Root(s.name), s.invalidSummary, fmt.Sprintf("Invalid value of the %s: %s.", s.origin(), err))
}

// parse parses a setting, or returns the default if it is not set. An error becomes a diagnostic.
func parse[T any](s setting, parser func(string) (T, error), defaultValue T, diags *diag.Diagnostics) T {
	if !s.isSet {
		return defaultValue
	}
	value, err := parser(s.text)
	if err != nil {
		s.addInvalid(diags, err)
		return defaultValue
	}
	return value
}

// configuration is the configuration of the provider with defaults and environment variables.
type configuration struct {
	// config lacks UserAgent.
	config fusebill.Config
	apiKey setting
	// environment is the zero value if a base URL is set.
	environment fusebill.Environment
	// unknown are the names of the arguments whose values are not known yet.
	unknown []string
}

// configuration parses all arguments. If environment or base_url is set as an argument, the environment
// variables of both are ignored, so that an environment variable never overrides an argument.
func (m providerModel) configuration(getenv func(string) string) (configuration, diag.Diagnostics) {
	endpointGetenv := getenv
	if !m.Environment.IsNull() || !m.BaseURL.IsNull() {
		endpointGetenv = noEnvironment
	}
	var (
		apiKey                = apiKeyArgument.setting(m.APIKey, getenv)
		environment           = environmentArgument.setting(m.Environment, endpointGetenv)
		baseURL               = baseURLArgument.setting(m.BaseURL, endpointGetenv)
		caCert                = caCertArgument.setting(m.CACert, getenv)
		clientCert            = clientCertArgument.setting(m.ClientCert, getenv)
		clientKey             = clientKeyArgument.setting(m.ClientKey, getenv)
		requestTimeout        = requestTimeoutArgument.setting(m.RequestTimeout, getenv)
		maxRetries            = maxRetriesArgument.setting(numberText(m.MaxRetries), getenv)
		maxConcurrentRequests = maxConcurrentRequestsArgument.setting(numberText(m.MaxConcurrentRequests), getenv)
		requestsPerMinute     = requestsPerMinuteArgument.setting(numberText(m.RequestsPerMinute), getenv)
		rateLimitReserve      = rateLimitReserveArgument.setting(numberText(m.RateLimitReservePercent), getenv)

		diags diag.Diagnostics
		c     = configuration{apiKey: apiKey}
	)
	c.environment = parse(environment, fusebill.ParseEnvironment, fusebill.Production, &diags)
	c.config = fusebill.Config{
		BaseURL:                 parse(baseURL, fusebill.ParseBaseURL, c.environment.BaseURL(), &diags),
		Key:                     parse(apiKey, fusebill.ParseKey, "", &diags),
		RootCAs:                 parse[*x509.CertPool](caCert, fusebill.ParseCACertificates, nil, &diags),
		ClientCertificate:       parseClientCertificate(clientCert, clientKey, &diags),
		RequestTimeout:          parse(requestTimeout, parseTimeout, defaultRequestTimeout, &diags),
		MaxRetries:              parse(maxRetries, integerParser(0, 100), defaultMaxRetries, &diags),
		MaxConcurrentRequests:   parse(maxConcurrentRequests, integerParser(1, 1000), defaultMaxConcurrentRequests, &diags),
		RequestsPerMinute:       parse(requestsPerMinute, integerParser(1, math.MaxInt32), 0, &diags),
		RateLimitReservePercent: parse(rateLimitReserve, integerParser(0, 90), defaultRateLimitReservePercent, &diags),
	}
	if baseURL.isSet {
		c.environment = fusebill.Environment{}
		if environment.isSet {
			baseURL.addInvalid(&diags, fmt.Errorf("conflicts with the %s; remove one of them", environment.origin()))
		}
	}
	for _, s := range []setting{
		apiKey, environment, baseURL, caCert, clientCert, clientKey, requestTimeout, maxRetries, maxConcurrentRequests, requestsPerMinute,
		rateLimitReserve,
	} {
		if s.isUnknown {
			c.unknown = append(c.unknown, s.name)
		}
	}
	return c, diags
}

// parseClientCertificate returns the client certificate, or nil if none is set or an argument is not known yet.
func parseClientCertificate(certificate, key setting, diags *diag.Diagnostics) *tls.Certificate {
	switch {
	case certificate.isUnknown || key.isUnknown || !certificate.isSet && !key.isSet:
		return nil
	case !key.isSet:
		certificate.addInvalid(diags, fmt.Errorf("requires the provider argument %s", key.name))
		return nil
	case !certificate.isSet:
		key.addInvalid(diags, fmt.Errorf("requires the provider argument %s", certificate.name))
		return nil
	}
	if _, err := fusebill.ParseCACertificates(certificate.text); err != nil { // Tells the argument that is invalid.
		certificate.addInvalid(diags, err)
		return nil
	}
	pair, err := fusebill.ParseClientCertificate(certificate.text, key.text)
	if err != nil {
		key.addInvalid(diags, fmt.Errorf("must be the PEM private key of the %s: %w", certificate.origin(), err))
		return nil
	}
	return pair
}

// numberText returns a number as the text of its environment variable.
func numberText(n types.Number) types.String {
	switch {
	case n.IsNull():
		return types.StringNull()
	case n.IsUnknown():
		return types.StringUnknown()
	default:
		return types.StringValue(n.ValueBigFloat().Text('g', 20))
	}
}

// integerParser returns a parser of integers within bounds.
func integerParser(minimum, maximum int) func(string) (int, error) {
	return func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < minimum || n > maximum {
			return 0, fmt.Errorf("must be an integer between %d and %d, got %q", minimum, maximum, text)
		}
		return n, nil
	}
}

func parseTimeout(text string) (time.Duration, error) {
	timeout, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("must be a duration such as 30s or 1m30s, got %q", text)
	case timeout <= 0:
		return 0, fmt.Errorf("must be greater than zero, got %q", text)
	default:
		return timeout, nil
	}
}

// noEnvironment is an environment without variables.
func noEnvironment(string) string { return "" }
