// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"math/big"
	"testing"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// Any body results in the requested customer, with values that Terraform can hold, or in a DecodeError.
func FuzzDecodeCustomerOverview(f *testing.F) {
	f.Add(fusebilltest.SampleJSON())
	f.Add(fusebilltest.EveryFieldJSON())
	for _, body := range []string{
		``, `null`, `[]`, `{}`, `{"id": 7}`, `{"id": "7"}`, `{"id": 7} x`, `{"id": 7, "arBalance": 1e400000000}`, `{"id": 7, "arBalance": "0.1"}`,
		`{"id": 7, "quickbooksId": 9223372036854775808}`, `{"id": 7, "primaryPhone": 9934643454}`,
		`{"id": 7, "statusTimestamp": "2023-04-13T17:41:39.7648223Z"}`,
		`{"id": 7, "statusTimestamp": "9999-12-31T23:59:59-01:00"}`, `{"id": 7, "isParent": "true"}`, `{"id": 7, "title": "\ud800"}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, id := range []int64{7, 650084} {
			overview, err := decodeOverview(body, id, CustomerOverviewOptions{})
			if err != nil {
				if overview != nil {
					t.Errorf("got %v and error %v, want an error alone", overview, err)
				}
				continue
			}
			if overview.ID != id {
				t.Errorf("customer %d is %d", id, overview.ID)
			}
			for _, n := range []*big.Float{overview.ARBalance, overview.PendingCharges, overview.LifetimeValue} {
				if n != nil && len(n.Text('f', -1)) > 1000 {
					t.Errorf("a number has more than 1000 digits")
				}
			}
			for _, at := range []*time.Time{overview.CreatedTimestamp, overview.StatusTimestamp, overview.NextBillingDate} {
				if at == nil {
					continue
				}
				if _, err := time.Parse(time.RFC3339Nano, at.Format(time.RFC3339Nano)); err != nil || at.Location() != time.UTC {
					t.Errorf("the time %s cannot be written: %v", at, err)
				}
			}
		}
	})
}

// The messages of any error body are bounded.
func FuzzDecodeEnvelope(f *testing.F) {
	for _, body := range []string{
		``, `null`, `{}`, `[]`, `<html>`,
		`{"ErrorId": 0, "HttpStatusCode": 404, "Errors": [{"Key": "Api Error", "Value": "CustomerOverview with id 2 not found."}]}`,
		`{"Errors": null}`, `{"Errors": [{}]}`, `{"Errors": [{"Value": 1}]}`, `{"ErrorId": "x"}`, `{"Errors": [null, {"Value": "\u0000"}]}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if e := decodeEnvelope(decodeObject(body)); e != nil && len(e.messages) > 5 {
			t.Errorf("got %d messages, want at most 5", len(e.messages))
		}
	})
}
