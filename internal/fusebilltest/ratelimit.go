// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const rateLimitPrefix = "X-Rate-Limit-"

// ResetFormat is a format of the X-Rate-Limit-Reset headers. The vendor does not
// document which one the API uses [assumed].
type ResetFormat string

// Formats of the X-Rate-Limit-Reset headers.
const (
	// ResetFraction is RFC 3339 with a fraction.
	ResetFraction ResetFormat = "fraction"
	// ResetRFC3339 is RFC 3339 in whole seconds.
	ResetRFC3339 ResetFormat = "rfc3339"
	// ResetNoZone is RFC 3339 with a fraction of seven digits and without a zone,
	// as .NET formats a DateTime of unspecified kind.
	ResetNoZone ResetFormat = "no-zone"
	// ResetEpoch is the number of seconds since 1970.
	ResetEpoch ResetFormat = "epoch"
	// ResetRFC1123 is the format of the Date header.
	ResetRFC1123 ResetFormat = "rfc1123"
	// ResetNone is an empty value.
	ResetNone ResetFormat = "none"
	// ResetGarbage is a value that is not a time.
	ResetGarbage ResetFormat = "garbage"
)

// ResetFormats returns all reset formats.
func ResetFormats() []ResetFormat {
	return []ResetFormat{ResetFraction, ResetRFC3339, ResetNoZone, ResetEpoch, ResetRFC1123, ResetNone, ResetGarbage}
}

// ParseResetFormat parses the name of a reset format, such as "epoch".
func ParseResetFormat(name string) (ResetFormat, error) {
	return parseName(name, "reset format", ResetFormats())
}

// format returns t in the format f.
func (f ResetFormat) format(t time.Time) string {
	t = t.UTC()
	switch f {
	case ResetRFC3339:
		return t.Format(time.RFC3339)
	case ResetNoZone:
		return t.Format("2006-01-02T15:04:05.0000000")
	case ResetEpoch:
		return strconv.FormatInt(t.Unix(), 10)
	case ResetRFC1123:
		return t.Format(http.TimeFormat)
	case ResetNone:
		return ""
	case ResetGarbage:
		return "soon"
	default:
		return t.Format(time.RFC3339Nano)
	}
}

// windowState is the state of a [Window].
type windowState struct {
	Window
	name  string
	reset time.Time
	used  int
}

func (a *API) addWindow(name string, length time.Duration, w Window) {
	if w.Limit == 0 {
		return
	}
	if w.Length == 0 {
		w.Length = length
	}
	a.windows = append(a.windows, &windowState{Window: w, name: name})
}

// takeFromWindows counts a request in every window. If a window is exhausted, it
// counts nothing and returns that window. In both cases it sets the rate-limit
// headers.
func (a *API) takeFromWindows(header http.Header, now time.Time) (exhausted *windowState) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range a.windows {
		w.roll(now)
		if w.used >= w.Limit {
			exhausted = w
		}
	}
	for _, w := range a.windows {
		if exhausted == nil {
			w.used++
		}
		a.setRateLimitHeader(header, "Limit-"+w.name, strconv.Itoa(w.Limit))
		a.setRateLimitHeader(header, "Remaining-"+w.name, strconv.Itoa(w.Limit-w.used))
		a.setRateLimitHeader(header, "Reset-"+w.name, a.options.ResetFormat.format(w.reset))
	}
	return exhausted
}

func (a *API) setRateLimitHeader(header http.Header, name, value string) {
	isName := func(omitted string) bool { return strings.EqualFold(omitted, rateLimitPrefix+name) }
	if !slices.ContainsFunc(a.options.OmitHeaders, isName) {
		header.Set(rateLimitPrefix+name, value)
	}
}

// roll starts the window that contains now.
func (w *windowState) roll(now time.Time) {
	switch {
	case w.reset.IsZero():
		w.reset = now.Add(w.Length)
	case !now.Before(w.reset):
		w.reset = now.Add(w.Length - now.Sub(w.reset)%w.Length)
		w.used = 0
	}
}

// removeRateLimitHeaders removes the rate-limit headers, which a gateway does
// not send.
func removeRateLimitHeaders(header http.Header) {
	for name := range header {
		if strings.HasPrefix(name, rateLimitPrefix) {
			header.Del(name)
		}
	}
}
