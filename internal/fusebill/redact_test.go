// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// echoes are the forms in which a server can echo testKey.
func echoes() []string {
	unpadded := strings.TrimRight(testKey, "=")
	percent := func(key string) string {
		var text strings.Builder
		for _, char := range []byte(key) {
			fmt.Fprintf(&text, "%%%02x", char)
		}
		return text.String()
	}
	forms := []string{testSecret, url.QueryEscape(testSecret), html.EscapeString(testSecret)}
	for _, key := range []string{testKey, unpadded} {
		forms = append(forms,
			key, url.QueryEscape(key), url.PathEscape(key), html.EscapeString(key), url.QueryEscape(url.QueryEscape(key)),
			strings.ToLower(url.QueryEscape(key)), // As .NET's HttpUtility.UrlEncode, with hexadecimal digits in lower case.
			percent(key), strings.ToUpper(percent(key)), strings.ToLower(key),
			strings.NewReplacer("+", "-", "/", "_").Replace(key),
			strings.ReplaceAll(key, "+", " "),
		)
		for _, plus := range []string{"+", `\u002B`, `\u002b`, "&#x2B;", "&#x2b;", "&#43;", "&#043;", "&plus;", "&amp;#43;", "%2B", "%2b"} {
			for _, slash := range []string{"/", `\/`, `\\/`, "%2F", "%2f", "&#47;", "&#x2F;", "&sol;"} {
				for _, equals := range []string{"=", "%3D", "%3d", "&#61;", "&#x3d;", `\u003D`, `\u003d`, ""} {
					forms = append(forms, strings.NewReplacer("+", plus, "/", slash, "=", equals).Replace(key))
				}
			}
		}
	}
	return forms
}

// Every form of the key is replaced, and nothing of it is left.
func TestClient_redact(t *testing.T) {
	t.Parallel()
	if decoded, err := base64.StdEncoding.DecodeString(testKey); err != nil || string(decoded) != "0:"+testSecret ||
		!strings.Contains(testKey, "+") || !strings.Contains(testKey, "/") || !strings.HasSuffix(testKey, "=") {
		t.Fatalf("the key decodes to %q, with error %v", decoded, err)
	}
	client := &Client{config: Config{Key: testKey}, keyPattern: keyPattern(testKey)}
	for _, form := range echoes() {
		if got, want := client.redact("the key "+form+" is wrong"), "the key *** is wrong"; got != want {
			t.Errorf("redact with the form %q = %q, want %q", form, got, want)
		}
	}
	for text, want := range map[string]string{
		"":                      "",
		"MDp+L3Rlc3Q":           "MDp+L3Rlc3Q",
		" a \t\n b\x00c\u200b ": "a b c",
		"50%25 of a=b & c+d/e":  "50%25 of a=b & c+d/e",
	} {
		if got := client.redact(text); got != want {
			t.Errorf("redact(%q) = %q, want %q", text, got, want)
		}
	}
}

// A key that is not base64, or so short that it is in many texts.
func TestClient_redact_otherKeys(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"an-old-key!{}":    "got *** and abc, a, and",
		"old-":             "got an-***key!{} and abc, a, and",
		"abc":              "got an-old-key!{} and abc, a, and",
		"":                 "got an-old-key!{} and abc, a, and",
		"====":             "got an-old-key!{} and abc, a, and",
		"[(*+?.$^|\\":      "got an-old-key!{} and abc, a, and",
		"got an-old-key!{": "***} and abc, a, and",
	} {
		client := &Client{config: Config{Key: key}, keyPattern: keyPattern(key)}
		if got := client.redact("got an-old-key!{} and abc, a, and"); got != want {
			t.Errorf("with the key %q redact = %q, want %q", key, got, want)
		}
		if got := client.redact("x" + key + "x"); len(key) > 4 && strings.Contains(got, key) {
			t.Errorf("with the key %q redact = %q", key, got)
		}
	}
}

