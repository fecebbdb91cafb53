// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// reader reads a data source or opens an ephemeral resource. state is nil if there are diagnostics.
type reader struct {
	// timeout is the name of the attribute of timeouts.
	timeout string
	// arguments are those of reads.
	arguments map[string]tftypes.Value
	schema    *tfprotov6.Schema
	read      func(ctx context.Context, t testing.TB, arguments map[string]tftypes.Value) ([]*tfprotov6.Diagnostic, *tfprotov6.DynamicValue)
}

// readers returns a reader for each data source and ephemeral resource of a configured provider.
func readers(t testing.TB, variables map[string]string) map[string]reader {
	t.Helper()
	p := newProtocol(t, variables)
	p.configure(t, nil, false)
	all := map[string]reader{}
	for name, schema := range p.schemas.DataSourceSchemas {
		all["data."+name] = reader{"read", reads[name].arguments, schema, func(
			ctx context.Context, t testing.TB, arguments map[string]tftypes.Value,
		) ([]*tfprotov6.Diagnostic, *tfprotov6.DynamicValue) {
			t.Helper()
			response := p.readContext(ctx, t, name, arguments)
			return response.Diagnostics, response.State
		}}
	}
	for name, schema := range p.schemas.EphemeralResourceSchemas {
		all["ephemeral."+name] = reader{"open", reads[name].arguments, schema, func(
			ctx context.Context, t testing.TB, arguments map[string]tftypes.Value,
		) ([]*tfprotov6.Diagnostic, *tfprotov6.DynamicValue) {
			t.Helper()
			response := p.open(ctx, t, name, arguments)
			return response.Diagnostics, response.Result
		}}
	}
	return all
}

// with returns the reader's arguments and others.
func (r reader) with(name string, value tftypes.Value) map[string]tftypes.Value {
	arguments := map[string]tftypes.Value{name: value}
	maps.Copy(arguments, r.arguments)
	return arguments
}

// timeouts returns a value of the attribute timeouts.
func (r reader) timeouts(timeout any) tftypes.Value {
	return tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{r.timeout: tftypes.String}},
		map[string]tftypes.Value{r.timeout: tftypes.NewValue(tftypes.String, timeout)})
}

// A timeout that is not positive is an error on its attribute, and no request is sent.
func TestRead_invalidTimeout(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 10})
	for name, r := range readers(t, pointedAt(serve(t, api))) {
		for timeout, text := range map[string]string{"0s": "0s", "-5m": "-5m0s", "-1ns": "-1ns"} {
			diagnostics, _ := r.read(t.Context(), t, r.with("timeouts", r.timeouts(timeout)))
			requireDiagnostic(t, diagnostics, "Invalid Timeout", "timeouts."+r.timeout+" must be greater than zero, got "+text+".")
			if want := tftypes.NewAttributePath().WithAttributeName("timeouts").WithAttributeName(r.timeout); !want.Equal(
				diagnostics[0].Attribute) {
				t.Errorf("%s: the diagnostic is on %s, want %s", name, diagnostics[0].Attribute, want)
			}
		}
	}
	if n := api.Stats().Requests; n != 0 {
		t.Errorf("%d requests were sent, want none", n)
	}
}

// A read waits for the rate limit within its timeout, which is 20 minutes by default, and fails at once if the wait
// is longer.
func TestRead_timeout(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		timeout    any // nil leaves out the attribute, and an empty string the whole object.
		waits      time.Duration
		isExceeded bool
	}{
		"default_19m": {timeout: "", waits: 19 * time.Minute},
		"default_21m": {timeout: "", waits: 21 * time.Minute, isExceeded: true},
		"null_19m":    {waits: 19 * time.Minute},
		"null_21m":    {waits: 21 * time.Minute, isExceeded: true},
		"30m_29m":     {timeout: "30m", waits: 29 * time.Minute},
		"30m_31m":     {timeout: "30m", waits: 31 * time.Minute, isExceeded: true},
		"1m_2m":       {timeout: "1m", waits: 2 * time.Minute, isExceeded: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", strconv.Itoa(int(test.waits.Seconds())))
				w.WriteHeader(http.StatusTooManyRequests)
			}))
			for _, name := range []string{
				"data.fusebill_customer_status", "data.fusebill_customer_statuses", "data.fusebill_customers",
				"ephemeral.fusebill_customer_overview",
			} {
				r := readers(t, pointedAt(url))[name]
				arguments := r.arguments
				if test.timeout != "" {
					arguments = r.with("timeouts", r.timeouts(test.timeout))
				}
				patience := 100 * time.Millisecond
				if test.isExceeded {
					patience = 30 * time.Second // The read ends by itself.
				}
				ctx, cancel := context.WithCancel(t.Context())
				stop := time.AfterFunc(patience, cancel)
				diagnostics, _ := r.read(ctx, t, arguments)
				stop.Stop()
				cancel()
				if len(diagnostics) != 1 {
					t.Fatalf("%s: got the diagnostics %v, want one", name, diagnostics)
				}
				detail := diagnostics[0].Detail
				exceeded := strings.Contains(detail, "The rate limit does not allow another request before the read's deadline: ")
				interrupted := strings.Contains(detail, "The read was interrupted.")
				if exceeded != test.isExceeded || interrupted == test.isExceeded {
					t.Errorf("%s: got %q", name, detail)
				}
			}
		})
	}
}

