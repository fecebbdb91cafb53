package fusebill

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"time"
)

// objectDecoder takes the fields of one JSON object apart. A field that is null
// or absent gives nil. The first field that is wrong ends up in err, after which
// the rest of what it gives is of no use.
type objectDecoder struct {
	fields map[string]json.RawMessage
	err    error
}

// decodeObject reads a body that must be exactly one JSON object.
func decodeObject(body []byte) (*objectDecoder, error) {
	var fields map[string]json.RawMessage
	switch err := json.Unmarshal(body, &fields); {
	case len(bytes.TrimSpace(body)) == 0:
		return nil, &DecodeError{Want: "one JSON object", Found: "nothing"}
	case err != nil:
		return nil, &DecodeError{Want: "one JSON object", Found: fmt.Sprintf("%s, in %s", err, impersonal(body))}
	case fields == nil:
		return nil, &DecodeError{Want: "one JSON object", Found: impersonal(body)}
	}
	return &objectDecoder{fields: fields}, nil
}

// impersonal gives a body that is not understood, so that it can be shown: a page of
// HTML as it is, but of what looks like the API's own JSON, which may be about
// customers, the length alone.
func impersonal(body []byte) string {
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		return fmt.Sprintf("%d bytes of JSON", len(body))
	}
	return string(body)
}

// reject records that a field is not what it should be.
func (d *objectDecoder) reject(name, want string) {
	if d.err != nil {
		return
	}
	found := string(d.fields[name])
	if found == "" {
		found = "nothing"
	}
	d.err = &DecodeError{Field: name, Want: want, Found: found}
}

// text reads a string. A number is taken too, digit for digit, because the
// vendor's own sample has some in string fields.
func (d *objectDecoder) text(name string) *string {
	raw, ok := d.value(name)
	if !ok {
		return nil
	}
	text, ok := stringOrNumber(raw)
	if !ok {
		d.reject(name, "a string")
		return nil
	}
	return &text
}

// decimal reads a number, quoted or not, at the precision with which Terraform
// itself parses numbers.
func (d *objectDecoder) decimal(name string) *big.Float {
	return d.number(name, "a decimal number of ordinary size")
}

// integer reads a whole number of at most 64 bits, quoted or not.
func (d *objectDecoder) integer(name string) *int64 {
	const want = "a 64-bit integer"
	number := d.number(name, want)
	if number == nil {
		return nil
	}
	integer, accuracy := number.Int64()
	if accuracy != big.Exact {
		d.reject(name, want)
		return nil
	}
	return &integer
}

// number reads a JSON number, or a string that holds one. An empty string is
// null. A number whose digits would fill more than a line is refused: writing
// out 1e400000000 takes 400 MB.
func (d *objectDecoder) number(name, want string) *big.Float {
	const (
		precision = 512 // bits
		maxDigits = precision
	)
	raw, ok := d.nonEmpty(name)
	if !ok {
		return nil
	}
	text, ok := stringOrNumber(raw)
	if !ok || len(text) > maxDigits || !isNumber(text) {
		d.reject(name, want)
		return nil
	}
	number, _, err := big.ParseFloat(text, 10, precision, big.ToNearestEven)
	if err != nil || number.IsInf() || number.MantExp(nil) > precision || number.MantExp(nil) < -precision {
		d.reject(name, want)
		return nil
	}
	return number
}

// boolean reads true or false.
func (d *objectDecoder) boolean(name string) *bool {
	raw, ok := d.nonEmpty(name)
	if !ok {
		return nil
	}
	value := string(raw) == "true"
	if !value && string(raw) != "false" {
		d.reject(name, "true or false")
		return nil
	}
	return &value
}

// timestampLayouts are the forms of time that the API is seen to send, with any
// fraction of a second or none, and ISO 8601's neighbours of them. A time
// without a zone is UTC: the vendor says that all times are.
var timestampLayouts = []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly}

// timestamp reads a point in time. An empty string is null.
func (d *objectDecoder) timestamp(name string) *time.Time {
	raw, ok := d.nonEmpty(name)
	if !ok {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		for _, layout := range timestampLayouts {
			t, err := time.Parse(layout, text)
			if t = t.UTC(); err == nil && t.Year() >= 0 && t.Year() <= 9999 { // What RFC 3339 can write.
				return &t
			}
		}
	}
	d.reject(name, "a timestamp such as 2019-11-06T14:19:01Z")
	return nil
}

// value gives a field that is there and not null.
func (d *objectDecoder) value(name string) (json.RawMessage, bool) {
	raw, ok := d.fields[name]
	return raw, ok && string(raw) != "null"
}

// nonEmpty gives a field that is there, not null, and not an empty string.
func (d *objectDecoder) nonEmpty(name string) (json.RawMessage, bool) {
	raw, ok := d.value(name)
	return raw, ok && string(raw) != `""`
}

// stringOrNumber gives the text of a JSON string, or a JSON number's own text.
func stringOrNumber(raw json.RawMessage) (string, bool) {
	if isNumber(string(raw)) {
		return string(raw), true
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err == nil
}

// isNumber reports whether the text is a number by JSON's grammar, which is
// narrower than that of [big.ParseFloat].
func isNumber(text string) bool {
	return text != "" && (text[0] == '-' || '0' <= text[0] && text[0] <= '9') && json.Valid([]byte(text))
}
