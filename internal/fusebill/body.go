// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"golang.org/x/net/html"
)

// unexpected returns the error for a body that is not what want describes.
func (r *response) unexpected(want string) *DecodeError {
	found := describeBody(r.header, r.body)
	switch {
	case found == "":
		found = "an empty body"
	case json.Valid(r.body):
		found = jsonType(r.body) + ", " + found
	}
	return &DecodeError{Want: want, Found: found}
}

// describeBody describes a body that is not in the format of the API. It quotes the text of an HTML
// page, which is from a gateway or a firewall. Any other body can contain personal data, so it returns
// only the length and the type. For an empty body, it returns "".
func describeBody(header http.Header, body []byte) string {
	if len(bytes.TrimSpace(body)) == 0 {
		return ""
	}
	sniffed := http.DetectContentType(body)
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	// XML that begins with a comment or with a title looks like HTML.
	isXML := strings.HasSuffix(mediaType, "xml") && mediaType != "application/xhtml+xml"
	if sniffed == "text/html; charset=utf-8" && !isXML {
		if text := htmlText(body); text != "" {
			return text
		}
	}
	// A specific type that is detected in the body is more reliable than the header.
	if isGeneral := sniffed == "text/plain; charset=utf-8" || sniffed == "application/octet-stream"; err != nil || !isGeneral && !isXML {
		mediaType = sniffed
	}
	return fmt.Sprintf("%d bytes of %s", len(body), mediaType)
}

// htmlText returns the text at the beginning of an HTML page, up to the first brace, because the rest
// can be JSON.
func htmlText(page []byte) string {
	const maxBytes = 64 << 10
	var text strings.Builder
	isCode := false
	for tokens := html.NewTokenizer(bytes.NewReader(page[:min(len(page), maxBytes)])); ; {
		switch tokens.Next() {
		case html.ErrorToken:
			before, _, _ := strings.Cut(text.String(), "{")
			return strings.TrimSpace(before)
		case html.StartTagToken:
			name, _ := tokens.TagName()
			isCode = string(name) == "script" || string(name) == "style"
		case html.EndTagToken:
			isCode = false
		case html.TextToken:
			if !isCode {
				text.WriteString(string(tokens.Text()) + " ")
			}
		}
	}
}
