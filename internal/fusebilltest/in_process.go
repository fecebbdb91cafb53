// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
)

// InProcess returns an [http.RoundTripper] that calls handler without a network,
// for bubbles of package testing/synctest. The body streams. When the request's
// context ends, the request fails with the context's error. A handler that
// panics breaks the connection. InProcess does not decompress bodies and drops
// informational responses.
func InProcess(handler http.Handler) http.RoundTripper { return inProcess{handler} }

type inProcess struct{ handler http.Handler }

func (p inProcess) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	serverContext, cancel := context.WithCancel(ctx)
	reader, writer := io.Pipe()
	w := &pipeWriter{header: http.Header{}, body: writer, status: http.StatusOK, started: make(chan struct{})}
	aborted := make(chan struct{})
	// A pipe keeps its first error, so this does not affect a response that has ended.
	stop := context.AfterFunc(ctx, func() { _ = writer.CloseWithError(ctx.Err()) })
	go func() {
		defer stop()
		isAborted := serveRecovering(p.handler, w, serverRequest(serverContext, request))
		switch {
		case ctx.Err() != nil:
			_ = writer.CloseWithError(ctx.Err())
		case isAborted:
			_ = writer.CloseWithError(io.ErrUnexpectedEOF)
			close(aborted)
		default:
			w.start()
			_ = writer.Close()
		}
	}()

	select {
	case <-w.started:
		return w.response(request, &cancelingBody{ReadCloser: reader, cancel: cancel}), nil
	case <-aborted:
		cancel()
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	case <-ctx.Done():
		cancel()
		return nil, ctx.Err()
	}
}

// serverRequest returns the request as a handler sees it.
func serverRequest(ctx context.Context, request *http.Request) *http.Request {
	r := request.Clone(ctx)
	r.RequestURI = r.URL.RequestURI()
	r.RemoteAddr = "192.0.2.1:1234" // An address for documentation, as in net/http/httptest.
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	return r
}

// serveRecovering calls handler and reports whether it has panicked.
func serveRecovering(handler http.Handler, w http.ResponseWriter, r *http.Request) (isAborted bool) {
	defer func() { isAborted = recover() != nil }()
	handler.ServeHTTP(w, r)
	return false
}

// cancelingBody is a body. Close cancels the handler's context.
type cancelingBody struct {
	io.ReadCloser

	cancel context.CancelFunc
}

func (b *cancelingBody) Close() error {
	b.cancel()
	return b.ReadCloser.Close()
}

// pipeWriter is an [http.ResponseWriter] that writes the body to a pipe. The
// response starts with the first byte of the body, with Flush, or when the handler
// ends. Until then, the handler can abort it.
type pipeWriter struct {
	header http.Header
	body   *io.PipeWriter
	status int
	sent   http.Header // Is nil before WriteHeader.

	once    sync.Once
	started chan struct{}
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	if status >= 200 && w.sent == nil {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *pipeWriter) Write(p []byte) (int, error) {
	if w.sent == nil && w.header.Get("Content-Type") == "" {
		w.header.Set("Content-Type", http.DetectContentType(p))
	}
	w.WriteHeader(http.StatusOK)
	if len(p) == 0 {
		return 0, nil // A pipe would wait for a reader.
	}
	w.start()
	return w.body.Write(p)
}

// Flush starts the response. Write does not buffer.
func (w *pipeWriter) Flush() { w.start() }

func (w *pipeWriter) start() {
	w.WriteHeader(http.StatusOK)
	w.once.Do(func() { close(w.started) })
}

func (w *pipeWriter) response(request *http.Request, body io.ReadCloser) *http.Response {
	length, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64)
	if err != nil {
		length = -1
	}
	return &http.Response{
		Status:        strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode:    w.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        w.sent,
		Body:          body,
		ContentLength: length,
		Request:       request,
	}
}
