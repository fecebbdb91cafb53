// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// Without arguments and environment variables, the configuration has the defaults that the descriptions state.
func TestConfiguration_defaults(t *testing.T) {
	t.Parallel()
	c, diags := providerModel{}.configuration(noEnvironment)
	if diags.HasError() {
		t.Fatal(diags)
	}
	if got, want := c.config.BaseURL.String(), "https://secure.fusebill.com/v1"; got != want || c.environment != fusebill.Production {
		t.Errorf("base URL = %s in %+v, want %s in production", got, c.environment, want)
	}
	if c.config.RequestTimeout != 30*time.Second || c.config.MaxRetries != 4 || c.config.MaxConcurrentRequests != 32 ||
		c.config.RequestsPerMinute != 0 || c.config.RateLimitReservePercent != 10 ||
		c.config.Key != "" || c.config.RootCAs != nil || c.config.ClientCertificate != nil || len(c.unknown) != 0 {
		t.Errorf("configuration = %+v, want the defaults", c)
	}
	for name, want := range map[string]string{
		"environment": "Defaults to `production`.", "base_url": "Defaults to the URL of the environment.", "request_timeout": "Defaults to " +
			"`30s`.",
		"max_retries": "Defaults to `4`.", "max_concurrent_requests": "Defaults to `32`.", "rate_limit_reserve_percent": "Defaults to `10`.",
	} {
		i := slices.IndexFunc(arguments, func(a argument) bool { return a.name == name })
		if description := arguments[i].attribute().GetMarkdownDescription(); !strings.HasSuffix(description, want) {
			t.Errorf("the description of %s is %q, want %q at its end", name, description, want)
		}
	}
	if defaultTimeout != 20*time.Minute || !strings.HasSuffix(timeoutDescription, "Defaults to `20m`.") {
		t.Errorf("the default timeout is %s, and the description %q", defaultTimeout, timeoutDescription)
	}
	if defaultMaxResults != 10_000 {
		t.Errorf("the default of max_results is %d", defaultMaxResults)
	}
}

// Each argument is described, and has an environment variable of the same name.
func TestArguments(t *testing.T) {
	t.Parallel()
	for _, a := range arguments {
		if want := "FUSEBILL_" + strings.ToUpper(a.name); a.envVar != want {
			t.Errorf("the environment variable of %s is %s, want %s", a.name, a.envVar, want)
		}
		if !strings.HasPrefix(a.invalidSummary, "Invalid Fusebill ") {
			t.Errorf("the summary of %s is %q", a.name, a.invalidSummary)
		}
		if description := a.attribute().GetMarkdownDescription(); !strings.Contains(description, "`"+a.envVar+"`") ||
			!strings.HasSuffix(description, ".") {
			t.Errorf("the description of %s is %q", a.name, description)
		}
		if want := a.name == "api_key" || a.name == "client_key_pem"; a.attribute().IsSensitive() != want {
			t.Errorf("%s is sensitive = %t, want %t", a.name, !want, want)
		}
	}
}

// White space around a value is removed, whether it is that of an argument or of an environment variable.
func TestConfiguration_trims(t *testing.T) {
	t.Parallel()
	ca, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{
		"FUSEBILL_API_KEY":                    "Basic MDpzZWNyZXQ=",
		"FUSEBILL_BASE_URL":                   "https://gateway.example.com",
		"FUSEBILL_CA_CERT_PEM":                string(ca.CAPEM),
		"FUSEBILL_CLIENT_CERT_PEM":            string(ca.ClientCertPEM),
		"FUSEBILL_CLIENT_KEY_PEM":             string(ca.ClientKeyPEM),
		"FUSEBILL_REQUEST_TIMEOUT":            "5s",
		"FUSEBILL_MAX_RETRIES":                "7",
		"FUSEBILL_MAX_CONCURRENT_REQUESTS":    "8",
		"FUSEBILL_REQUESTS_PER_MINUTE":        "9",
		"FUSEBILL_RATE_LIMIT_RESERVE_PERCENT": "0",
	}
	check := func(t *testing.T, c configuration, diags diag.Diagnostics) {
		t.Helper()
		if diags.HasError() {
			t.Fatal(diags)
		}
		if c.config.Key != "MDpzZWNyZXQ=" || c.config.BaseURL.String() != "https://gateway.example.com/v1" || c.config.RootCAs == nil ||
			c.config.ClientCertificate == nil || c.config.RequestTimeout != 5*time.Second {
			t.Errorf("configuration = %+v", c)
		}
	}
	for _, space := range []string{"\r", "\r\n", " ", "\t\n"} {
		getenv := func(name string) string {
			if value := values[name]; value != "" {
				return space + value + space
			}
			return space
		}
		c, diags := providerModel{}.configuration(getenv)
		check(t, c, diags)
		if c.config.MaxRetries != 7 || c.config.MaxConcurrentRequests != 8 || c.config.RequestsPerMinute != 9 ||
			c.config.RateLimitReservePercent != 0 {
			t.Errorf("configuration = %+v", c)
		}
		argument := func(name string) types.String { return types.StringValue(getenv(name)) }
		c, diags = providerModel{
			APIKey: argument("FUSEBILL_API_KEY"), BaseURL: argument("FUSEBILL_BASE_URL"), CACert: argument("FUSEBILL_CA_CERT_PEM"),
			ClientCert: argument("FUSEBILL_CLIENT_CERT_PEM"), ClientKey: argument("FUSEBILL_CLIENT_KEY_PEM"),
			RequestTimeout: argument("FUSEBILL_REQUEST_TIMEOUT"),
		}.configuration(noEnvironment)
		check(t, c, diags)
	}
}