// A key at the end of the text that is shown, or of the text that is searched, is not cut in two.
func TestClient_redact_cut(t *testing.T) {
	t.Parallel()
	client := &Client{config: Config{Key: testKey}, keyPattern: keyPattern(testKey)}
	for _, filler := range []string{"x", "x ", "  "} {
		for length := 0; length < 2*maxTextRunes; length += 23 {
			for _, before := range []int{length, 32*maxTextRunes - 2*maxTextRunes + length, 32*maxTextRunes +
				12*len(testKey) - 2*maxTextRunes + length} {
				text := strings.Repeat(filler, before/len(filler)) + testKey + strings.Repeat("y", maxTextRunes)
				if got := client.redact(text); strings.Contains(got, testKey[:6]) || len([]rune(got)) > maxTextRunes+1 {
					t.Fatalf("with the key after %d bytes redact = %q", before, got)
				}
			}
		}
	}
}

// A text of 200 characters is not cut, and white space does not count.
func TestClient_redact_length(t *testing.T) {
	t.Parallel()
	client := &Client{config: Config{Key: testKey}, keyPattern: keyPattern(testKey)}
	const shown = 32 * maxTextRunes
	searched := shown + maxEncodedRune*len(testKey)
	for text, want := range map[string]string{
		strings.Repeat("é", maxTextRunes):         strings.Repeat("é", maxTextRunes),
		strings.Repeat("é", maxTextRunes+1):       strings.Repeat("é", maxTextRunes) + "…",
		strings.Repeat(" ", searched-1) + "x":     "x",
		strings.Repeat(" ", searched) + "x":       "…",
		"x" + strings.Repeat(" ", searched) + "x": "x…",

		strings.Repeat(" ", shown-1) + "x" + strings.Repeat(" ", searched): "x…",
		strings.Repeat(" ", shown) + "x" + strings.Repeat(" ", searched):   "…",
	} {
		if got := client.redact(text); got != want {
			t.Errorf("redact of %d bytes = %q, want %q", len(text), got, want)
		}
	}
}

// A server that echoes the key finds it redacted, wherever the text ends up.
func TestClient_redactsKey(t *testing.T) {
	t.Parallel()
	all := strings.Join(echoes(), " | ")
	escaped := strings.NewReplacer("/", `\/`, "+", `\u002B`).Replace(testKey)
	for name, handler := range map[string]http.HandlerFunc{
		"envelope":         respond(500, fmt.Sprintf(`{"Errors": [{"Value": %q}]}`, all)),
		"envelope escaped": respond(500, fmt.Sprintf(`{"Errors": [{"Value": "%s"}]}`, escaped)),
		"HTML":             respond(500, "<p>"+all+"</p>"),
		"HTML link":        respond(500, `<p>Go to https://example.com/?key=`+strings.ToLower(url.QueryEscape(testKey))+`</p>`),
		"field":            respond(200, fmt.Sprintf(`{"id": 7, "isParent": %q}`, testKey)),
		"ID":               respond(200, fmt.Sprintf(`{"id": "%s"}`, escaped)),
		"body":             respond(200, all),
		"content encoding": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Encoding", testKey) },
		"content type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/"+strings.TrimRight(testKey, "="))
			_, _ = io.WriteString(w, "x")
		},
		"redirect": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://"+url.PathEscape(testKey)+".example.com/"+testKey)
			w.WriteHeader(http.StatusFound)
		},
		"status line": func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = io.WriteString(connection, "NONSENSE "+all+"\r\n\r\n")
			_ = connection.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newTestClient(t, handler).CustomerOverview(t.Context(), 7, CustomerOverviewOptions{})
			if err == nil {
				t.Fatal("got no error")
			}
			for _, form := range append(echoes(), testKey[:12], strings.ToLower(testKey[:12])) {
				if strings.Contains(err.Error(), form) {
					t.Errorf("the error has the key in the form %q: %s", form, err)
				}
			}
		})
	}
}
