// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// SampleID is the ID of the customer in the vendor's documentation.
const SampleID = 650084

// maxID is the largest ID that the API can represent.
const maxID = math.MaxInt64

var (
	//go:embed customer_650084.json
	sampleJSON []byte
	//go:embed every_field.json
	everyFieldJSON []byte
)

// SampleJSON returns the vendor's sample response, byte for byte.
func SampleJSON() []byte { return bytes.Clone(sampleJSON) }

// EveryFieldJSON returns the overview of customer 7, in which each of the 44
// fields has a value that no other field has. The IDs in other systems are both
// numbers and strings, because the vendor's pages disagree about their types.
func EveryFieldJSON() []byte { return bytes.Clone(everyFieldJSON) }

// Sample returns the fields of the vendor's sample response. Some of its strings
// are numbers, and its times have no zone.
func Sample() map[string]any {
	decoder := json.NewDecoder(bytes.NewReader(sampleJSON))
	decoder.UseNumber() // A float64 can lose digits.
	var overview map[string]any
	if err := decoder.Decode(&overview); err != nil {
		panic(err) // The file is embedded.
	}
	return overview
}

// financialFields are the fields that a request can omit.
var financialFields = []string{
	"pendingCharges", "arBalance", "unallocatedPayments", "unallocatedCredits", "unallocatedOpeningBalance",
	"lifetimeValue", "monthlyRecurringRevenue", "netMonthlyRecurringRevenue",
}

// standings are the statuses of generated customers by the last digit of the ID.
var standings = [10]struct {
	status, account     string
	daysUntilSuspension any
}{
	0: {"Draft", "Good", nil},
	1: {"Active", "Good", nil},
	2: {"Active", "Good", nil},
	3: {"Active", "Good", nil},
	4: {"Active", "Good", nil},
	5: {"Active", "Good", nil},
	6: {"Active", "PoorStanding", 9},
	7: {"Hold", "Good", nil},
	8: {"Suspended", "Collection", 0},
	9: {"Cancelled", "Good", nil},
}

// epoch is shortly before the creation of the first generated customer.
var epoch = time.Date(2019, time.November, 6, 14, 19, 1, 857e6, time.UTC)

// Generate returns the fields of a generated customer, always the same ones for
// an ID. For [SampleID] it returns those of the sample. The last digit of the ID
// determines the status: 0 is Draft, 1 to 5 are Active, 6 is Active in
// PoorStanding, 7 is Hold, 8 is Suspended in Collection, and 9 is Cancelled.
// Together, the customers have every form of a value that is known from real
// responses.
func Generate(id int64) map[string]any {
	if id == SampleID {
		return Sample()
	}
	standing := standings[id%10]
	balance := map[int64]string{0: "0", 1: "1234.56", 2: "0.1", 3: "19999999999999.99", 4: "60.0000", 5: "-12.5", 6: "310.20"}
	amount := func(n int64) json.Number {
		if text, ok := balance[n%10]; ok {
			return json.Number(text)
		}
		return json.Number(fmt.Sprintf("%d.%02d", n, n%100))
	}
	pick := func(values ...any) any { return values[id%int64(len(values))] }
	email := fmt.Sprintf("customer%d@example.com", id)
	overview := map[string]any{
		"title":                          pick("Dr", nil, ""),
		"firstName":                      pick("Ada", "Grace", "Edsger", "Barbara", "Ken"),
		"middleName":                     pick(nil, "", "M."),
		"lastName":                       pick("Lovelace", "Hopper", "Dijkstra", "Liskov", "Thompson", "Ångström", "李"),
		"suffix":                         pick(nil, "Jr."),
		"primaryEmail":                   pick(email, fmt.Sprintf("a%d@example.com; b%d@example.com", id, id)),
		"primaryPhone":                   pick(fmt.Sprintf("+1-555-%07d", id), nil),
		"companyName":                    fmt.Sprintf("Company %d Ltd.", id),
		"reference":                      fmt.Sprintf("REF-%06d", id),
		"createdTimestamp":               epoch.Add(time.Duration(id%10_000) * 6 * time.Hour).Format("2006-01-02T15:04:05"),
		"status":                         standing.status,
		"customerAccountStatus":          standing.account,
		"pendingCharges":                 amount(id + 5),
		"arBalance":                      amount(id),
		"unallocatedPayments":            amount(id + 3),
		"unallocatedCredits":             json.Number("0"),
		"unallocatedOpeningBalance":      json.Number("0.0000"),
		"currency":                       pick("USD", "CAD", "EUR"),
		"daysUntilSuspension":            standing.daysUntilSuspension,
		"daysUntilCancellation":          nil,
		"customerAccountStatusTimestamp": "2023-03-22T19:21:24.857",
		"statusTimestamp":                "2023-04-13T17:41:39.7648223Z",
		"lifetimeValue":                  amount(id + 1),
		"monthlyRecurringRevenue":        amount(id + 4),
		"netMonthlyRecurringRevenue":     amount(id + 4),
		"nextBillingDate":                pick("2027-01-01T00:00:00", nil),
		"salesforceSynchStatus":          pick("Enabled", "Disabled"),
		"salesforceId":                   nil,
		"quickbooksId":                   nil,
		"netsuiteId":                     nil,
		"hubSpotId":                      id * 1000,
		"hubSpotCompanyId":               nil,
		"geotabId":                       pick("1234", nil),
		"parentId":                       nil,
		"parentName":                     nil,
		"isParent":                       id%100 == 1,
		"unknownPaymentActivityId":       nil,
		"id":                             id,
		"uri":                            fmt.Sprintf("/v1/CustomerOverview/%d", id),
	}
	if id%2 == 0 { // The five fields that are not in the vendor's sample.
		overview["secondaryEmail"] = fmt.Sprintf("second%d@example.com", id)
		overview["secondaryPhone"] = nil
		overview["digitalRiverId"] = fmt.Sprintf("dr-%d", id)
		overview["avalaraId"] = id
		overview["sageIntacctId"] = strconv.FormatInt(id, 10)
	}
	if id%100 > 1 && id%10 == 2 {
		parent := id - id%100 + 1
		overview["parentId"] = parent
		overview["parentName"] = fmt.Sprintf("Company %d Ltd.", parent)
	}
	return overview
}
