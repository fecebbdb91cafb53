// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Key is the default API key of an [API]. Like the keys in the vendor's user
// interface, it is base64 text that decodes to "0:<secret>".
const Key = "MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE="

// defaultPageCap is the page size that the vendor documents as the minimum of
// the server's cap.
const defaultPageCap = 1000

// Options configure an [API]. The zero value serves the vendor's sample
// customer without latency and without rate limits.
type Options struct {
	// Key is the API key that the API accepts. Defaults to [Key].
	Key string
	// Fleet is the number of generated customers, with IDs from 1 to Fleet.
	Fleet int64
	// Latency is the delay of each response.
	Latency time.Duration
	// Minute and Day are the rate-limit windows of the account.
	Minute, Day Window
	// ResetFormat is the format of the X-Rate-Limit-Reset headers. Defaults to
	// [ResetFraction].
	ResetFormat ResetFormat
	// OmitHeaders are the names of the rate-limit headers that responses do not
	// have. See [RateLimitHeaders].
	OmitHeaders []string
	// ClockSkew is the offset of the server's clock from the machine's clock.
	ClockSkew time.Duration
	// PageCap is the maximum number of customers on a page of the list. Defaults
	// to 1000, which the vendor documents as the minimum.
	PageCap int
	// ListEnd is the form of the paging headers. Defaults to [ListEndMinusOne].
	ListEnd ListEnd
	// GoAwayEvery is the number of requests after which the server closes the
	// connection, on HTTP/2 with a GOAWAY frame. 0 means never. Requests on all
	// connections count.
	GoAwayEvery int
	// ResetEvery is the number of requests after which the server resets a
	// stream instead of sending a response, on HTTP/1.1 the connection. 0 means
	// never. A reset request does not count against the rate limit.
	ResetEvery int
}

// Window is a rate-limit window of an account. Windows are fixed: the first one
// starts with the first request, and each next one when the previous one ends.
type Window struct {
	// Limit is the number of requests that a window allows. 0 means that the
	// account has no such window and that responses do not report it.
	Limit int
	// Length is the length of a window. Defaults to one minute for
	// [Options.Minute] and to 24 hours for [Options.Day].
	Length time.Duration
}

// Validate returns an error if an option has an unknown or negative value.
func (o Options) Validate() error {
	_, resetErr := ParseResetFormat(cmp.Or(string(o.ResetFormat), string(ResetFraction)))
	_, listErr := ParseListEnd(cmp.Or(string(o.ListEnd), string(ListEndMinusOne)))
	_, omitErr := ParseRateLimitHeaders(strings.Join(o.OmitHeaders, ","))
	var rangeErr error
	if min(o.Fleet, int64(o.Minute.Limit), int64(o.Day.Limit), int64(o.PageCap), int64(o.GoAwayEvery), int64(o.ResetEvery)) < 0 ||
		min(o.Latency, o.Minute.Length, o.Day.Length) < 0 {
		rangeErr = errors.New("numbers and durations other than the clock skew must not be negative")
	}
	return errors.Join(resetErr, listErr, omitErr, rangeErr)
}

func (o Options) withDefaults() Options {
	o.Key = cmp.Or(o.Key, Key)
	o.ResetFormat = cmp.Or(o.ResetFormat, ResetFraction)
	o.ListEnd = cmp.Or(o.ListEnd, ListEndMinusOne)
	o.PageCap = cmp.Or(o.PageCap, defaultPageCap)
	o.OmitHeaders = slices.Clone(o.OmitHeaders)
	return o
}

// RateLimitHeaders returns the names of the six rate-limit headers that the
// vendor documents.
func RateLimitHeaders() []string {
	var names []string
	for _, window := range []string{"Minute", "Day"} {
		for _, kind := range []string{"Limit", "Remaining", "Reset"} {
			names = append(names, rateLimitPrefix+kind+"-"+window)
		}
	}
	return names
}

// ParseRateLimitHeaders parses names of rate-limit headers that are separated by
// commas. It ignores case, as HTTP does, and returns the canonical names.
func ParseRateLimitHeaders(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	var names []string
	for name := range strings.SplitSeq(text, ",") {
		canonical := http.CanonicalHeaderKey(strings.TrimSpace(name))
		if !slices.Contains(RateLimitHeaders(), canonical) {
			return nil, fmt.Errorf("unknown rate-limit header %q: must be one of %s", name, strings.Join(RateLimitHeaders(), ", "))
		}
		names = append(names, canonical)
	}
	return names, nil
}

// parseName returns the value of known that is spelled text.
func parseName[T ~string](text, kind string, known []T) (T, error) {
	if !slices.Contains(known, T(text)) {
		return "", fmt.Errorf("unknown %s %q: must be one of %s", kind, text, joinNames(known))
	}
	return T(text), nil
}

func joinNames[T ~string](names []T) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return strings.Join(texts, ", ")
}
