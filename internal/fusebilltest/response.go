// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

const jsonType = "application/json; charset=utf-8"

// responseWriter is the [http.ResponseWriter] of a request to an [API]. It
// records the final status code.
type responseWriter struct {
	http.ResponseWriter

	record  func(status int)
	wrote   bool
	genuine http.HandlerFunc // Responds as if no fault were injected; nil without a fault.
}

// WriteHeader records and sends the status code. Informational responses are
// sent only: https://www.rfc-editor.org/rfc/rfc9110#section-15.2
func (w *responseWriter) WriteHeader(status int) {
	if status >= 200 && !w.wrote {
		w.wrote = true
		w.record(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *responseWriter) Write(p []byte) (int, error) {
	if !w.wrote {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap returns the underlying writer for [http.ResponseController].
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// genuineResponse returns the status code and body of the response that the API
// sends without the fault. It sets the response's headers on w. Outside an [API]
// it returns the overview that [Generate] returns.
func genuineResponse(w http.ResponseWriter, r *http.Request) (status int, body []byte) {
	buffer := &bufferedResponse{header: w.Header(), status: http.StatusOK}
	if response, ok := w.(*responseWriter); ok && response.genuine != nil {
		response.genuine(buffer, r)
	} else {
		writeJSON(buffer, http.StatusOK, Generate(pathID(r)))
	}
	return buffer.status, bytes.TrimSuffix(buffer.body.Bytes(), []byte("\n"))
}

// bufferedResponse is an [http.ResponseWriter] that keeps the body in memory.
type bufferedResponse struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *bufferedResponse) Header() http.Header         { return b.header }
func (b *bufferedResponse) WriteHeader(status int)      { b.status = status }
func (b *bufferedResponse) Write(p []byte) (int, error) { return b.body.Write(p) }

// writeError responds with the documented error envelope.
func writeError(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, errorEnvelope(status, message))
}

// envelope is the error envelope that the vendor documents for
// https://secure.fusebill.com/v1/customers/{id}/overview
type envelope struct {
	ErrorID        int `json:"ErrorId"`
	HTTPStatusCode int `json:"HttpStatusCode"`
	Errors         []envelopeError
}

type envelopeError struct{ Key, Value string }

func errorEnvelope(status int, message string) envelope {
	return envelope{HTTPStatusCode: status, Errors: []envelopeError{{Key: "Api Error", Value: message}}}
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // A test has set a value that JSON cannot represent.
	}
	writeText(w, status, jsonType, string(text)+"\n")
}

// writeText responds with a body. A write fails only if the client has closed
// the connection, so the error is of no use to the server.
func writeText(w http.ResponseWriter, status int, contentType, body string) {
	if contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// maxQueryBytes is the default limit of IIS for the length of a query string.
// That Fusebill uses the default is [assumed].
// https://learn.microsoft.com/en-us/iis/configuration/system.webserver/security/requestfiltering/requestlimits/
const maxQueryBytes = 2048

// writeQueryTooLong responds as IIS does to a query string that is too long. IIS
// responds before the API sees the request, hence without its headers.
func writeQueryTooLong(w http.ResponseWriter) {
	writeText(w, http.StatusNotFound, "text/html", "<!DOCTYPE html><html><head><title>IIS Detailed Error - 404.15 - Not Found</title></head>"+
		"<body><h1>HTTP Error 404.15 - Not Found</h1>"+
		"<p>The request filtering module is configured to deny a request where the query string is too long.</p></body></html>")
}
