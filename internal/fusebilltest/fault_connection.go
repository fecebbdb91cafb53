// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// connectionFaults are responses that end early, late, or never.
var connectionFaults = map[string]http.HandlerFunc{
	"cut":     cut("1000"),
	"chunked": cut(""),
	"close":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	"hang":    func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	"hang-body": func(w http.ResponseWriter, r *http.Request) {
		writePart(w, r)
		<-r.Context().Done()
	},
	"slow": func(w http.ResponseWriter, r *http.Request) {
		if wait(r, 2*time.Second) {
			rewritten(nil, unchanged)(w, r)
		}
	},
	"trickle": trickle,
	"endless": func(w http.ResponseWriter, r *http.Request) { writeEndless(w, r) },
	"bomb": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		compressed := gzip.NewWriter(w)
		writeEndless(compressed, r)
		_ = compressed.Close() // Fails if the client has closed the connection.
	},
	"huge-header":  padded(11 << 20), // More than the 10 MiB that net/http accepts by default.
	"large-header": padded(64 << 10),
	"not-http":     notHTTP,
}

// wait waits and reports whether the request's context has not ended.
func wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// writePart sends the first part of an overview.
func writePart(w http.ResponseWriter, r *http.Request) {
	_, _ = fmt.Fprintf(w, `{"id": %d, "status": "Act`, pathID(r)) // Fails if the client has closed the connection.
	_ = http.NewResponseController(w).Flush()                     // Fails for the same reason.
}

// cut ends the connection in the middle of a response with or without a
// Content-Length.
func cut(contentLength string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if contentLength != "" {
			w.Header().Set("Content-Length", contentLength)
		}
		writePart(w, r)
		panic(http.ErrAbortHandler)
	}
}

// trickle sends the genuine body in 20 parts, one every 200 ms.
func trickle(w http.ResponseWriter, r *http.Request) {
	status, body := genuineResponse(w, r)
	w.WriteHeader(status)
	for i := range 20 {
		part := body[i*len(body)/20 : (i+1)*len(body)/20]
		if _, err := w.Write(part); err != nil || !wait(r, 200*time.Millisecond) {
			return
		}
		_ = http.NewResponseController(w).Flush() // The next Write reports the error.
	}
}

// writeEndless writes 4 GiB of white space, unless the client ends the request.
func writeEndless(w io.Writer, r *http.Request) {
	chunk := strings.Repeat(" ", 1<<20)
	for range 4 << 10 {
		if _, err := io.WriteString(w, chunk); err != nil || r.Context().Err() != nil {
			return
		}
	}
}

// padded responds with the genuine response and a header of size bytes.
func padded(size int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rewritten(http.Header{"X-Padding": {strings.Repeat("x", size)}}, unchanged)(w, r)
	}
}

// notHTTP responds with text that is not HTTP. On HTTP/2 it resets the stream.
func notHTTP(w http.ResponseWriter, _ *http.Request) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_, _ = io.WriteString(connection, "SSH-2.0-OpenSSH_9.6\r\n") // Fails if the client has closed the connection.
	_ = connection.Close()
}
