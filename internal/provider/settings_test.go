// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// Each argument that limits requests is a limit of the reads, and so is its environment variable.
func TestProvider_limits(t *testing.T) {
	t.Parallel()
	const get = "GET /v1/customers/7/overview: "
	hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	for name, test := range map[string]struct {
		value    tftypes.Value
		text     string
		others   map[string]string // Other environment variables.
		options  fusebilltest.Options
		fault    http.Handler
		reads    int // The number of reads that succeed before one that fails.
		requests int
		detail   string // Its beginning, after the host.
	}{
		"max_retries": {
			value: tftypes.NewValue(tftypes.Number, 0), text: "0", fault: fusebilltest.Faults["500"], requests: 1,
			detail: "No valid response. Error: " + get + "500 Internal Server Error: An error has occurred. " +
				"Try again later, or increase max_retries.",
		},
		"max_retries/1": {
			value: tftypes.NewValue(tftypes.Number, 1), text: "1", fault: fusebilltest.Faults["500"], requests: 2,
			detail: "No valid response after 2 attempts. Last error: " + get + "500 Internal Server Error: ",
		},
		"request_timeout": {
			value: textArg("50ms"), text: "50ms", others: map[string]string{"FUSEBILL_MAX_RETRIES": "0"}, fault: hang, requests: 1,
			detail: "No valid response. Error: " + get + "no complete response within the request timeout.\n\n" +
				"The provider's request_timeout is 50ms. Check the server at ",
		},
		"requests_per_minute": {
			value: tftypes.NewValue(tftypes.Number, 2), text: "2", reads: 2, requests: 2,
			detail: "The provider's own requests_per_minute does not allow another request before the read's deadline: " +
				"the limit of 2 requests (requests_per_minute) is reached and resets at ",
		},
		"rate_limit_reserve_percent": {
			value: tftypes.NewValue(tftypes.Number, 50), text: "50", reads: 5, requests: 5,
			options: fusebilltest.Options{Day: fusebilltest.Window{Limit: 10}},
			detail: "The rate limit does not allow another request before the read's deadline: " +
				"the account's limit of 10 requests per day is exhausted and resets at ",
		},
		"rate_limit_reserve_percent/default": { // 10 %
			value: tftypes.NewValue(tftypes.Number, nil), reads: 9, requests: 9,
			options: fusebilltest.Options{Day: fusebilltest.Window{Limit: 10}},
			detail: "The rate limit does not allow another request before the read's deadline: " +
				"the account's limit of 10 requests per day is exhausted and resets at ",
		},
	} {
		argument, _, _ := strings.Cut(name, "/")
		for _, isVariable := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				options := test.options
				options.Fleet = 10
				api := fusebilltest.New(options)
				if test.fault != nil {
					api.InjectFault(7, fusebilltest.Always, test.fault)
				}
				url := serve(t, api)
				variables, arguments := pointedAt(url), map[string]tftypes.Value{argument: test.value}
				if isVariable {
					variables["FUSEBILL_"+strings.ToUpper(argument)], arguments = test.text, nil
				}
				maps.Copy(variables, test.others)
				p := newProtocol(t, variables)
				p.configure(t, arguments, false)
				for range test.reads {
					requireNoDiagnostics(t, p.read(t, "fusebill_customer_status", customerIDArg(7)).Diagnostics)
				}
				diagnostics := p.read(t, "fusebill_customer_status", within("30s", customerIDArg(7))).Diagnostics
				want := "Unable to read customer 7 from " + strings.TrimPrefix(url, "http://") + ". " + test.detail
				if len(diagnostics) != 1 || !strings.HasPrefix(diagnostics[0].Detail, want) {
					t.Errorf("got the diagnostics %v, want %q", diagnostics, want)
				}
				if n := api.Stats().Requests; n != test.requests {
					t.Errorf("%d requests were sent, want %d", n, test.requests)
				}
			})
		}
	}
}

// No more requests are in flight than max_concurrent_requests allows, and as many if there are enough customers.
func TestProvider_maxConcurrentRequests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value any
		want  int32
	}{
		"default": {nil, 32},
		"3":       {3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Fleet: 100})
			var peak peakInFlight
			full := make(chan struct{})
			closeFull := sync.OnceFunc(func() { close(full) })
			p := newProtocol(t, pointedAt(serve(t, peak.count(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if peak.Load() >= test.want {
					closeFull()
				}
				if api.Stats().Requests > 0 { // The first response is that of a probe.
					select {
					case <-full:
						time.Sleep(10 * time.Millisecond) // Leaves time for one request too many.
					case <-r.Context().Done():
					}
				}
				api.ServeHTTP(w, r)
			})))))
			p.configure(t, map[string]tftypes.Value{"max_concurrent_requests": tftypes.NewValue(tftypes.Number, test.value)}, false)
			requireNoDiagnostics(t, p.read(t, "fusebill_customer_statuses", customerIDsArg(upTo(100)...)).Diagnostics)
			if got := peak.Load(); got != test.want {
				t.Errorf("%d requests were in flight, want %d", got, test.want)
			}
		})
	}
}

