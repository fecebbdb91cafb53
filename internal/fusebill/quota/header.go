package quota

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// kind is one of the windows that an account has, by the vendor's page on rate
// limits.
type kind struct {
	// name is what users call it; the headers end in it.
	name string
	// length is how long it lasts.
	length time.Duration
}

var kinds = [...]kind{{"minute", time.Minute}, {"day", 24 * time.Hour}}

// report is what an answer says of a window.
type report struct {
	limit, remaining int
	reset            time.Time // On the server's clock.
}

// readReport reads the three headers of a window. It is not ok where they are
// missing or make no sense.
func (k kind) readReport(header http.Header, serverNow time.Time) (r report, ok bool) {
	var errLimit, errRemaining error
	r.limit, errLimit = strconv.Atoi(strings.TrimSpace(header.Get("X-Rate-Limit-Limit-" + k.name)))
	r.remaining, errRemaining = strconv.Atoi(strings.TrimSpace(header.Get("X-Rate-Limit-Remaining-" + k.name)))
	if errLimit != nil || errRemaining != nil || r.limit <= 0 {
		return report{}, false
	}
	r.remaining = min(max(r.remaining, 0), r.limit)
	r.reset = k.parseReset(header.Get("X-Rate-Limit-Reset-"+k.name), serverNow)
	return r, true
}

// resetLayouts are forms of a timestamp. The vendor does not document which one
// Reset has. A fraction of a second is taken with each.
var resetLayouts = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", http.TimeFormat, time.RFC1123Z}

// parseReset reads the time of a window's end: RFC 3339 with or without a zone or
// a fraction, RFC 1123, or seconds since 1970. Where it is none of these, or not
// the end of a window that is open now, the window is taken to end with the
// clock's minute or the day in UTC.
func (k kind) parseReset(text string, serverNow time.Time) time.Time {
	text = strings.TrimSpace(text)
	var reset time.Time
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if seconds > 0 && seconds < 1e11 {
			reset = time.UnixMicro(int64(seconds * 1e6)).UTC()
		}
	} else {
		for _, layout := range resetLayouts {
			if t, err := time.Parse(layout, text); err == nil {
				reset = t.UTC()
				break
			}
		}
	}
	// Dates have whole seconds, so a window that ends now may seem to be longer.
	if reset.Before(serverNow) || reset.After(serverNow.Add(k.length+time.Second)) {
		return serverNow.Truncate(k.length).Add(k.length)
	}
	return reset
}

// RetryAfter reads how long the header of that name asks to wait: seconds or an
// HTTP date (RFC 9110, section 10.2.3), measured against the Date header where
// there is one. It is 0 where nothing is asked.
func RetryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return max(until.Sub(now), 0)
}
