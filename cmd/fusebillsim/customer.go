// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strconv"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// addCustomer reads a JSON object with the ID of a customer and other fields.
// Fields of a later file replace those of an earlier one.
func (c *config) addCustomer(file string) error {
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // It is open for reading only.
	decoder := json.NewDecoder(content)
	decoder.UseNumber() // A float64 can lose digits.
	var fields map[string]any
	if err := decoder.Decode(&fields); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	id, err := strconv.ParseInt(fmt.Sprint(fields["id"]), 10, 64)
	if _, isNumber := fields["id"].(json.Number); !isNumber || err != nil || id <= 0 {
		return fmt.Errorf("%s: id must be a positive integer", file)
	}
	if c.customers == nil {
		c.customers = map[int64]map[string]any{}
	}
	if c.customers[id] == nil {
		c.customers[id] = map[string]any{}
	}
	maps.Copy(c.customers[id], fields)
	return nil
}

// overview returns the overview of a customer from the command line. Its fields
// replace those of the customer that the API has by default.
func (c *config) overview(id int64) map[string]any {
	overview := map[string]any{}
	if id <= c.options.Fleet || id == fusebilltest.SampleID {
		overview = fusebilltest.Generate(id)
	}
	maps.Copy(overview, c.customers[id])
	return overview
}