// The financial fields are null, and the request asks Fusebill to omit them, only if include_financials is false.
func TestRead_financials(t *testing.T) {
	t.Parallel()
	var mutex sync.Mutex
	var queries []string
	api := fusebilltest.New(fusebilltest.Options{})
	rs := readers(t, pointedAt(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		queries = append(queries, r.URL.RawQuery)
		mutex.Unlock()
		api.ServeHTTP(w, r)
	}))))
	overview := fusebilltest.Sample()
	overview["id"], overview["arBalance"] = 7, 12.5
	api.SetCustomer(7, overview)
	for _, name := range []string{
		"data.fusebill_customer_overview", "data.fusebill_customer_overviews", "ephemeral.fusebill_customer_overview",
	} {
		r := rs[name]
		r.arguments = customerIDArg(7)
		if name == "data.fusebill_customer_overviews" {
			r.arguments = customerIDsArg(7)
		}
		for _, test := range []struct {
			include any
			query   string
			balance string
		}{
			{nil, "", "12.5"},
			{true, "", "12.5"},
			{false, "showCustomerFinancialsInCustomerOverview=false", ""},
		} {
			queries = nil
			diagnostics, state := r.read(t.Context(), t, r.with("include_financials", tftypes.NewValue(tftypes.Bool, test.include)))
			requireNoDiagnostics(t, diagnostics)
			values := attributes(t, r.schema, state)
			if overviews, isPlural := values["overviews"]; isPlural {
				values = elements(t, elements(t, overviews)["7"])
			}
			for _, amount := range amounts {
				if isNull := values[amount].IsNull(); isNull != (test.balance == "") {
					t.Errorf("%s: include_financials = %v: %s is %s", name, test.include, amount, values[amount])
				}
			}
			if test.balance != "" && primitive(t, values["ar_balance"]) != test.balance {
				t.Errorf("%s: ar_balance is %s, want %s", name, values["ar_balance"], test.balance)
			}
			if diff := cmp.Diff([]string{test.query}, queries); diff != "" {
				t.Errorf("%s: include_financials = %v: the queries differ (-want +got):\n%s", name, test.include, diff)
			}
		}
	}
}

// A customer that does not exist is an error on the ID, unless allow_missing is true. Then exists is false, and all
// other computed attributes are null.
func TestRead_missing(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{}))
	for name, r := range readers(t, pointedAt(url)) {
		if name == "data.fusebill_customers" {
			continue
		}
		argument := "customer_id"
		if _, isPlural := r.arguments["customer_ids"]; isPlural {
			argument = "customer_ids"
			r.arguments = customerIDsArg(7)
		}
		for _, allow := range []any{nil, false} {
			diagnostics, _ := r.read(t.Context(), t, r.with("allow_missing", tftypes.NewValue(tftypes.Bool, allow)))
			requireDiagnostic(t, diagnostics, notFoundSummary,
				"Unable to read customer 7 from "+strings.TrimPrefix(url, "http://")+". GET /v1/customers/7/overview: 404 Not Found: "+
					"CustomerOverview with id 7 not found.\n\n"+
					"The customer does not exist in this account. Verify that the ID is the Fusebill ID, not the customer reference, "+
					"and that the API key belongs to the intended environment. To allow missing customers, set allow_missing = true.")
			if want := tftypes.NewAttributePath().WithAttributeName(argument); !want.Equal(diagnostics[0].Attribute) {
				t.Errorf("%s: the diagnostic is on %s, want %s", name, diagnostics[0].Attribute, want)
			}
		}
		diagnostics, state := r.read(t.Context(), t, r.with("allow_missing", tftypes.NewValue(tftypes.Bool, true)))
		requireNoDiagnostics(t, diagnostics)
		values := attributes(t, r.schema, state)
		if argument == "customer_ids" {
			if got := integers(t, values["missing_customer_ids"]); len(got) != 1 || got[0] != 7 {
				t.Errorf("%s: missing_customer_ids is %v, want [7]", name, got)
			}
			continue
		}
		for _, attribute := range r.schema.Block.Attributes {
			value := values[attribute.Name]
			switch {
			case attribute.Name == "exists":
				if primitive(t, value) != "false" {
					t.Errorf("%s: exists is %s, want false", name, value)
				}
			case attribute.Computed && !value.IsNull():
				t.Errorf("%s: %s is %s, want null", name, attribute.Name, value)
			}
		}
	}
}
