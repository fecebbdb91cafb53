package provider

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// An argument is an argument of the provider, with its environment variable.
type argument struct {
	name, variable string
	// invalid is the summary of the diagnostic for a value that does not parse.
	invalid string
}

var (
	apiKeyArgument                = argument{"api_key", "FUSEBILL_API_KEY", "Invalid Fusebill API Key"}
	environmentArgument           = argument{"environment", "FUSEBILL_ENVIRONMENT", "Invalid Fusebill Environment"}
	baseURLArgument               = argument{"base_url", "FUSEBILL_BASE_URL", "Invalid Fusebill Base URL"}
	requestTimeoutArgument        = argument{"request_timeout", "FUSEBILL_REQUEST_TIMEOUT", "Invalid Fusebill Request Timeout"}
	maxRetriesArgument            = argument{"max_retries", "FUSEBILL_MAX_RETRIES", "Invalid Fusebill Retry Limit"}
	maxConcurrentRequestsArgument = argument{"max_concurrent_requests", "FUSEBILL_MAX_CONCURRENT_REQUESTS", "Invalid Fusebill Concurrency Limit"}
	requestsPerMinuteArgument     = argument{"requests_per_minute", "FUSEBILL_REQUESTS_PER_MINUTE", "Invalid Fusebill Request Limit"}
	quotaReservePercentArgument   = argument{"quota_reserve_percent", "FUSEBILL_QUOTA_RESERVE_PERCENT", "Invalid Fusebill Quota Reserve"}
)

const (
	defaultRequestTimeout        = 30 * time.Second
	defaultMaxRetries            = 4
	defaultMaxConcurrentRequests = 32
	defaultQuotaReservePercent   = 10
)

// A setting is the value of an argument as text, and where it came from.
type setting struct {
	argument
	text string
	// given tells that there is a text, which may be empty.
	given bool
	// fromVariable tells that the text came from the environment variable.
	fromVariable bool
	// unknown tells that the argument has a value that is not known yet.
	unknown bool
}

// resolve gives an argument's value: the configured one, or else that of the
// environment variable, where an empty one counts as none.
func (a argument) resolve(configured types.String, getenv func(string) string) setting {
	s := setting{argument: a, unknown: configured.IsUnknown()}
	if !configured.IsNull() {
		s.text, s.given = configured.ValueString(), !s.unknown
		return s
	}
	s.text = getenv(a.variable)
	s.given = s.text != ""
	s.fromVariable = s.given
	return s
}

// origin names the place that the value came from.
func (s setting) origin() string {
	if s.fromVariable {
		return "the environment variable " + s.variable
	}
	return "the provider's argument " + s.name
}

// parse parses a setting, or gives the fallback where there is none. An error
// becomes a diagnostic on the argument.
func parse[T any](s setting, parser func(string) (T, error), fallback T, diags *diag.Diagnostics) T {
	if !s.given {
		return fallback
	}
	value, err := parser(s.text)
	if err != nil {
		diags.AddAttributeError(path.Root(s.name), s.invalid, fmt.Sprintf("The value of %s cannot be used: %s.", s.origin(), err))
		return fallback
	}
	return value
}

// settings are what the provider's arguments and environment variables come to.
type settings struct {
	// config lacks the User-Agent.
	config      fusebill.Config
	key         setting
	environment fusebill.Environment // The zero one where a base URL was given.
	unknown     []string             // Names of the arguments whose value is not known yet.
}

// resolve reads all arguments. Where the API is comes from the arguments
// environment and base_url where one of them is set, and else from their
// variables, so that an argument is never overruled by a variable.
func (m providerModel) resolve(getenv func(string) string) (settings, diag.Diagnostics) {
	endpointGetenv := getenv
	if !m.Environment.IsNull() || !m.BaseURL.IsNull() {
		endpointGetenv = noVariables
	}
	var (
		key                   = apiKeyArgument.resolve(m.APIKey, getenv)
		environment           = environmentArgument.resolve(m.Environment, endpointGetenv)
		baseURL               = baseURLArgument.resolve(m.BaseURL, endpointGetenv)
		requestTimeout        = requestTimeoutArgument.resolve(m.RequestTimeout, getenv)
		maxRetries            = maxRetriesArgument.resolve(numberText(m.MaxRetries), getenv)
		maxConcurrentRequests = maxConcurrentRequestsArgument.resolve(numberText(m.MaxConcurrentRequests), getenv)
		requestsPerMinute     = requestsPerMinuteArgument.resolve(numberText(m.RequestsPerMinute), getenv)
		quotaReservePercent   = quotaReservePercentArgument.resolve(numberText(m.QuotaReservePercent), getenv)

		diags diag.Diagnostics
		s     = settings{key: key}
	)
	s.environment = parse(environment, fusebill.ParseEnvironment, fusebill.Environments[0], &diags)
	s.config = fusebill.Config{
		BaseURL:               parse(baseURL, fusebill.ParseBaseURL, s.environment.BaseURL(), &diags),
		Key:                   parse(key, fusebill.ParseKey, "", &diags),
		RequestTimeout:        parse(requestTimeout, parseTimeout, defaultRequestTimeout, &diags),
		MaxRetries:            parse(maxRetries, parseInteger(0, 100), defaultMaxRetries, &diags),
		MaxConcurrentRequests: parse(maxConcurrentRequests, parseInteger(1, 1000), defaultMaxConcurrentRequests, &diags),
		RequestsPerMinute:     parse(requestsPerMinute, parseInteger(1, math.MaxInt32), 0, &diags),
		QuotaReservePercent:   parse(quotaReservePercent, parseInteger(0, 90), defaultQuotaReservePercent, &diags),
	}
	if baseURL.given {
		s.environment = fusebill.Environment{}
	}
	if baseURL.given && environment.given {
		diags.AddAttributeError(path.Root(baseURL.name), baseURL.invalid,
			fmt.Sprintf("The API's address is given twice, by %s and by %s. The first is for a proxy or a simulator, the second picks one of Fusebill's own hosts. Remove one.",
				baseURL.origin(), environment.origin()))
	}
	for _, each := range []setting{key, environment, baseURL, requestTimeout, maxRetries, maxConcurrentRequests, requestsPerMinute, quotaReservePercent} {
		if each.unknown {
			s.unknown = append(s.unknown, each.name)
		}
	}
	return s, diags
}

// numberText gives a number as the text that its environment variable would have.
// The numbers are not Int64, because the framework answers a fraction in one with a
// diagnostic that blames the provider.
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

// parseInteger gives a parser of whole numbers within bounds.
func parseInteger(least, most int) func(string) (int, error) {
	return func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			return 0, fmt.Errorf("%q is not a whole number from %d to %d", text, least, most)
		}
		return n, nil
	}
}

func noVariables(string) string { return "" }

func parseTimeout(text string) (time.Duration, error) {
	timeout, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is not a duration such as 30s or 1m30s", text)
	case timeout <= 0:
		return 0, fmt.Errorf("%q is not longer than zero", text)
	default:
		return timeout, nil
	}
}
