// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// reads are reads of each data source, and the diagnostics' name of what they read.
var reads = map[string]struct {
	arguments map[string]tftypes.Value
	what      string
}{
	"fusebill_customer_overview":  {arguments: customerIDArg(7), what: "customer 7"},
	"fusebill_customer_overviews": {arguments: customerIDsArg(7, 8), what: "customers 7 and 8"},
	"fusebill_customer_status":    {arguments: customerIDArg(7), what: "customer 7"},
	"fusebill_customer_statuses":  {arguments: customerIDsArg(7), what: "customer 7"},
	"fusebill_customers":          {arguments: nil, what: "the list of customers"},
}

// readsNothing are reads that send no request.
func readsNothing() map[string]map[string]tftypes.Value {
	listArg := func(name string, elementType tftypes.Type) map[string]tftypes.Value {
		return map[string]tftypes.Value{name: tftypes.NewValue(tftypes.List{ElementType: elementType}, []tftypes.Value{})}
	}
	ids := listArg("ids", tftypes.Number)
	sameTime := tftypes.NewValue(tftypes.String, "2026-01-31T00:00:00Z")
	return map[string]map[string]tftypes.Value{
		"fusebill_customer_overviews":             customerIDsArg(),
		"fusebill_customer_statuses":              customerIDsArg(),
		"fusebill_customers":                      ids,
		"fusebill_customers/references":           listArg("references", tftypes.String),
		"fusebill_customers/statuses":             listArg("statuses", tftypes.String),
		"fusebill_customers/account_statuses":     listArg("account_statuses", tftypes.String),
		"fusebill_customers/created_at_one_time":  {"created_since": sameTime, "created_before": sameTime},
		"fusebill_customers/modified_at_one_time": {"modified_since": sameTime, "modified_before": sameTime},
	}
}

// Without a key, configuring succeeds, and so does a read that sends no request. Any other read is an error.
func TestProvider_missingKey(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{})
	p := newProtocol(t, map[string]string{"FUSEBILL_BASE_URL": serve(t, api)})
	p.configure(t, nil, false)
	for name, read := range reads {
		requireDiagnostic(t, p.read(t, name, read.arguments).Diagnostics, missingKeySummary,
			"Unable to read "+read.what+" without an API key. The key is not set.\n\n"+
				"Set the provider argument api_key or the environment variable FUSEBILL_API_KEY.")
	}
	for name, arguments := range readsNothing() {
		dataSource, _, _ := strings.Cut(name, "/")
		requireNoDiagnostics(t, p.read(t, dataSource, arguments).Diagnostics)
	}
	p = newProtocol(t, map[string]string{"FUSEBILL_API_KEY": "Basic "})
	p.configure(t, nil, false)
	requireDiagnostic(t, p.read(t, "fusebill_customer_status", customerIDArg(7)).Diagnostics, missingKeySummary,
		"Unable to read customer 7 without an API key. The environment variable FUSEBILL_API_KEY is empty.\n\n"+
			"Set the provider argument api_key or the environment variable FUSEBILL_API_KEY.")
	if n := api.Stats().Requests; n != 0 {
		t.Errorf("%d requests were sent, want none", n)
	}
}

// With arguments that are not known yet, configuring succeeds, and so does a read that sends no request. Any other
// read is an error, which sends nothing to the default URL.
func TestProvider_unknownArguments(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, map[string]string{"FUSEBILL_API_KEY": fusebilltest.Key, "FUSEBILL_MAX_RETRIES": "0"})
	p.configure(t, map[string]tftypes.Value{
		"base_url":    tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		"ca_cert_pem": tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
	}, false)
	for name, read := range reads {
		requireDiagnostic(t, p.read(t, name, read.arguments).Diagnostics, unknownConfigurationSummary,
			"Unable to read "+read.what+" during plan, because these provider arguments are not yet known: base_url, ca_cert_pem.\n\n"+
				"Apply the resources that they depend on first, using -target, or set them from an input variable or an environment variable.")
	}
	for name, arguments := range readsNothing() {
		dataSource, _, _ := strings.Cut(name, "/")
		requireNoDiagnostics(t, p.read(t, dataSource, arguments).Diagnostics)
	}
}

// An argument and what it requires can be set in different places.
func TestProvider_clientCertificateFromTwoPlaces(t *testing.T) {
	t.Parallel()
	ca, err := fusebilltest.NewTLS(true)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key := string(ca.ClientCertPEM), string(ca.ClientKeyPEM)
	for argument, test := range map[string]struct{ value, envVar, other string }{
		"client_cert_pem": {value: certificate, envVar: "FUSEBILL_CLIENT_KEY_PEM", other: key},
		"client_key_pem":  {value: key, envVar: "FUSEBILL_CLIENT_CERT_PEM", other: certificate},
	} {
		p := newProtocol(t, map[string]string{test.envVar: test.other})
		config := map[string]tftypes.Value{argument: tftypes.NewValue(tftypes.String, test.value)}
		validated, err := p.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: object(t,
			p.schemas.Provider, config)})
		if err != nil {
			t.Fatal(err)
		}
		requireNoDiagnostics(t, validated.Diagnostics)
		p.configure(t, config, false)
	}
}

