// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"bytes"
	"encoding/json"
	"math/big"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// objectDecoder decodes the fields of one JSON object. A null or absent field decodes to nil. The
// first invalid field sets err, and the caller must then discard the decoded values.
type objectDecoder struct {
	fields map[string]json.RawMessage
	err    *DecodeError
}

// decodeObject decodes a text that is exactly one JSON object. For any other text it returns nil.
func decodeObject(text []byte) *objectDecoder {
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) == 0 || text[0] != '{' {
		return nil // This avoids unmarshaling a page of the list, which can have megabytes.
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil
	}
	return &objectDecoder{fields: fields}
}

// jsonType returns the type of a valid JSON value.
func jsonType(text []byte) string {
	switch bytes.TrimSpace(text)[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a Boolean"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}

// reject records that a field is invalid, and describes it without its content.
func (d *objectDecoder) reject(name, want string) {
	raw, ok := d.field(name)
	found := "nothing"
	if ok {
		found = jsonType(raw)
	}
	d.rejectFound(name, want, found)
}

// harmlessValue matches values that cannot be personal: short numbers, times, and Booleans, quoted or not.
var harmlessValue = regexp.MustCompile(`^"?([0-9eETZ:.+-]{1,40}|true|false|null)"?$`)

// rejectValue records that a field is invalid, and quotes its value if it cannot be personal.
func (d *objectDecoder) rejectValue(name, want string) {
	raw, _ := d.field(name)
	if !harmlessValue.Match(raw) {
		d.reject(name, want)
		return
	}
	d.rejectFound(name, want, string(raw))
}

func (d *objectDecoder) rejectFound(name, want, found string) {
	if d.err == nil {
		d.err = &DecodeError{Field: name, Want: want, Found: found}
	}
}

// text decodes a string. It also accepts a number, and keeps each digit, because the vendor's own
// sample has numbers in string fields.
func (d *objectDecoder) text(name string) *string {
	raw, ok := d.value(name)
	if !ok {
		return nil
	}
	text, ok := stringOrNumber(raw)
	switch {
	case !ok:
		d.reject(name, "a string")
		return nil
	case !utf8.Valid(raw) || strings.Count(text, "\uFFFD") > countReplacements(raw):
		d.rejectFound(name, "valid UTF-8 text", "other bytes")
		return nil
	}
	return &text
}

// countReplacements counts the replacement characters in a JSON string, literal or escaped. A decoded
// string with more of them contained an invalid surrogate.
func countReplacements(raw json.RawMessage) int {
	return bytes.Count(raw, []byte("\uFFFD")) + bytes.Count(bytes.ToLower(raw), []byte(`\ufffd`))
}

// decimal decodes a number, quoted or not, with the precision of Terraform's numbers.
func (d *objectDecoder) decimal(name string) *big.Float {
	number, ok := d.number(name)
	if !ok {
		d.reject(name, "a decimal number of ordinary size")
	}
	return number
}

// integer decodes an integer of at most 64 bits, quoted or not.
func (d *objectDecoder) integer(name string) *int64 {
	number, ok := d.number(name)
	if ok && number == nil {
		return nil
	}
	if ok {
		if integer, accuracy := number.Int64(); accuracy == big.Exact {
			return &integer
		}
	}
	d.rejectValue(name, "a 64-bit integer")
	return nil
}

// number decodes a JSON number, or a string that holds one. An empty string is nil. ok is false for
// numbers of extreme size, because the digits of 1e400000000 take 400 MB.
func (d *objectDecoder) number(name string) (number *big.Float, ok bool) {
	const (
		precision = 512 // bits
		maxDigits = precision
	)
	raw, ok := d.nonEmpty(name)
	if !ok {
		return nil, true
	}
	text, ok := stringOrNumber(raw)
	if !ok || len(text) > maxDigits || !isNumber(text) {
		return nil, false
	}
	number, _, err := big.ParseFloat(text, 10, precision, big.ToNearestEven)
	if err != nil || number.IsInf() || number.MantExp(nil) > precision || number.MantExp(nil) < -precision {
		return nil, false
	}
	return number, true
}

// boolean decodes true or false, quoted or not.
func (d *objectDecoder) boolean(name string) *bool {
	raw, ok := d.nonEmpty(name)
	if !ok {
		return nil
	}
	text := strings.ToLower(strings.Trim(string(raw), `"`))
	value := text == "true"
	if !value && text != "false" {
		d.rejectValue(name, "true or false")
		return nil
	}
	return &value
}

// timestampLayouts are the layouts of times in known responses, with or without a fraction of a
// second, and similar layouts of ISO 8601. A time without a zone is UTC, as the vendor documents:
// https://developer.fusebill.com/reference.
var timestampLayouts = []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly}

// timestamp decodes a time, in UTC. An empty string and the zero time of .NET, 0001-01-01T00:00:00,
// are nil, because the API returns them for a missing time.
func (d *objectDecoder) timestamp(name string) *time.Time {
	raw, ok := d.nonEmpty(name)
	if !ok {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		for _, layout := range timestampLayouts {
			t, err := time.Parse(layout, text)
			switch {
			case err != nil:
			case t.Year() == 1 && t.YearDay() == 1:
				return nil
			case t.UTC().Year() >= 0 && t.UTC().Year() <= 9999: // The years of RFC 3339.
				t = t.UTC()
				return &t
			}
		}
	}
	d.rejectValue(name, "a timestamp such as 2019-11-06T14:19:01Z")
	return nil
}

// has reports whether a field is present, even if it is null.
func (d *objectDecoder) has(name string) bool {
	_, ok := d.field(name)
	return ok
}

// field returns a field by name, ignoring case. If several names differ only in case, it returns the
// one with the exact spelling, or else the first in alphabetical order.
func (d *objectDecoder) field(name string) (json.RawMessage, bool) {
	if raw, ok := d.fields[name]; ok {
		return raw, true
	}
	found := ""
	for key := range d.fields {
		if strings.EqualFold(key, name) && (found == "" || key < found) {
			found = key
		}
	}
	raw, ok := d.fields[found]
	return raw, ok && found != ""
}

// value returns a field that is present and not null.
func (d *objectDecoder) value(name string) (json.RawMessage, bool) {
	raw, ok := d.field(name)
	return raw, ok && string(raw) != "null"
}

// nonEmpty returns a field that is present, not null, and not an empty string.
func (d *objectDecoder) nonEmpty(name string) (json.RawMessage, bool) {
	raw, ok := d.value(name)
	return raw, ok && string(raw) != `""`
}

// stringOrNumber returns the value of a JSON string, or the text of a JSON number.
func stringOrNumber(raw json.RawMessage) (string, bool) {
	if isNumber(string(raw)) {
		return string(raw), true
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err == nil
}

// isNumber reports whether text is a JSON number. [big.ParseFloat] also accepts other formats.
func isNumber(text string) bool {
	return text != "" && (text[0] == '-' || '0' <= text[0] && text[0] <= '9') && json.Valid([]byte(text))
}
