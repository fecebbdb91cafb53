package fusebill

import (
	"bytes"
	"encoding/base64"
	"html"
	"net/url"
	"slices"
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

// keyForms gives the forms in which a server might echo a key: as it is, as URLs, HTML
// and JSON write it, and decoded, which is as good as the key.
func keyForms(key string) []string {
	forms := []string{url.QueryEscape(key), url.PathEscape(key), html.EscapeString(key)}
	for _, plus := range []string{"+", `\u002B`, `\u002b`, "&#x2B;", "&#43;"} {
		for _, slash := range []string{"/", `\/`} {
			forms = append(forms, strings.NewReplacer("+", plus, "/", slash).Replace(key))
		}
	}
	if decoded, err := base64.StdEncoding.DecodeString(key); err == nil && len(decoded) > 0 {
		forms = append(forms, string(decoded), string(bytes.TrimPrefix(decoded, []byte("0:"))))
	}
	return slices.DeleteFunc(forms, func(form string) bool { return len(form) < minKeyForm })
}

// minKeyForm is the length below which a form of the key is not struck out: it would
// be found in half of all texts.
const minKeyForm = 4

// quote makes a text from the server fit for an error: the key is struck out in all
// its forms, what cannot be printed becomes a space, runs of space become one, and a
// long text is cut.
func (c *Client) quote(text string) string {
	// A page of the list may have megabytes, of which only the beginning is shown. Where
	// it is cut, a part of the key could be left, which is cut off with it.
	const enough = 32 * maxQuoteRunes
	longest := 0
	for _, form := range c.keyForms {
		longest = max(longest, len(form))
	}
	cut := len(text) > enough+longest
	if cut {
		text = text[:enough+longest]
	}
	for _, form := range c.keyForms {
		text = strings.ReplaceAll(text, form, "***")
	}
	if cut {
		text = strings.ToValidUTF8(text[:max(0, len(text)-longest)], "")
	}
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if cut || len(runes) > maxQuoteRunes {
		return string(runes[:min(len(runes), maxQuoteRunes)]) + "…"
	}
	return string(runes)
}