// A proxy environment variable that is not valid is an error of the provider that names it, and does not quote it.
func TestProvider_invalidProxy(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		p := newProtocol(t, map[string]string{"FUSEBILL_API_KEY": fusebilltest.Key, name: "http://user:secret@[::1"})
		configured, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: object(t, p.schemas.Provider, nil)})
		if err != nil {
			t.Fatal(err)
		}
		requireDiagnostic(t, configured.Diagnostics, proxySummary,
			"Unable to use the proxy: the value of the environment variable "+name+" is not the URL of a proxy, "+
				"such as http://proxy.example.com:3128. Correct the environment variable, or unset it.")
	}
}

// An error of a request through a proxy names the proxy and its environment variable, without the password.
func TestProvider_proxy(t *testing.T) {
	t.Parallel()
	refusing := strings.TrimPrefix(serve(t, fusebilltest.Faults["407"]), "http://")
	for proxy, want := range map[string]string{
		"127.0.0.1:1": "connection refused.",
		refusing:      "the proxy returned 407 Proxy Authentication Required.",
	} {
		p := newProtocol(t, map[string]string{
			"FUSEBILL_API_KEY": fusebilltest.Key, "FUSEBILL_MAX_RETRIES": "0", "HTTPS_PROXY": "http://user:secret@" + proxy,
		})
		p.configure(t, nil, false)
		diagnostics := p.read(t, "fusebill_customer_status", customerIDArg(7)).Diagnostics
		if len(diagnostics) != 1 || diagnostics[0].Summary != unreachableSummary || strings.Contains(diagnostics[0].Detail, "secret") ||
			strings.Contains(diagnostics[0].Detail, "staxbill") || !strings.Contains(diagnostics[0].Detail, want+"\n\n"+
			"The provider sends requests through the proxy "+proxy+", which the environment variable HTTPS_PROXY sets. ") {
			t.Errorf("got %v, want one diagnostic on the proxy %s", diagnostics, proxy)
		}
	}
}

// Two configurations of the provider are independent: each has its host, its key, and its rate limit.
func TestProvider_aliases(t *testing.T) {
	t.Parallel()
	production := fusebilltest.New(fusebilltest.Options{Fleet: 10})
	staging := fusebilltest.New(fusebilltest.Options{Fleet: 10, Key: "MDpzdGFnaW5n"})
	productionURL, stagingURL := serve(t, production), serve(t, staging)
	variables := map[string]string{"FUSEBILL_API_KEY": fusebilltest.Key}
	configured := func(url string, arguments map[string]tftypes.Value) protocol {
		p := newProtocol(t, variables)
		given := map[string]tftypes.Value{"base_url": tftypes.NewValue(tftypes.String, url)}
		maps.Copy(given, arguments)
		p.configure(t, given, false)
		return p
	}
	key := func(key string) map[string]tftypes.Value {
		return map[string]tftypes.Value{"api_key": tftypes.NewValue(tftypes.String, key)}
	}
	first, second := configured(productionURL, nil), configured(stagingURL, key("MDpzdGFnaW5n"))
	requireNoDiagnostics(t, first.read(t, "fusebill_customer_status", customerIDArg(1)).Diagnostics)
	requireNoDiagnostics(t, second.read(t, "fusebill_customer_status", customerIDArg(2)).Diagnostics)

	const refused = "The API refused the key: GET /v1/customers/3/overview: 401 Unauthorized: Authorization has been denied for this " +
		"request.\n\n" +
		"The key is from the "
	const advice = ". Verify that the key is current and belongs to this account. " +
		"Keys are specific to an environment; a production key is not valid in staging."
	for _, test := range []struct {
		p           protocol
		url, origin string
	}{
		{configured(stagingURL, nil), stagingURL, "environment variable FUSEBILL_API_KEY"},
		{configured(productionURL, key("MDpzdGFnaW5n")), productionURL, "provider argument api_key"},
	} {
		requireDiagnostic(t, test.p.read(t, "fusebill_customer_status", customerIDArg(3)).Diagnostics, authenticationSummary,
			"Unable to read customer 3 from "+strings.TrimPrefix(test.url, "http://")+". "+refused+test.origin+advice)
	}
	if n, m := production.Stats().Customers[1], staging.Stats().Customers[2]; n != 1 || m != 1 {
		t.Errorf("%d and %d requests, want one for each", n, m)
	}
}

