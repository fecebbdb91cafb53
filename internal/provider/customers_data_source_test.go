// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

const customersAddress = "data.fusebill_customers.x"

// listCustomers returns a data source that lists customers, with its arguments.
func listCustomers(arguments ...string) string {
	return config(fmt.Sprintf(`
data "fusebill_customers" "x" {
  %s
}
`, strings.Join(arguments, "\n  ")))
}

func TestAccCustomersDataSource_sample(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{Fleet: 10}))
	row := map[string]knownvalue.Check{
		"modified_timestamp": knownvalue.StringExact("2019-12-01T02:19:01.857Z"),
		"is_active":          knownvalue.Bool(true),
		"in_good_standing":   knownvalue.Bool(true),
	}
	for name := range strings.FieldsSeq("id reference status customer_account_status currency parent_id is_parent created_timestamp") {
		row[name] = sampleOverview[name]
	}
	whole := map[string]knownvalue.Check{
		"ids":          knownvalue.ListExact([]knownvalue.Check{knownvalue.Int64Exact(fusebilltest.SampleID), knownvalue.Int64Exact(77)}),
		"customers":    knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(row)}),
		"customer_ids": knownvalue.ListExact([]knownvalue.Check{knownvalue.Int64Exact(fusebilltest.SampleID)}),
		"total_count":  knownvalue.Int64Exact(1),
	}
	for name := range strings.FieldsSeq("references statuses account_statuses parent_id created_since created_before modified_since " +
		"modified_before max_results timeouts") {
		whole[name] = knownvalue.Null()
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{{
			Config:            listCustomers("ids = [650084, 77]") + "\noutput \"whole\" {\n  value = data.fusebill_customers.x\n}\n",
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("whole", knownvalue.ObjectExact(whole))},
		}},
	})
}

// Each filter alone, and all together, match the customers of the fleet that they should.
func TestAccCustomersDataSource_filters(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{Fleet: 20}))
	for arguments, want := range map[string][]int64{
		"":                    append(upTo(20), fusebilltest.SampleID),
		"ids = [7, 3, 3, 99]": {3, 7},
		"ids = []":            nil,
		`references = ["REF-000007", "ref-000003", "nobody"]`: {7},
		"references = []":              nil,
		`statuses = ["Hold", "Draft"]`: {7, 10, 17, 20},
		"statuses = []":                nil,
		`account_statuses = ["PoorStanding", "Collection"]`: {6, 8, 16, 18},
		"account_statuses = []":                             nil,
		"parent_id = 1":                                     {2, 12},
		`created_since = "2019-11-11T02:19:01Z"`:            {18, 19, 20},
		`created_before = "2019-11-07T02:19:01Z"`:           {1, fusebilltest.SampleID},
		`modified_before = "2019-11-07T06:19:01+02:00"`:     {1},
		`modified_before = "2019-11-07T06:19:01.000+02:00"`: {1},
		`modified_since = "2019-11-12T10:19:01Z"` + "\n" + `modified_before = "2019-11-12T10:19:02Z"`:    {20},
		`created_since = "2019-11-11T02:19:01Z"` + "\n" + `created_before = "2019-11-11T03:19:01+01:00"`: nil, // The same time.
		`created_before = "0001-01-01T00:00:00Z"`:                                                        nil,
		`created_since = null` + "\n" + `parent_id = 1`:                                                  {2, 12},
		`ids = [2, 12, 13]
  references = ["REF-000012", "REF-000013"]
  statuses = ["Active"]
  account_statuses = ["Good"]
  parent_id = 1
  created_since = "2019-11-01T00:00:00Z"
  created_before = "2020-01-01T00:00:00Z"
  modified_since = "2019-11-01T00:00:00Z"
  modified_before = "2020-01-01T00:00:00Z"
  max_results = 1
  timeouts = { read = "1m" }`: {12},
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			var ids []knownvalue.Check
			for _, id := range want {
				ids = append(ids, knownvalue.Int64Exact(id))
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(pointedAt(url)),
				Steps: []resource.TestStep{{
					Config: listCustomers(arguments),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue(customersAddress, tfjsonpath.New("customer_ids"), knownvalue.ListExact(ids)),
						statecheck.ExpectKnownValue(customersAddress, tfjsonpath.New("customers"), knownvalue.ListSizeExact(len(want))),
						statecheck.ExpectKnownValue(customersAddress, tfjsonpath.New("total_count"), knownvalue.Int64Exact(int64(len(want)))),
					},
				}},
			})
		})
	}
}

