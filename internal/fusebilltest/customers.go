package fusebilltest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// SampleID is the id of the customer on the vendor's page.
const SampleID = 650084

//go:embed customer_650084.json
var sample []byte

// Sample gives the fields of the customer on the vendor's page, as they stand
// there: some strings are numbers, and some times have no zone.
func Sample() map[string]any {
	decoder := json.NewDecoder(bytes.NewReader(sample))
	decoder.UseNumber() // Or the numbers would lose digits.
	var overview map[string]any
	if err := decoder.Decode(&overview); err != nil {
		panic(err) // It is embedded.
	}
	return overview
}

// financials are the fields that a caller can ask to be left out.
var financials = []string{
	"pendingCharges", "arBalance", "unallocatedPayments", "unallocatedCredits", "unallocatedOpeningBalance",
	"lifetimeValue", "monthlyRecurringRevenue", "netMonthlyRecurringRevenue",
}

// standings are how a fleet's customers stand, by the last digit of their id.
var standings = [10]struct {
	status, account string
	suspension      any // days until
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

// epoch is a little before a fleet's first customer was created.
var epoch = time.Date(2019, time.November, 6, 14, 19, 1, 857e6, time.UTC)

// Generate gives the fields of a fleet's customer, the same ones each time for
// an id; for [SampleID] those of the sample. The last digit of the id decides how the
// customer stands: 0 Draft, 1 to 5 Active, 6 Active in PoorStanding, 7 Hold, 8 Suspended in Collection,
// 9 Cancelled. Between them the customers have every form of a value that the
// API is seen to send.
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
	overview := map[string]any{
		"title":                          pick("Dr", nil, ""),
		"firstName":                      pick("Ada", "Grace", "Edsger", "Barbara", "Ken"),
		"middleName":                     pick(nil, "", "M."),
		"lastName":                       pick("Lovelace", "Hopper", "Dijkstra", "Liskov", "Thompson", "Ångström", "李"),
		"suffix":                         pick(nil, "Jr."),
		"primaryEmail":                   pick(fmt.Sprintf("customer%d@example.com", id), fmt.Sprintf("a%d@example.com; b%d@example.com", id, id)),
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
		"daysUntilSuspension":            standing.suspension,
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
	if id%2 == 0 { // The five fields that the vendor's sample does without.
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
