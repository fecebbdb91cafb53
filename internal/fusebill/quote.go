package fusebill

import (
	"html"
	"net/url"
	"strings"
	"unicode"
)

// maxQuoteRunes is how much of a text from the server an error shows.
const maxQuoteRunes = 200

// quotedError is an error whose text may hold some of the server's, made fit to
// be shown.
type quotedError struct {
	error
	text string
}

func (e quotedError) Error() string { return e.text }
func (e quotedError) Unwrap() error { return e.error }

// keyForms are the forms in which a server might echo the key.
func (c *Client) keyForms() []string {
	key := c.config.Key
	if key == "" {
		return nil
	}
	return []string{key, url.QueryEscape(key), url.PathEscape(key), html.EscapeString(key)}
}

// quote makes a text from the server fit for an error: the key is struck out in
// all its forms, what cannot be printed becomes a
// space, runs of space become one, and a long text is cut.
func (c *Client) quote(text string) string {
	for _, form := range c.keyForms() {
		text = strings.ReplaceAll(text, form, "***")
	}
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > maxQuoteRunes {
		return string(runes[:maxQuoteRunes]) + "…"
	}
	return string(runes)
}
