// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"
)

// requestLog writes a line for each request and for each response of a handler.
type requestLog struct {
	handler http.Handler

	mu     sync.Mutex
	output io.Writer
}

func (l *requestLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.print("request %s %s", r.Method, r.URL.RequestURI())
	recorder := &statusRecorder{ResponseWriter: w}
	defer func() { l.print("response %d %s %s", recorder.status, r.Method, r.URL.RequestURI()) }()
	l.handler.ServeHTTP(recorder, r)
}

func (l *requestLog) print(format string, values ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = fmt.Fprintf(l.output, format+"\n", values...) // The log is not part of the API.
}

// statusRecorder records the final status code. It is 0 without a response.
type statusRecorder struct {
	http.ResponseWriter

	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	if status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap returns the underlying writer for [http.ResponseController].
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
