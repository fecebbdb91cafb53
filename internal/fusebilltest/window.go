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
		header.Set("X-Rate-Limit-Reset-"+w.name, w.reset.UTC().Format(time.RFC3339Nano))
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
