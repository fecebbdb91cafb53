// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
)

// bodyFaults are 200 responses with a body other than the genuine JSON.
var bodyFaults = map[string]http.HandlerFunc{
	"empty":          text(http.StatusOK, jsonType, ""),
	"null":           text(http.StatusOK, jsonType, "null"),
	"array":          text(http.StatusOK, jsonType, `[{"id": %d}]`),
	"text-after":     text(http.StatusOK, jsonType, `{"id": %d} and more`),
	"wrong-customer": text(http.StatusOK, jsonType, `{"id": 1%d, "status": "Active"}`),
	"no-customer":    text(http.StatusOK, jsonType, `{"status": "Active"}`),
	"wrong-type":     text(http.StatusOK, jsonType, `{"id": %d, "arBalance": "much"}`),
	"huge-number":    text(http.StatusOK, jsonType, `{"id": %d, "arBalance": 1e400000000}`),
	"huge-integer":   text(http.StatusOK, jsonType, `{"id": %d, "quickbooksId": 9223372036854775808}`),
	"cut-json":       text(http.StatusOK, jsonType, `{"id": %d, "status": "Act`), // The Content-Length is right.
	"xml":            text(http.StatusOK, "application/xml", `<?xml version="1.0"?><CustomerOverview><Id>%d</Id></CustomerOverview>`),
	"plain-text":     text(http.StatusOK, "text/plain", "Customer %d is Active."),

	"bom":            wrapped("\ufeff", ""),
	"white-space":    wrapped(" \r\n\t", " \r\n\t"),
	"text-around":    wrapped("OK: ", " (end)"),
	"prefix-angular": wrapped(")]}',\n", ""),
	"prefix-while":   wrapped("while(1);", ""),
	"prefix-for":     wrapped("for(;;);", ""),
	"jsonp":          wrapped("callback(", ");"),
	"json-lines":     rewritten(nil, func(body []byte) []byte { return bytes.Join([][]byte{body, body}, []byte("\n")) }),
	"json-string":    rewritten(nil, quoteJSON),

	"utf16-le-bom": utf16Body(binary.LittleEndian, true),
	"utf16-be-bom": utf16Body(binary.BigEndian, true),
	"utf16-le":     utf16Body(binary.LittleEndian, false),
	"utf16-be":     utf16Body(binary.BigEndian, false),
}

// text responds with a body in which %d is the customer's ID.
func text(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		writeText(w, status, contentType, strings.ReplaceAll(body, "%d", strconv.FormatInt(pathID(r), 10)))
	}
}

// quoteJSON returns a body as a JSON string.
func quoteJSON(body []byte) []byte {
	quoted, err := json.Marshal(string(body))
	if err != nil {
		panic(err) // A string can always be represented.
	}
	return quoted
}

// utf16Body responds with the genuine body in UTF-16.
func utf16Body(order binary.AppendByteOrder, hasMark bool) http.HandlerFunc {
	header := http.Header{"Content-Type": {"application/json; charset=utf-16"}}
	return rewritten(header, func(body []byte) (encoded []byte) {
		if hasMark {
			body = append([]byte("\ufeff"), body...)
		}
		for _, unit := range utf16.Encode([]rune(string(body))) {
			encoded = order.AppendUint16(encoded, unit)
		}
		return encoded
	})
}

// envelopeFaults returns 200 responses with the error envelope. They have the
// rate-limit headers of the API.
func envelopeFaults() map[string]http.HandlerFunc {
	faults := map[string]http.HandlerFunc{
		"200-envelope-no-status":   text(http.StatusOK, jsonType, envelopeText("")),
		"200-envelope-text-status": text(http.StatusOK, jsonType, envelopeText(`,"HttpStatusCode":"404"`)),
	}
	for _, status := range []int{200, 400, 401, 403, 404, 409, 429, 500, 503} {
		body := envelopeText(fmt.Sprintf(`,"HttpStatusCode":%d`, status))
		faults[fmt.Sprintf("200-envelope-%d", status)] = text(http.StatusOK, jsonType, body)
	}
	return faults
}

// envelopeText returns an error envelope with further members.
func envelopeText(members string) string {
	return `{"ErrorId":0,"Errors":[{"Key":"Api Error","Value":"CustomerOverview with id %d not found."}]` + members + `}`
}

// keyFaults are errors that contain the request's API key in some encoding.
var keyFaults = map[string]http.HandlerFunc{
	"key-verbatim":      keyError(func(key string) string { return key }),
	"key-percent-upper": keyError(func(key string) string { return escapeSymbols(key, "%%%02X") }),
	"key-percent-lower": keyError(func(key string) string { return escapeSymbols(key, "%%%02x") }),
	"key-html":          keyError(func(key string) string { return escapeSymbols(key, "&#%d;") }),
	"key-html-hex":      keyError(func(key string) string { return escapeSymbols(key, "&#x%x;") }),
	"key-json":          keyError(func(key string) string { return escapeSymbols(key, `\u%04x`) }),
	"key-json-slash":    keyError(func(key string) string { return strings.ReplaceAll(key, "/", `\/`) }),
	"key-decoded":       keyError(decodedKey),
	"key-secret": keyError(func(key string) string {
		_, secret, _ := strings.Cut(decodedKey(key), ":")
		return secret
	}),
	"key-unpadded": keyError(func(key string) string { return strings.TrimRight(key, "=") }),
	"key-body": func(w http.ResponseWriter, r *http.Request) {
		text(http.StatusOK, jsonType, `{"id": %d, "status": ["Basic `+requestKey(r)+`"]}`)(w, r)
	},
	"key-bad-gateway": func(w http.ResponseWriter, r *http.Request) {
		gatewayHTML(http.StatusBadGateway, "Bad Gateway for "+html.EscapeString(requestKey(r)))(w, r)
	},
	"key-redirect": func(w http.ResponseWriter, r *http.Request) {
		redirect(http.StatusFound, "https://login.example.com/?key="+url.QueryEscape(requestKey(r)))(w, r)
	},
	"key-page": func(w http.ResponseWriter, r *http.Request) {
		gatewayHTML(http.StatusForbidden, "Access Denied for "+html.EscapeString(requestKey(r)))(w, r)
	},
}

// keyError responds with a message that contains the encoded key.
func keyError(encode func(key string) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		writeError(w, http.StatusForbidden, "Access denied for key "+encode(requestKey(r))+".")
	}
}

func requestKey(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Basic ")
}

// decodedKey returns the text that the key encodes in base64.
func decodedKey(key string) string {
	decoded, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return key // The vendor's support has issued keys that are not base64.
	}
	return string(decoded)
}

// escapeSymbols formats all characters except ASCII letters and digits.
func escapeSymbols(text, format string) string {
	var escaped strings.Builder
	for _, c := range []byte(text) {
		if isAlphanumeric := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'; isAlphanumeric {
			escaped.WriteByte(c)
		} else {
			fmt.Fprintf(&escaped, format, c)
		}
	}
	return escaped.String()
}
