// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"encoding/base64"
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"
)

const (
	// maxTextRunes is the maximum length of a text from the server in an error.
	maxTextRunes = 200
	// minRedactLength is the length below which a form of the key is not redacted, since it
	// would be found in many texts.
	minRedactLength = 4
	// maxEncodedRune is the maximum length of one character of the key in an encoded form.
	maxEncodedRune = 12
)

// keyPattern returns a pattern that matches the key in each form in which a server can echo it:
// verbatim or decoded from base64, with or without padding, and in percent-encoding, HTML, JSON, or
// URL-safe base64.
func keyPattern(key string) *regexp.Regexp {
	var forms []string
	for _, secret := range keySecrets(key) {
		if len(secret) < minRedactLength {
			continue
		}
		var form strings.Builder
		for _, char := range []byte(secret) {
			form.WriteString(encodedCharPattern(char) + `\s*`) // A text can wrap the key.
		}
		forms = append(forms, strings.TrimSuffix(form.String(), `\s*`))
	}
	if len(forms) == 0 {
		forms = []string{`\z.`} // Matches nothing.
	}
	padding := "(?:" + encodedCharPattern('=') + ")*"
	return regexp.MustCompile(`(?i)(?:` + strings.Join(forms, "|") + `)` + padding)
}

// keySecrets returns the texts that are as good as the key, longest first: the key without its
// padding, and what it decodes to, with and without the user name "0".
func keySecrets(key string) []string {
	secrets := []string{strings.TrimRight(key, "=")}
	standard := strings.NewReplacer("-", "+", "_", "/").Replace(secrets[0]) // A key can be URL-safe base64.
	if decoded, err := base64.RawStdEncoding.DecodeString(standard); err == nil {
		secrets = append(secrets, string(decoded))
		if _, password, ok := strings.Cut(string(decoded), ":"); ok {
			secrets = append(secrets, password)
		}
	}
	return secrets
}

// encodedCharPattern returns a pattern that matches one character of the key in each encoding.
func encodedCharPattern(char byte) string {
	alternatives := []string{
		regexp.QuoteMeta(string(rune(char))),
		fmt.Sprintf("%%(?:25)*%02x", char),    // Percent-encoding, once or more often.
		fmt.Sprintf(`\\+u00%02x`, char),       // JSON.
		fmt.Sprintf("&(?:amp;)*#0*%d;", char), // HTML.
		fmt.Sprintf("&(?:amp;)*#x0*%x;", char),
	}
	switch char {
	case '+':
		alternatives = append(alternatives, "-", " ", "&plus;")
	case '/':
		alternatives = append(alternatives, "_", `\\+/`, "&sol;")
	case '-':
		alternatives = append(alternatives, `\+`)
	case '_':
		alternatives = append(alternatives, "/")
	case '=':
		alternatives = append(alternatives, "&equals;")
	case '&', '<', '>', '"', '\'':
		alternatives = append(alternatives, regexp.QuoteMeta(html.EscapeString(string(rune(char)))), `\\+`+regexp.QuoteMeta(string(rune(char))))
	}
	return "(?:" + strings.Join(alternatives, "|") + ")"
}

// redact makes a text from the server fit for an error: the key is replaced in all its forms,
// characters that cannot be printed become spaces, runs of spaces become one, and a long text is cut.
func (c *Client) redact(text string) string {
	// Only the beginning of the text is shown, but the key at its end must not be cut in two before
	// it is replaced.
	const enough = 32 * maxTextRunes
	margin := maxEncodedRune * len(c.config.Key)
	isCut := len(text) > enough+margin
	if isCut {
		text = text[:enough+margin]
	}
	text = c.keyPattern.ReplaceAllString(text, "***")
	if isCut {
		text = strings.ToValidUTF8(text[:max(0, len(text)-margin)], "")
	}
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if isCut || len(runes) > maxTextRunes {
		return string(runes[:min(len(runes), maxTextRunes)]) + "…"
	}
	return string(runes)
}

// quotedText matches text in double quotes, with escaped quotes in it.
var quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// redactTransport is redact for the text of a transport error, in which net/http quotes what the
// server sent, and that can be personal data.
func (c *Client) redactTransport(err error) string {
	return c.redact(quotedText.ReplaceAllString(err.Error(), `"…"`))
}

// redactFound redacts what a DecodeError found, and returns the error.
func (c *Client) redactFound(err *DecodeError) *DecodeError {
	err.Found = c.redact(err.Found)
	return err
}