// One key in two configurations is one account: each configuration keeps within what the API reports as remaining.
func TestProvider_oneKeyInTwoAliases(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 10, Day: fusebilltest.Window{Limit: 4}})
	variables := pointedAt(serve(t, api))
	variables["FUSEBILL_RATE_LIMIT_RESERVE_PERCENT"] = "0"
	first, second := newProtocol(t, variables), newProtocol(t, variables)
	first.configure(t, nil, false)
	second.configure(t, nil, false)
	for id := int64(1); id <= 2; id++ {
		requireNoDiagnostics(t, first.read(t, "fusebill_customer_status", customerIDArg(id)).Diagnostics)
		requireNoDiagnostics(t, second.read(t, "fusebill_customer_status", customerIDArg(id)).Diagnostics)
	}
	diagnostics := second.read(t, "fusebill_customer_status", customerIDArg(3)).Diagnostics
	if len(diagnostics) != 1 || diagnostics[0].Summary != rateLimitSummary || !strings.Contains(diagnostics[0].Detail, "limit of 4 "+
		"requests per day") {
		t.Errorf("got %v, want the limit of the day", diagnostics)
	}
	if n := api.Stats().Statuses[429]; n != 0 {
		t.Errorf("%d requests were refused, want none", n)
	}
}

// A base URL can have an IPv6 address.
func TestProvider_ipv6(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 1})
	p := newProtocol(t, pointedAt(serveIPv6(t, api)))
	p.configure(t, nil, false)
	requireNoDiagnostics(t, p.read(t, "fusebill_customer_status", customerIDArg(1)).Diagnostics)
}

// Provider data of another type is a bug, which is reported and does not panic.
func TestConfigure_otherProviderData(t *testing.T) {
	t.Parallel()
	const want = "Expected *provider.providerData, got string. Report this bug at " + projectURL + "/issues."
	for _, newDataSource := range (&fusebillProvider{}).DataSources(t.Context()) {
		dataSource, ok := newDataSource().(datasource.DataSourceWithConfigure)
		if !ok {
			t.Fatalf("%T has no Configure", newDataSource())
		}
		var resp datasource.ConfigureResponse
		dataSource.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: "other"}, &resp)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Detail() != want {
			t.Errorf("%T: got %v, want %q", dataSource, resp.Diagnostics, want)
		}
		resp.Diagnostics = nil
		dataSource.Configure(t.Context(), datasource.ConfigureRequest{}, &resp)
		if resp.Diagnostics.HasError() {
			t.Errorf("%T: without provider data, got %v", dataSource, resp.Diagnostics)
		}
	}
	resource, ok := NewCustomerOverviewEphemeralResource().(ephemeral.EphemeralResourceWithConfigure)
	if !ok {
		t.Fatal("the ephemeral resource has no Configure")
	}
	var resp ephemeral.ConfigureResponse
	resource.Configure(t.Context(), ephemeral.ConfigureRequest{ProviderData: "other"}, &resp)
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Detail() != want {
		t.Errorf("got %v, want %q", resp.Diagnostics, want)
	}
}

// requireDiagnostic ends the test unless the only diagnostic has the summary and the detail.
func requireDiagnostic(t *testing.T, diagnostics []*tfprotov6.Diagnostic, summary, detail string) {
	t.Helper()
	if len(diagnostics) != 1 || diagnostics[0].Summary != summary || diagnostics[0].Detail != detail {
		t.Fatalf("got the diagnostics %v, want %q: %s", diagnostics, summary, detail)
	}
}

// A CLI that can defer reads does so if an argument is not yet known. Without deferral, a read is an error
// that names the argument.
func TestProvider_unknownConfiguration(t *testing.T) {
	t.Parallel()
	unknown := map[string]tftypes.Value{"base_url": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)}
	variables := map[string]string{"FUSEBILL_API_KEY": fusebilltest.Key}

	p := newProtocol(t, variables)
	p.configure(t, unknown, true)
	read := p.read(t, "fusebill_customer_overview", customerIDArg(1))
	requireNoDiagnostics(t, read.Diagnostics)
	if read.Deferred == nil || read.Deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown {
		t.Errorf("with deferral the read is deferred as %v, want ProviderConfigUnknown", read.Deferred)
	}

	p = newProtocol(t, variables)
	p.configure(t, unknown, false)
	read = p.read(t, "fusebill_customer_overview", customerIDArg(1))
	if len(read.Diagnostics) != 1 || read.Diagnostics[0].Summary != unknownConfigurationSummary || !message("not yet known: "+
		"base_url.").MatchString(read.Diagnostics[0].Detail) {
		t.Errorf("without deferral, got the diagnostics %v", read.Diagnostics)
	}

	p = newProtocol(t, nil)
	p.configure(t, nil, true)
	read = p.read(t, "fusebill_customer_overview", customerIDArg(1))
	if len(read.Diagnostics) != 1 || read.Deferred != nil {
		t.Errorf("with a known configuration, the read is deferred as %v with the diagnostics %v, want the missing key alone",
			read.Deferred, read.Diagnostics)
	}
}
