// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// windowKind is one of the two windows that the vendor documents for an account:
// https://developer.fusebill.com/reference.
type windowKind struct {
	// name is the name that users see.
	name string
	// length is the length of the window.
	length time.Duration
	// limit, remaining, and reset are names of response headers.
	limit, remaining, reset string
}

const (
	minute = iota
	day
)

// kinds has the two kinds of window, at the indexes minute and day.
var kinds = [...]windowKind{
	minute: {
		name:      "minute",
		length:    time.Minute,
		limit:     "X-Rate-Limit-Limit-Minute",
		remaining: "X-Rate-Limit-Remaining-Minute",
		reset:     "X-Rate-Limit-Reset-Minute",
	},
	day: {
		name:      "day",
		length:    24 * time.Hour,
		limit:     "X-Rate-Limit-Limit-Day",
		remaining: "X-Rate-Limit-Remaining-Day",
		reset:     "X-Rate-Limit-Reset-Day",
	},
}

// Remaining returns the remaining requests of the minute and the day as the response
// header states them, or "" for a window that it does not state. They are for logs.
func Remaining(header http.Header) (perMinute, perDay string) {
	return header.Get(kinds[minute].remaining), header.Get(kinds[day].remaining)
}

// statesLimits reports whether a response has any rate-limit header, and therefore is one of the account.
func statesLimits(header http.Header) bool {
	return slices.ContainsFunc(kinds[:], func(k windowKind) bool {
		return header.Get(k.limit)+header.Get(k.remaining)+header.Get(k.reset) != ""
	})
}

// windowStatus is the status of a window according to one response.
type windowStatus struct {
	// limit is the number of requests in the window, or 0 if the response does not state it.
	limit int
	// remaining is the number of requests that the window still allows.
	remaining int
	// reset is the end of the window on the server's clock. isGuess is whether it is a guess, because the
	// response does not state it.
	reset   time.Time
	isGuess bool
}

// status returns the status of the window. It is not ok if the response does not state
// the remaining requests, without which the other two headers have no meaning.
func (k windowKind) status(header http.Header, serverNow time.Time) (s windowStatus, ok bool) {
	remaining, err := strconv.Atoi(strings.TrimSpace(header.Get(k.remaining)))
	if err != nil {
		return windowStatus{}, false
	}
	s.remaining = max(remaining, 0)
	if limit, err := strconv.Atoi(strings.TrimSpace(header.Get(k.limit))); err == nil && limit > 0 {
		s.limit = limit
		s.remaining = min(s.remaining, limit)
	}
	s.reset, s.isGuess = k.resetAfter(header, serverNow)
	return s, true
}

// crossing is the longest time between the reset of a window and a response of that window. A reset that
// is further in the past is not that of the window, for example because it is in another time zone.
const crossing = time.Minute

// resetAfter returns the reset that the header states. If the header does not state the end of a window
// that is open at serverNow or has ended since the request, it guesses the end of the clock's minute or of
// the UTC day.
func (k windowKind) resetAfter(header http.Header, serverNow time.Time) (reset time.Time, isGuess bool) {
	reset, ok := parseReset(header.Get(k.reset))
	// The Date header, from which serverNow is taken, has whole seconds. A window can
	// therefore seem up to a second longer than it is.
	if !ok || !reset.After(serverNow.Add(-crossing)) || reset.After(serverNow.Add(k.length+time.Second)) {
		return serverNow.Truncate(k.length).Add(k.length), true
	}
	return reset, false
}

// resetLayouts are the accepted layouts of a reset, each with or without a fraction of a
// second. The vendor does not document the layout.
var resetLayouts = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", http.TimeFormat, time.RFC1123Z}

// parseReset parses RFC 3339 with or without a zone, RFC 1123, or seconds since 1970.
func parseReset(text string) (reset time.Time, ok bool) {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		return time.UnixMicro(int64(seconds * 1e6)).UTC(), true
	}
	for _, layout := range resetLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// MaxRetryAfter is the longest wait that [RetryAfter] returns, about 73 years. A multiple
// of it by four still is a [time.Duration].
const MaxRetryAfter time.Duration = math.MaxInt64 / 4

// RetryAfter returns the wait that the Retry-After header asks for, between 0 and
// [MaxRetryAfter]. The header holds seconds or a date (RFC 9110, section 10.2.3), which is
// compared with the Date header if there is one and with now otherwise. The wait is 0
// without a valid header.
func RetryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if text == "" {
		return 0
	}
	if strings.Trim(text, "0123456789") == "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seconds > int64(MaxRetryAfter/time.Second) {
			return MaxRetryAfter
		}
		return time.Duration(seconds) * time.Second
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return min(max(until.Sub(now), 0), MaxRetryAfter)
}
