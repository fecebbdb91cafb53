// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"encoding/json"
	"strings"
)

// envelope is the error envelope of the API. Any part can be missing:
//
//	{"ErrorId": 0, "HttpStatusCode": 404, "Errors": [{"Key": "Api Error", "Value": "…"}]}
//
// https://developer.fusebill.com/reference
type envelope struct {
	// status is the status code in the envelope, or 0.
	status int
	// messages are the values of the first errors.
	messages []string
}

// decodeEnvelope returns the error envelope in d, or nil if d is nil or another object.
func decodeEnvelope(d *objectDecoder) *envelope {
	if d == nil || d.has("id") || !d.has("ErrorId") && !d.has("HttpStatusCode") && !d.has("Errors") {
		return nil
	}
	e := &envelope{}
	if status := d.integer("HttpStatusCode"); status != nil {
		e.status = int(*status)
	}
	var errs []json.RawMessage
	if raw, ok := d.value("Errors"); !ok || json.Unmarshal(raw, &errs) != nil {
		return e
	}
	const maxMessages = 5
	for _, raw := range errs[:min(maxMessages, len(errs))] {
		if d := decodeObject(raw); d != nil {
			if text := d.text("Value"); text != nil && strings.TrimSpace(*text) != "" {
				e.messages = append(e.messages, strings.TrimSpace(*text))
			}
		}
	}
	return e
}

// isAboutKey reports whether the API refused the key. For a malformed key, the vendor documents status
// 400 with the message "Authorization key is not in the correct format.". Only the message distinguishes
// it from other responses with status 400.
func (e *envelope) isAboutKey() bool {
	for _, message := range e.messages {
		if strings.Contains(strings.ToLower(message), "authorization key") {
			return true
		}
	}
	return false
}
