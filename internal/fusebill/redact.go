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
	// minRedactLength is the minimum length of a form of the key to redact. A shorter form would
	// match unrelated text.
	minRedactLength = 4
	// maxEncodedRune is the maximum length of one encoded character of the key.
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
			form.WriteString(encodedCharPattern(char) + `\s*`) // The key can be wrapped.
		}
		forms = append(forms, strings.TrimSuffix(form.String(), `\s*`))
	}
	if len(forms) == 0 {
		forms = []string{`\z.`} // Matches nothing.
	}
	padding := "(?:" + encodedCharPattern('=') + ")*"
	return regexp.MustCompile(`(?i)(?:` + strings.Join(forms, "|") + `)` + padding)
}

// keySecrets returns the texts that reveal the key, longest first: the key without its padding, and
// the decoded key with and without the user name "0".
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

// redact prepares a text from the server for an error. It replaces all forms of the key, replaces
// unprintable characters and runs of white space with one space, and truncates the text.
func (c *Client) redact(text string) string {
	// The text is shortened before the replacement, with a margin that avoids splitting a key.
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

// redactTransport returns the redacted text of a transport error. It also replaces quoted text,
// because net/http quotes data from the server, which can be personal.
func (c *Client) redactTransport(err error) string {
	return c.redact(quotedText.ReplaceAllString(err.Error(), `"…"`))
}

// redactFound redacts the field Found of a DecodeError, and returns the error.
func (c *Client) redactFound(err *DecodeError) *DecodeError {
	err.Found = c.redact(err.Found)
	return err
}