// An argument takes precedence over its environment variable, and over that of the argument it conflicts with.
func TestConfiguration_precedence(t *testing.T) {
	t.Parallel()
	environment := func(name string) string {
		return map[string]string{
			"FUSEBILL_API_KEY": "ZW52", "FUSEBILL_ENVIRONMENT": "staging", "FUSEBILL_MAX_RETRIES": "9", "FUSEBILL_REQUEST_TIMEOUT": "9s",
		}[name]
	}
	c, diags := providerModel{
		APIKey: types.StringValue("YXJn"), BaseURL: types.StringValue("https://gateway.example.com"),
		MaxRetries: types.NumberValue(big.NewFloat(1)),
	}.configuration(environment)
	if diags.HasError() {
		t.Fatal(diags)
	}
	if c.config.Key != "YXJn" || c.config.BaseURL.Host != "gateway.example.com" || c.environment != (fusebill.Environment{}) ||
		c.config.MaxRetries != 1 || c.config.RequestTimeout != 9*time.Second {
		t.Errorf("configuration = %+v", c)
	}
	if got, want := c.apiKey.origin(), "provider argument api_key"; got != want {
		t.Errorf("the key is from the %s, want the %s", got, want)
	}
	c, diags = providerModel{Environment: types.StringValue("production")}.configuration(func(name string) string {
		return map[string]string{"FUSEBILL_BASE_URL": "https://gateway.example.com", "FUSEBILL_API_KEY": "ZW52"}[name]
	})
	if diags.HasError() || c.environment != fusebill.Production || c.config.BaseURL.Host != "secure.fusebill.com" {
		t.Errorf("configuration = %+v, %v; want production", c, diags)
	}
	if got, want := c.apiKey.origin(), "environment variable FUSEBILL_API_KEY"; got != want {
		t.Errorf("the key is from the %s, want the %s", got, want)
	}
}

