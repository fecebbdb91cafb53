package fusebill

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// An Environment is a Fusebill installation with accounts and keys of its own.
type Environment struct {
	// Name is what users call it: "production" or "staging".
	Name string
	// StatusPage is where the vendor tells of its outages.
	StatusPage string

	baseURL string
}

// Environments are the installations that the vendor documents. Sandbox and
// TestDrive accounts live in production; staging holds only old test
// environments that were opened at stg-admin.
var Environments = []Environment{
	{Name: "production", StatusPage: "https://status.staxbill.com", baseURL: "https://secure.fusebill.com/v1"},
	{Name: "staging", StatusPage: "https://stagingstatus.staxbill.com", baseURL: "https://stg-secure.fusebill.com/v1"},
}

// ParseEnvironment finds an environment by its exact name.
func ParseEnvironment(name string) (Environment, error) {
	i := slices.IndexFunc(Environments, func(e Environment) bool { return e.Name == name })
	switch {
	case i >= 0:
		return Environments[i], nil
	case name == "sandbox" || name == "testdrive":
		return Environment{}, fmt.Errorf("there is no environment %q: sandbox and TestDrive accounts live in %q, and are told apart by their API key",
			name, Environments[0].Name)
	default:
		return Environment{}, fmt.Errorf("%q is neither %q nor %q", name, Environments[0].Name, Environments[1].Name)
	}
}

// BaseURL is the address under which the environment serves the API.
func (e Environment) BaseURL() *url.URL {
	u, err := ParseBaseURL(e.baseURL)
	if err != nil {
		panic(err) // The URLs of Environments are constants.
	}
	return u
}

// ParseBaseURL reads the address of an API, such as
// "https://secure.fusebill.com/v1". The "/v1" at its end may be left out.
//
// The key is sent to this address, so it must be https; http is allowed for
// loopback hosts alone. User information, a query and a fragment are refused.
// Errors never quote the text, which may hold a password.
func ParseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Opaque != "":
		return nil, errors.New("it is not a well-formed URL")
	case u.User != nil:
		return nil, errors.New("it holds a user name or password, which the API does not take; only the API key authenticates")
	case u.Hostname() == "":
		return nil, errors.New("it names no host; it looks like https://host or https://host/path")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("its scheme is %q and must be https", u.Scheme)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("http would send the API key to %s unencrypted; use https (http is for loopback hosts such as 127.0.0.1)", u.Hostname())
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("it has a query (the part after the question mark)")
	case u.Fragment != "" || strings.HasSuffix(text, "#"):
		return nil, errors.New("it has a fragment (the part after the number sign)")
	}
	root := url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}
	path := strings.TrimRight(u.EscapedPath(), "/")
	return root.JoinPath(strings.TrimSuffix(path, "/v1"), "v1"), nil
}

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// ParseKey reads an API key as it is pasted from the vendor's UI: space around
// it and a "Basic " in front are dropped. What remains goes to the API
// verbatim, and is empty where nothing was given. Characters that cannot stand
// in a header are an error, which never quotes the key.
func ParseKey(text string) (string, error) {
	key := strings.TrimSpace(text)
	if scheme, rest, _ := strings.Cut(key, " "); strings.EqualFold(scheme, "Basic") {
		key = strings.TrimSpace(rest)
	}
	if i := strings.IndexFunc(key, func(r rune) bool { return r < ' ' || r > '~' }); i >= 0 {
		return "", fmt.Errorf("its character %d cannot stand in an HTTP header: a key is printable ASCII on one line, so copy it again", i+1)
	}
	return key, nil
}
