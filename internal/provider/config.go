// SPDX-License-Identifier: MPL-2.0

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
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

const (
	defaultRequestTimeout          = 30 * time.Second
	defaultMaxRetries              = 4
	defaultMaxConcurrentRequests   = 32
	defaultRateLimitReservePercent = 10
)

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
	// isSet is true if the argument or the environment variable has a value. The value of an argument can be
	// empty.
	isSet bool
	// isFromEnv is true if the value is that of the environment variable.
	isFromEnv bool
	// isUnknown is true if the value of the argument is not yet known.
	isUnknown bool
}

// setting returns the configured value, or otherwise the value of the environment variable. An empty
// environment variable counts as not set.
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
	// config is the configuration of the client. Configure adds UserAgent and Getenv.
	config fusebill.Config
	apiKey setting
	// clientCert and clientKey are only valid together.
	clientCert, clientKey setting
	// environment is the zero value if a base URL is set.
	environment fusebill.Environment
	// unknown are the names of the arguments with values that are not yet known.
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
		c     = configuration{apiKey: apiKey, clientCert: clientCert, clientKey: clientKey}
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

// requirePair adds a diagnostic if one of two settings is set without the other.
func requirePair(a, b setting, diags *diag.Diagnostics) {
	for _, pair := range [][2]setting{{a, b}, {b, a}} {
		if one, other := pair[0], pair[1]; one.isSet && !other.isSet && !other.isUnknown {
			one.addInvalid(diags, fmt.Errorf("requires the provider argument %s or the environment variable %s", other.name, other.envVar))
		}
	}
}

// parseClientCertificate returns the client certificate, or nil unless both settings are set.
func parseClientCertificate(certificate, key setting, diags *diag.Diagnostics) *tls.Certificate {
	if !certificate.isSet || !key.isSet {
		return nil
	}
	// Distinguishes an invalid certificate from an invalid key.
	if _, err := fusebill.ParseCACertificates(certificate.text); err != nil {
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