// Each argument that cannot be asked for is an error on itself, before anything is
// sent.
func TestAccCustomersDataSource_invalidArguments(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 10})
	url := serve(t, api)
	for arguments, want := range map[string][]string{
		"ids = [1, 0]": {"Invalid Customer ID", "ids[1] must be a positive integer of at most 64 bits, got 0."},
		"ids = [null]": {"ids[0] must be a positive integer of at most 64 bits, got null."},
		`references = ["a", "b;c"]`: {
			"Invalid Customer Reference", "Customers cannot be looked up by references[1]: it contains ';'",
		},
		`references = ["a,b"]`:           {"it contains ','"},
		`references = ["a:b"]`:           {"it contains ':'"},
		`references = ["a|b"]`:           {"it contains '|'"},
		`references = ["a*"]`:            {"it contains '*'"},
		`references = [""]`:              {"Customers cannot be looked up by references[0]: it is empty."},
		`references = ["[empty]"]`:       {"it means a customer without a reference"},
		"references = [null]":            {"null value"},
		`statuses = ["active"]`:          {"statuses[0]", `"Active"`},
		"statuses = [null]":              {"null value"},
		`account_statuses = ["Bad"]`:     {"account_statuses[0]", `"PoorStanding"`},
		"parent_id = 1.5":                {"Invalid Customer ID", "parent_id must be a positive integer of at most 64 bits, got 1.5."},
		`created_since = "yesterday"`:    {"created_since", "RFC3339"},
		`modified_before = "2026-01-01"`: {"modified_before", "RFC3339"},
		"max_results = 0": {
			"Invalid Maximum Number of Results", "max_results must be an integer between 1 and 1000000, got 0.",
		},
		"max_results = 1000001": {
			"Invalid Maximum Number of Results", "max_results must be an integer between 1 and 1000000, got 1000001.",
		},
		"max_results = 1.5": {
			"Invalid Maximum Number of Results", "max_results must be an integer between 1 and 1000000, got 1.5.",
		},
		`created_since = "2026-01-01T00:00:00.5Z"`: {
			"Invalid Timestamp", "created_since must be a timestamp in whole seconds, got 2026-01-01T00:00:00.5Z.",
		},
		`created_since = "2026-01-02T00:00:00Z"` + "\n" + `created_before = "2026-01-02T00:59:59+01:00"`: {
			"Invalid Time Range", "created_before (2026-01-02T00:59:59+01:00) must not be before created_since (2026-01-02T00:00:00Z).",
		},
		`modified_since = "2026-01-02T00:00:00Z"` + "\n" + `modified_before = "2026-01-01T00:00:00Z"`: {"Invalid Time Range", "modified_before"},
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(pointedAt(url)),
				Steps:                    []resource.TestStep{{Config: listCustomers(arguments), ExpectError: message(want...)}},
			})
		})
	}
	t.Cleanup(func() {
		if n := api.Stats().Requests; n != 0 {
			t.Errorf("%d requests were sent for arguments that cannot be", n)
		}
	})
}

// A fleet is listed in order with each cap on pages. If it is larger than max_results, the error states its size.
func TestAccCustomersDataSource_fleet(t *testing.T) {
	t.Parallel()
	for _, pageCap := range []int{100, 1000} {
		t.Run(fmt.Sprintf("%d on a page", pageCap), func(t *testing.T) {
			t.Parallel()
			url := serve(t, fusebilltest.New(fusebilltest.Options{Fleet: 2499, PageCap: pageCap}))
			var ids []knownvalue.Check
			for _, id := range append(upTo(2499), fusebilltest.SampleID) {
				ids = append(ids, knownvalue.Int64Exact(id))
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(pointedAt(url)),
				Steps: []resource.TestStep{
					{
						Config:      listCustomers("max_results = 2000"),
						ExpectError: message("Too Many Customers", "max_results", "2500 customers match, which exceeds the maximum of 2000."),
					},
					{
						Config: listCustomers(""),
						ConfigStateChecks: []statecheck.StateCheck{
							statecheck.ExpectKnownValue(customersAddress, tfjsonpath.New("customer_ids"), knownvalue.ListExact(ids)),
						},
					},
				},
			})
		})
	}
}

// Arguments that are unknown during plan defer the list to apply.
func TestAccCustomersDataSource_unknown(t *testing.T) {
	t.Parallel()
	url := serve(t, fusebilltest.New(fusebilltest.Options{Fleet: 10}))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(pointedAt(url)),
		Steps: []resource.TestStep{{
			Config: listCustomers("references = [terraform_data.reference.output]",
				`statuses = ["Active", terraform_data.reference.id == "" ? "Hold" : "Draft"]`) + `
resource "terraform_data" "reference" {
  input = "REF-000003"
}
`,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(customersAddress, plancheck.ResourceActionRead),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(customersAddress, tfjsonpath.New("customer_ids"),
					knownvalue.ListExact([]knownvalue.Check{knownvalue.Int64Exact(3)})),
			},
		}},
	})
}

// A failure of the list is one diagnostic, which names the list.
func TestAccCustomersDataSource_failures(t *testing.T) {
	t.Parallel()
	for fault, want := range map[string][]string{
		"401":      {"Fusebill Authentication Failed", "Unable to read the list of customers from", "The API refused the key"},
		"404":      {"Unexpected Fusebill Response", "The list itself does not exist at this URL."},
		"404-html": {"Unexpected Fusebill Response", "The list itself does not exist at this URL."},
		"429-bare": {"Fusebill Rate Limit Reached", "Unable to read the list of customers from"},
		"500":      {"Unable to Reach Fusebill", "Unable to read the list of customers from"},
		"html":     {"Unexpected Fusebill Response", "body: expected one JSON array, found Sign in"},
		"endless":  {"Unexpected Fusebill Response", "expected at most 33554432 bytes, found more"},
		"redirect": {"Unexpected Fusebill Response", "a redirect to login.example.com"},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{Fleet: 10})
			api.InjectFault(fusebilltest.ListID, fusebilltest.Always, fusebilltest.Faults[fault])
			variables := pointedAt(serve(t, api))
			variables["FUSEBILL_MAX_RETRIES"] = "0"
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(variables),
				Steps: []resource.TestStep{{
					Config:      listCustomers(`timeouts = { read = "10s" }`),
					ExpectError: message(want...),
				}},
			})
		})
	}
}