// Each argument takes precedence over its environment variable, which is then not parsed.
func TestConfiguration_arguments(t *testing.T) {
	t.Parallel()
	ca, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	c, diags := providerModel{
		APIKey:                  types.StringValue("YXJn"),
		BaseURL:                 types.StringValue("https://gateway.example.com"),
		CACert:                  types.StringValue(string(ca.CAPEM)),
		ClientCert:              types.StringValue(string(ca.ClientCertPEM)),
		ClientKey:               types.StringValue(string(ca.ClientKeyPEM)),
		RequestTimeout:          types.StringValue("5s"),
		MaxRetries:              types.NumberValue(big.NewFloat(6)),
		MaxConcurrentRequests:   types.NumberValue(big.NewFloat(7)),
		RequestsPerMinute:       types.NumberValue(big.NewFloat(8)),
		RateLimitReservePercent: types.NumberValue(big.NewFloat(9)),
	}.configuration(func(string) string { return "invalid\x01" })
	if diags.HasError() || len(c.unknown) != 0 {
		t.Fatalf("got %v, and unknown arguments %v", diags, c.unknown)
	}
	if c.config.RootCAs == nil || c.config.ClientCertificate == nil {
		t.Errorf("the certificates are %v and %v", c.config.RootCAs, c.config.ClientCertificate)
	}
	got := c.config
	got.BaseURL, got.RootCAs, got.ClientCertificate = nil, nil, nil
	want := fusebill.Config{
		Key: "YXJn", RequestTimeout: 5 * time.Second, MaxRetries: 6, MaxConcurrentRequests: 7, RequestsPerMinute: 8,
		RateLimitReservePercent: 9,
	}
	if diff := cmp.Diff(want, got); diff != "" || c.config.BaseURL.String() != "https://gateway.example.com/v1" {
		t.Errorf("the base URL is %s, and the configuration differs (-want +got):\n%s", c.config.BaseURL, diff)
	}
}

// The bounds of a number are valid, and the integers next to them are not.
func TestConfiguration_bounds(t *testing.T) {
	t.Parallel()
	for name, bounds := range map[string][2]int{
		"max_retries":                {0, 100},
		"max_concurrent_requests":    {1, 1000},
		"requests_per_minute":        {1, 2147483647},
		"rate_limit_reserve_percent": {0, 90},
	} {
		configure := func(n int) diag.Diagnostics {
			_, diags := providerModel{}.configuration(func(variable string) string {
				return map[string]string{"FUSEBILL_" + strings.ToUpper(name): strconv.Itoa(n)}[variable]
			})
			return diags
		}
		for _, n := range bounds {
			if diags := configure(n); diags.HasError() {
				t.Errorf("%s = %d: %v", name, n, diags)
			}
		}
		for _, n := range []int{bounds[0] - 1, bounds[1] + 1} {
			want := fmt.Sprintf("Invalid value of the environment variable FUSEBILL_%s: must be an integer between %d and %d, got \"%d\".",
				strings.ToUpper(name), bounds[0], bounds[1], n)
			if diags := configure(n); len(diags) != 1 || diags[0].Detail() != want {
				t.Errorf("%s = %d: got %v, want %s", name, n, diags, want)
			}
		}
	}
}

// A duration that is not positive or has no unit is an error.
func TestConfiguration_requestTimeout(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1ns":  "",
		"30":   `must be a duration such as 30s or 1m30s, got "30".`,
		"soon": `must be a duration such as 30s or 1m30s, got "soon".`,
		"0s":   `must be greater than zero, got "0s".`,
		"-1s":  `must be greater than zero, got "-1s".`,
	} {
		p := newProtocol(t, nil)
		config := map[string]tftypes.Value{"request_timeout": textArg(text)}
		validated, err := p.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{
			Config: object(t, p.schemas.Provider, config),
		})
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			requireNoDiagnostics(t, validated.Diagnostics)
			continue
		}
		requireDiagnostic(t, validated.Diagnostics, "Invalid Fusebill Request Timeout",
			"Invalid value of the provider argument request_timeout: "+want)
	}
}

// The provider for users reads the environment of the process, and has the version in its metadata and its requests.
func TestNew(t *testing.T) {
	agents := make(chan string, 1)
	api := fusebilltest.New(fusebilltest.Options{Fleet: 1})
	t.Setenv("FUSEBILL_BASE_URL", serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agents <- r.UserAgent()
		api.ServeHTTP(w, r)
	})))
	t.Setenv("FUSEBILL_API_KEY", fusebilltest.Key)
	newProvider := New("1.2.3")
	var metadata provider.MetadataResponse
	newProvider().Metadata(t.Context(), provider.MetadataRequest{}, &metadata)
	if metadata.TypeName != "fusebill" || metadata.Version != "1.2.3" {
		t.Errorf("the metadata is %+v, want fusebill 1.2.3", metadata)
	}
	server, err := providerserver.NewProtocol6WithError(newProvider())()
	if err != nil {
		t.Fatal(err)
	}
	p := protocol{ProviderServer: server}
	if p.schemas, err = server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	p.configure(t, nil, false)
	requireNoDiagnostics(t, p.read(t, "fusebill_customer_status", customerIDArg(1)).Diagnostics)
	const want = "terraform-provider-fusebill/1.2.3 (+https://github.com/fusebill/terraform-provider-fusebill) Terraform/1.11.4"
	if len(agents) == 0 {
		t.Fatal("no request was sent")
	}
	if got := <-agents; got != want {
		t.Errorf("the User-Agent is %q, want %q", got, want)
	}
}
