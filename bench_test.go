package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	tfprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
	"github.com/fusebill/terraform-provider-fusebill/internal/provider"
)

// BenchmarkPlan plans with the real CLI and the built provider, against an API whose
// answers take 50 ms, and counts the requests and the connections of a plan and the
// provider's most memory. The made-up surfaces are the floor: they answer without an
// API, as fast as the framework and the CLI can take it.
func BenchmarkPlan(b *testing.B) {
	const (
		forEach  = "for_each    = toset([for id in local.ids : tostring(id)])\n  customer_id = each.key"
		together = "customer_ids = local.ids"
		listed   = "ids = local.ids"
	)
	builtIn := install(b)
	for _, surface := range []struct {
		name, dataSource, arguments string
		madeUp                      bool
		sizes                       []int64
	}{
		{"overview-for-each", "fusebill_customer_overview", forEach, false, []int64{1, 100, 1000}},
		{"overviews", "fusebill_customer_overviews", together, false, []int64{1, 100, 1000, 5000, 10_000}},
		{"overviews-made-up", "fusebill_customer_overviews", together, true, []int64{1, 100, 1000, 5000, 10_000}},
		{"statuses", "fusebill_customer_statuses", together, false, []int64{1, 100, 1000, 5000, 10_000}},
		{"statuses-made-up", "fusebill_customer_statuses", together, true, []int64{1, 100, 1000, 5000, 10_000}},
		{"customers", "fusebill_customers", listed, false, []int64{1000, 10_000}},
		{"customers-made-up", "fusebill_customers", listed, true, []int64{1000, 10_000}},
	} {
		installation := builtIn
		if surface.madeUp {
			installation = installMadeUp(b)
		}
		for _, n := range surface.sizes {
			b.Run(fmt.Sprintf("%s/n=%d", surface.name, n), func(b *testing.B) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: n, Latency: 50 * time.Millisecond})
				var connections atomic.Int64
				server := httptest.NewUnstartedServer(api)
				server.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
					connections.Add(1)
					return ctx
				}
				server.Start()
				b.Cleanup(server.Close)
				w := newWorkspace(b, installation, requirement+fmt.Sprintf(`
locals {
  ids = jsondecode(file("ids.json"))
}

data "%s" "x" {
  %s
}
`, surface.dataSource, surface.arguments), "FUSEBILL_API_KEY="+fusebilltest.Key, "FUSEBILL_BASE_URL="+server.URL)
				if surface.madeUp {
					w.environment = append(w.environment, madeUpVariable+"=1")
				}
				ids := make([]int64, n)
				for i := range ids {
					ids[i] = int64(i) + 1
				}
				text, err := json.Marshal(ids)
				if err == nil {
					err = os.WriteFile(filepath.Join(w.folder, "ids.json"), text, 0o600)
				}
				if err != nil {
					b.Fatal(err)
				}
				if out, exit := w.run(b, "init"); exit != 0 {
					b.Fatal(out)
				}

				var peak int64
				for b.Loop() {
					command, output := w.start(b, "plan", "-no-color", "-input=false")
					peak = max(peak, peakMemory(command))
					if command.ProcessState.ExitCode() != 0 {
						b.Fatal(output)
					}
				}
				b.ReportMetric(float64(api.Stats().Requests)/float64(b.N), "requests/op")
				b.ReportMetric(float64(connections.Load())/float64(b.N), "connections/op")
				b.ReportMetric(float64(peak>>20), "MiB-peak")
			})
		}
	}
}

// madeUpVariable makes this test binary a provider whose surfaces answer without an
// API, where a CLI starts it.
const madeUpVariable = "FUSEBILL_TEST_MADE_UP"

func TestMain(m *testing.M) {
	if os.Getenv(madeUpVariable) != "" {
		logOnlyWhatIsHeard()
		err := providerserver.Serve(context.Background(), func() tfprovider.Provider { return madeUpProvider{provider.New("")()} },
			providerserver.ServeOpts{Address: provider.Address})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// installMadeUp is install with this test binary in the provider's place.
func installMadeUp(b *testing.B) string {
	b.Helper()
	cliConfiguration := install(b)
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	err = filepath.WalkDir(filepath.Dir(cliConfiguration), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasPrefix(entry.Name(), "terraform-provider-") || entry.IsDir() {
			return err
		}
		if err := os.Remove(path); err != nil {
			return err
		}
		return os.Symlink(self, path)
	})
	if err != nil {
		b.Fatal(err)
	}
	return cliConfiguration
}

// madeUpProvider has the provider's own schemas.
type madeUpProvider struct{ tfprovider.Provider }

func (p madeUpProvider) DataSources(ctx context.Context) []func() datasource.DataSource {
	var constructors []func() datasource.DataSource
	for _, construct := range p.Provider.DataSources(ctx) {
		constructors = append(constructors, func() datasource.DataSource { return madeUpDataSource{construct()} })
	}
	return constructors
}

type madeUpDataSource struct{ datasource.DataSource }

// Read answers with an object for each id.
func (madeUpDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config map[string]tftypes.Value
	if err := req.Config.Raw.As(&config); err != nil {
		resp.Diagnostics.AddError("Made Up", err.Error())
		return
	}
	values := maps.Clone(config)
	var ids []tftypes.Value
	for _, name := range []string{"ids", "customer_ids"} {
		if value, ok := config[name]; ok && !value.IsNull() {
			if err := value.As(&ids); err != nil {
				resp.Diagnostics.AddError("Made Up", err.Error())
				return
			}
		}
	}
	for name, value := range values {
		switch collection := value.Type().(type) {
		case tftypes.Map:
			entries := make(map[string]tftypes.Value, len(ids))
			for i, customer := range madeUpCustomers(collection.ElementType, ids) {
				entries[strconv.Itoa(i+1)] = customer
			}
			values[name] = tftypes.NewValue(collection, entries)
		case tftypes.List:
			if name == "customers" {
				values[name] = tftypes.NewValue(collection, madeUpCustomers(collection.ElementType, ids))
			}
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, tftypes.NewValue(req.Config.Raw.Type(), values))...)
}

// madeUpCustomers makes up an object for each id.
func madeUpCustomers(of tftypes.Type, ids []tftypes.Value) []tftypes.Value {
	object, _ := of.(tftypes.Object)
	customers := make([]tftypes.Value, len(ids))
	for i, id := range ids {
		attributes := make(map[string]tftypes.Value, len(object.AttributeTypes))
		for name, attributeType := range object.AttributeTypes {
			attributes[name] = madeUp(name, attributeType)
		}
		attributes["id"] = id
		customers[i] = tftypes.NewValue(object, attributes)
	}
	return customers
}

// madeUp makes up an attribute: decimals that no float64 is, as most amounts are, and
// integers where an amount would not do.
func madeUp(name string, of tftypes.Type) tftypes.Value {
	switch {
	case of.Is(tftypes.String):
		return tftypes.NewValue(of, "2019-11-06T14:19:01Z") // Some are times.
	case of.Is(tftypes.Bool):
		return tftypes.NewValue(of, true)
	case strings.HasSuffix(name, "id") || strings.HasPrefix(name, "days_"):
		return tftypes.NewValue(of, 99)
	default:
		return tftypes.NewValue(of, madeUpAmount)
	}
}

var madeUpAmount, _, _ = big.ParseFloat("1234.56", 10, 512, big.ToNearestEven)
