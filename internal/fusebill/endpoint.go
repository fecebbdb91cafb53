// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// An Environment is an installation of Fusebill with its own accounts and keys.
type Environment struct {
	// Name is the name in the configuration of the provider.
	Name string
	// StatusPage is the URL of the vendor's status page.
	StatusPage string

	baseURL string
}

// The environments that the vendor documents. Sandbox and TestDrive accounts are in Production. Staging
// has only old test environments that were opened at stg-admin.
var (
	Production = Environment{
		Name:       "production",
		StatusPage: "https://status.staxbill.com",
		baseURL:    "https://secure.fusebill.com/v1",
	}
	Staging = Environment{
		Name:       "staging",
		StatusPage: "https://stagingstatus.staxbill.com",
		baseURL:    "https://stg-secure.fusebill.com/v1",
	}
)

// ParseEnvironment returns the environment with the given name.
func ParseEnvironment(name string) (Environment, error) {
	switch name {
	case Production.Name:
		return Production, nil
	case Staging.Name:
		return Staging, nil
	case "sandbox", "testdrive":
		return Environment{}, fmt.Errorf(
			"%q is not an environment; sandbox and TestDrive accounts are in %q, and the API key selects the account", name, Production.Name)
	default:
		return Environment{}, fmt.Errorf("must be %q or %q, got %q", Production.Name, Staging.Name, name)
	}
}

// BaseURL returns the URL of the API in the environment.
func (e Environment) BaseURL() *url.URL {
	u, err := ParseBaseURL(e.baseURL)
	if err != nil {
		panic(err) // The URLs of the environments are constants.
	}
	return u
}

// ParseBaseURL parses the URL of an API, such as "https://secure.fusebill.com/v1". It adds "/v1" to a URL
// without it.
//
// The client sends the key to this URL, so the scheme must be https, or http for a loopback host. The URL
// must not contain credentials, a query, or a fragment. The error does not quote the URL, which can
// contain a password.
func ParseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Opaque != "":
		return nil, errors.New("must be a valid URL")
	case u.User != nil:
		return nil, errors.New("must not contain a user name or password; the API accepts only the API key")
	case u.Hostname() == "":
		return nil, errors.New("must contain a host, as in https://host or https://host/path")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("must have the scheme https, got %q", u.Scheme)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf(
			"must use https; http would send the API key to %s unencrypted (http is valid for loopback hosts such as 127.0.0.1)", u.Hostname())
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("must not contain a query (the part after the question mark)")
	case u.Fragment != "" || strings.HasSuffix(text, "#"):
		return nil, errors.New("must not contain a fragment (the part after the number sign)")
	}
	root := url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}
	path := strings.TrimRight(u.EscapedPath(), "/")
	return root.JoinPath(strings.TrimSuffix(path, "/v1"), "v1"), nil
}

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// ParseKey parses an API key as copied from the vendor's UI. It removes white space and a leading "Basic ".
// The result is empty if the text has no key. A character that is not allowed in a header is an error,
// which does not quote the key.
func ParseKey(text string) (string, error) {
	key := strings.TrimSpace(text)
	if scheme, rest, _ := strings.Cut(key, " "); strings.EqualFold(scheme, "Basic") {
		key = strings.TrimSpace(rest)
	}
	if i := strings.IndexFunc(key, func(r rune) bool { return r < ' ' || r > '~' }); i >= 0 {
		return "", fmt.Errorf("character %d is not allowed in an HTTP header; the key must be a single line of printable ASCII characters", i+1)
	}
	return key, nil
}
