// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"strings"
	"testing"
)

func TestParseKey(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ in, want string }{
		"as it is":         {"MDpzZWNyZXQ=", "MDpzZWNyZXQ="},
		"space around":     {" \t MDpzZWNyZXQ= \r\n", "MDpzZWNyZXQ="},
		"pasted scheme":    {"Basic MDpzZWNyZXQ=", "MDpzZWNyZXQ="},
		"scheme and space": {"  basic   MDpzZWNyZXQ=\n", "MDpzZWNyZXQ="},
		"not base64":       {"an-old-key!{}", "an-old-key!{}"},
		"begins like it":   {"Basically", "Basically"},
		"space inside":     {"an old key", "an old key"},
		"last character":   {"~", "~"},
		"empty":            {"", ""},
		"only space":       {" \n", ""},
		"only the scheme":  {"Basic ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseKey(test.in)
			if err != nil || got != test.want {
				t.Errorf("ParseKey(%q) = %q, %v; want %q", test.in, got, err, test.want)
			}
		})
	}
}

func TestParseKey_refusesWithoutQuoting(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"newline":        "hidden-part\nother-part",
		"header smuggle": "hidden-part\r\nX-Other: other-part",
		"tab":            "hidden-part\tother-part",
		"NUL":            "hidden-part\x00other-part",
		"DEL":            "hidden-part\x7fother-part",
		"escape":         "hidden-part\x1b[2Jother-part",
		"smart quote":    "hidden-part”other-part",
		"zero width":     "hidden-part\u200bother-part",
		"invalid UTF-8":  "hidden-part\xffother-part",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, err := ParseKey(in)
			if err == nil {
				t.Fatalf("ParseKey(%q) = %q, want an error", in, key)
			}
			if key != "" || strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "other") {
				t.Errorf("ParseKey(%q) = %q, %q: the key shows", in, key, err)
			}
			if want := "character 12 "; !strings.Contains(err.Error(), want) {
				t.Errorf("ParseKey(%q) fails with %q, want it to say %q", in, err, want)
			}
		})
	}
}

func TestParseKey_refusesFirstCharacter(t *testing.T) {
	t.Parallel()
	const want = "character 1 is not allowed in an HTTP header; the key must be a single line of printable ASCII characters"
	if key, err := ParseKey("”key"); key != "" || err == nil || err.Error() != want {
		t.Errorf("ParseKey = %q, %v; want the error %q", key, err, want)
	}
}

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://secure.fusebill.com/v1":        "https://secure.fusebill.com/v1",
		"https://secure.fusebill.com":           "https://secure.fusebill.com/v1",
		"https://secure.fusebill.com/":          "https://secure.fusebill.com/v1",
		"https://secure.fusebill.com/v1//":      "https://secure.fusebill.com/v1",
		"HTTPS://proxy.example.com:8443/a/b":    "https://proxy.example.com:8443/a/b/v1",
		"https://proxy.example.com/a/apiv1":     "https://proxy.example.com/a/apiv1/v1",
		"https://proxy.example.com/a%2Fb/v1":    "https://proxy.example.com/a%2Fb/v1",
		"http://127.0.0.1:8080":                 "http://127.0.0.1:8080/v1",
		"http://127.8.9.10:8080/v1":             "http://127.8.9.10:8080/v1",
		"http://[::1]:8080":                     "http://[::1]:8080/v1",
		"http://localhost":                      "http://localhost/v1",
		"http://LocalHost:1":                    "http://LocalHost:1/v1",
		"https://[2001:db8::1]/v1":              "https://[2001:db8::1]/v1",
		"https://xn--bcher-kva.example/x/../v1": "https://xn--bcher-kva.example/v1",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			got, err := ParseBaseURL(in)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != want {
				t.Errorf("ParseBaseURL(%q) = %q, want %q", in, got, want)
			}
			if path := got.JoinPath("customers/1").Path; !strings.HasPrefix(path, "/") {
				t.Errorf("the path %q under %q is not absolute", path, in)
			}
		})
	}
}

func TestParseBaseURL_refuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"http://secure.fusebill.com/v1":                 "unencrypted",
		"http://127.0.0.1.example.com":                  "unencrypted",
		"http://localhost.example.com":                  "unencrypted",
		"http://10.0.0.1":                               "unencrypted",
		"http://0.0.0.0":                                "unencrypted",
		"http://127.1":                                  "unencrypted",
		"ftp://secure.fusebill.com":                     `must have the scheme https, got "ftp"`,
		"//secure.fusebill.com/v1":                      "must have the scheme https",
		"secure.fusebill.com/v1":                        "must contain a host",
		"secure.fusebill.com:443/v1":                    "must be a valid URL",
		"https:secure.fusebill.com":                     "must be a valid URL",
		"https://":                                      "must contain a host",
		"https://:8443":                                 "must contain a host",
		"https:///v1":                                   "must contain a host",
		"https://user:hunter2@secure.fusebill.com/v1":   "user name or password",
		"https://hunter2@secure.fusebill.com/v1":        "user name or password",
		"http://user:hunter2@127.0.0.1/v1":              "user name or password",
		"https://user:hunter2/x@secure.fusebill.com":    "must be a valid URL",
		"https://secure.fusebill.com/v1?key=hunter2":    "query",
		"https://secure.fusebill.com/v1?":               "query",
		"https://secure.fusebill.com/v1#hunter2":        "fragment",
		"https://secure.fusebill.com/v1#":               "fragment",
		"https://secure.fusebill.com:hunter2/v1":        "must be a valid URL",
		"https://secure.fusebill.com/%zz":               "must be a valid URL",
		" https://secure.fusebill.com":                  "must be a valid URL",
		"https://secure.fusebill.com/v1\n":              "must be a valid URL",
		"https://secure.fusebill.com\r\nX-Key: hunter2": "must be a valid URL",
		"": "must contain a host",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			got, err := ParseBaseURL(in)
			if err == nil {
				t.Fatalf("ParseBaseURL(%q) = %q, want an error", in, got)
			}
			if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("ParseBaseURL(%q) fails with %q, want it to say %q and no secret", in, err, want)
			}
		})
	}
}

func TestParseEnvironment(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"production": "https://secure.fusebill.com/v1",
		"staging":    "https://stg-secure.fusebill.com/v1",
	} {
		environment, err := ParseEnvironment(name)
		if err != nil || environment.BaseURL().String() != want {
			t.Errorf("ParseEnvironment(%q) is at %q, %v; want %q", name, environment.BaseURL(), err, want)
		}
	}
	for name, want := range map[string]string{
		"sandbox":    `accounts are in "production"`,
		"testdrive":  `accounts are in "production"`,
		"Production": `must be "production" or "staging"`,
		"":           `must be "production" or "staging"`,
	} {
		_, err := ParseEnvironment(name)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseEnvironment(%q) fails with %v, want it to say %q", name, err, want)
		}
	}
}
