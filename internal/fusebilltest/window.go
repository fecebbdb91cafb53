package fusebilltest

import (
	"net/http"
	"strconv"
	"time"
)

// window is a [Window] at work.
type window struct {
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
	a.windows = append(a.windows, &window{Window: w, name: name})
}

// ResetFormats are the forms in which the end of a window can be told. The vendor
// does not document which one it is.
var ResetFormats = map[string]func(time.Time) string{
	"fraction": func(t time.Time) string { return t.Format(time.RFC3339Nano) },
	"rfc3339":  func(t time.Time) string { return t.Format(time.RFC3339) },
	"no-zone":  func(t time.Time) string { return t.Format("2006-01-02T15:04:05.0000000") },
	"epoch":    func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) },
	"rfc1123":  func(t time.Time) string { return t.Format(http.TimeFormat) },
	"none":     func(time.Time) string { return "" },
	"garbage":  func(time.Time) string { return "soon" },
}

func (a *API) formatReset(reset time.Time) string {
	name := a.options.ResetFormat
	if name == "" {
		name = "fraction"
	}
	return ResetFormats[name](reset.UTC())
}

// takeFromWindows spends one request of every window, unless one has none left,
// which is returned then. Either way it writes the documented headers.
func (a *API) takeFromWindows(header http.Header, now time.Time) (exhausted *window) {
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
		header.Set("X-Rate-Limit-Limit-"+w.name, strconv.Itoa(w.Limit))
		header.Set("X-Rate-Limit-Remaining-"+w.name, strconv.Itoa(w.Limit-w.used))
		header.Set("X-Rate-Limit-Reset-"+w.name, a.formatReset(w.reset))
	}
	return exhausted
}

// roll opens the window that now lies in.
func (w *window) roll(now time.Time) {
	switch {
	case w.reset.IsZero():
		w.reset = now.Add(w.Length)
	case !now.Before(w.reset):
		w.reset = now.Add(w.Length - now.Sub(w.reset)%w.Length)
		w.used = 0
	}
}