// An invalid value is one error on its argument, wherever it is set, and a secret is not quoted.
func TestConfiguration_invalid(t *testing.T) {
	t.Parallel()
	ca, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	other, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key, otherKey := string(ca.ClientCertPEM), string(ca.ClientKeyPEM), string(other.ClientKeyPEM)
	for name, test := range map[string]struct {
		environment map[string]string
		argument    string
		want        string
	}{
		"key":         {map[string]string{"FUSEBILL_API_KEY": "hidden\x01secret"}, "api_key", "character 7 is not allowed"},
		"environment": {map[string]string{"FUSEBILL_ENVIRONMENT": "sandbox"}, "environment", `"sandbox" is not an environment`},
		"base_URL": {
			map[string]string{"FUSEBILL_BASE_URL": "https://user:secret@example.com"}, "base_url",
			"must not contain a user name or password",
		},
		"conflict": {
			map[string]string{"FUSEBILL_BASE_URL": "https://example.com", "FUSEBILL_ENVIRONMENT": "staging"}, "base_url",
			"conflicts with the environment variable FUSEBILL_ENVIRONMENT",
		},
		"timeout": {
			map[string]string{"FUSEBILL_REQUEST_TIMEOUT": "30"}, "request_timeout", `must be a duration such as 30s or 1m30s, got "30"`,
		},
		"retries": {map[string]string{"FUSEBILL_MAX_RETRIES": "101"}, "max_retries", `must be an integer between 0 and 100, got "101"`},
		"concurrency": {
			map[string]string{"FUSEBILL_MAX_CONCURRENT_REQUESTS": "1001"}, "max_concurrent_requests",
			`must be an integer between 1 and 1000, got "1001"`,
		},
		"requests": {
			map[string]string{"FUSEBILL_REQUESTS_PER_MINUTE": "-1"}, "requests_per_minute",
			`must be an integer between 1 and 2147483647, got "-1"`,
		},
		"reserve": {
			map[string]string{"FUSEBILL_RATE_LIMIT_RESERVE_PERCENT": "10%"}, "rate_limit_reserve_percent",
			`must be an integer between 0 and 90, got "10%"`,
		},
		"CA": {
			map[string]string{"FUSEBILL_CA_CERT_PEM": "/etc/ssl/ca.pem"}, "ca_cert_pem", "must contain a certificate in PEM format",
		},
		"CA_that_is_cut": {
			map[string]string{"FUSEBILL_CA_CERT_PEM": string(ca.CAPEM[:200])}, "ca_cert_pem", "must contain a certificate in PEM format",
		},
		"no_client_key": {
			map[string]string{"FUSEBILL_CLIENT_CERT_PEM": certificate}, "client_cert_pem",
			"requires the provider argument client_key_pem or the environment variable FUSEBILL_CLIENT_KEY_PEM",
		},
		"no_certificate": {
			map[string]string{"FUSEBILL_CLIENT_KEY_PEM": key}, "client_key_pem",
			"requires the provider argument client_cert_pem or the environment variable FUSEBILL_CLIENT_CERT_PEM",
		},
		"bad_certificate": {
			map[string]string{"FUSEBILL_CLIENT_CERT_PEM": "secret", "FUSEBILL_CLIENT_KEY_PEM": key}, "client_cert_pem",
			"must contain a certificate in PEM format",
		},
		"bad_client_key": {
			map[string]string{"FUSEBILL_CLIENT_CERT_PEM": certificate, "FUSEBILL_CLIENT_KEY_PEM": "secret"}, "client_key_pem",
			"must be the PEM private key of the environment variable FUSEBILL_CLIENT_CERT_PEM",
		},
		"other_key": {
			map[string]string{"FUSEBILL_CLIENT_CERT_PEM": certificate, "FUSEBILL_CLIENT_KEY_PEM": otherKey}, "client_key_pem",
			"private key does not match public key",
		},
		"swapped": {
			map[string]string{"FUSEBILL_CLIENT_CERT_PEM": key, "FUSEBILL_CLIENT_KEY_PEM": certificate}, "client_cert_pem",
			"must contain only certificates in PEM format, found PRIVATE KEY",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, diags := providerModel{}.configuration(func(name string) string { return test.environment[name] })
			requirePair(c.clientCert, c.clientKey, &diags)
			if len(diags) != 1 {
				t.Fatalf("got %d diagnostics and %+v, want 1 diagnostic: %v", len(diags), c, diags)
			}
			withPath, ok := diags[0].(diag.DiagnosticWithPath)
			if !ok || !withPath.Path().Equal(path.Root(test.argument)) || !strings.Contains(diags[0].Detail(), test.want) ||
				!strings.HasPrefix(diags[0].Detail(), "Invalid value of the environment variable FUSEBILL_") {
				t.Errorf("got %v, want a diagnostic on %s with %q", diags[0], test.argument, test.want)
			}
			secrets := []string{"secret", "hidden"}
			for line := range strings.Lines(key + otherKey) {
				secrets = append(secrets, strings.TrimSpace(line))
			}
			for _, secret := range secrets {
				if strings.Contains(diags[0].Detail(), secret) {
					t.Errorf("the diagnostic has %q: %s", secret, diags[0].Detail())
				}
			}
		})
	}
}

// Unknown arguments are listed, and neither replaced by their environment variables nor invalid.
func TestConfiguration_unknown(t *testing.T) {
	t.Parallel()
	unknown := types.StringUnknown()
	c, diags := providerModel{
		APIKey: unknown, Environment: unknown, BaseURL: unknown, CACert: unknown, ClientCert: unknown, ClientKey: unknown,
		RequestTimeout: unknown,
		MaxRetries:     types.NumberUnknown(), MaxConcurrentRequests: types.NumberUnknown(), RequestsPerMinute: types.NumberUnknown(),
		RateLimitReservePercent: types.NumberUnknown(),
	}.configuration(func(string) string { return "invalid" })
	if diags.HasError() {
		t.Error(diags)
	}
	var want []string
	for _, a := range arguments {
		want = append(want, a.name)
	}
	if !slices.Equal(c.unknown, want) {
		t.Errorf("unknown = %v, want %v", c.unknown, want)
	}
	c, diags = providerModel{ClientCert: unknown}.configuration(noEnvironment)
	requirePair(c.clientCert, c.clientKey, &diags)
	if diags.HasError() || !slices.Equal(c.unknown, []string{"client_cert_pem"}) {
		t.Errorf("with an unknown certificate alone: unknown = %v, %v", c.unknown, diags)
	}
}
