// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// customer is a value of the flag -customer.
type customer struct {
	id     int64
	fields map[string]any
}

// parseCustomer reads a JSON object with the ID of a customer and other fields.
func parseCustomer(file string) (c customer, err error) {
	content, err := os.Open(file)
	if err != nil {
		return c, err
	}
	defer func() { _ = content.Close() }() // It is open for reading only.
	decoder := json.NewDecoder(content)
	decoder.UseNumber() // A float64 can lose digits.
	if err := decoder.Decode(&c.fields); err != nil {
		return c, fmt.Errorf("%s: %w", file, err)
	}
	number, isNumber := c.fields["id"].(json.Number)
	if isNumber {
		c.id, err = number.Int64()
	}
	if !isNumber || err != nil || c.id <= 0 {
		return c, fmt.Errorf("%s: id must be a positive integer", file)
	}
	return c, nil
}

// overview returns the overview of the customer. The fields replace those of the
// customer that a simulated API with a fleet of this size has otherwise.
func (c customer) overview(fleet int64) map[string]any {
	overview := map[string]any{}
	if c.id <= fleet || c.id == fusebilltest.SampleID {
		overview = fusebilltest.Generate(c.id)
	}
	maps.Copy(overview, c.fields)
	return overview
}
