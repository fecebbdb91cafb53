// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
)

// encodingFaults are responses with a wrong or unrequested Content-Encoding.
// "gzip" and "encoding-identity" are correct responses.
// https://www.rfc-editor.org/rfc/rfc9110#section-8.4
var encodingFaults = map[string]http.HandlerFunc{
	"gzip":              encoded("gzip", compressGzip),
	"gzip-header-only":  encoded("gzip", unchanged),
	"gzip-no-header":    encoded("", compressGzip),
	"gzip-twice":        encoded("gzip", func(body []byte) []byte { return compressGzip(compressGzip(body)) }),
	"gzip-twice-listed": encoded("gzip, gzip", func(body []byte) []byte { return compressGzip(compressGzip(body)) }),
	"gzip-cut":          encoded("gzip", func(body []byte) []byte { return cutHalf(compressGzip(body)) }),
	"gzip-corrupt":      encoded("gzip", func(body []byte) []byte { return corruptGzip(compressGzip(body)) }),
	"x-gzip":            encoded("x-gzip", compressGzip),
	"encoding-deflate":  encoded("deflate", compressZlib),
	"encoding-br":       encoded("br", unreadable),
	"encoding-zstd":     encoded("zstd", unreadable),
	"encoding-identity": encoded("identity", unchanged),
}

// encoded responds with the genuine body, encoded, and a Content-Encoding.
func encoded(contentEncoding string, encode func(body []byte) []byte) http.HandlerFunc {
	header := http.Header{}
	if contentEncoding != "" {
		header.Set("Content-Encoding", contentEncoding)
	}
	return rewritten(header, encode)
}

func compressGzip(body []byte) []byte {
	var buffer bytes.Buffer
	return compress(gzip.NewWriter(&buffer), &buffer, body)
}

func compressZlib(body []byte) []byte {
	var buffer bytes.Buffer
	return compress(zlib.NewWriter(&buffer), &buffer, body)
}

func compress(w io.WriteCloser, buffer *bytes.Buffer, body []byte) []byte {
	_, writeErr := w.Write(body)
	if closeErr := w.Close(); writeErr != nil || closeErr != nil {
		panic("fusebilltest: writing to memory failed")
	}
	return buffer.Bytes()
}

func cutHalf(body []byte) []byte { return body[:len(body)/2] }

// corruptGzip changes the checksum, which is in the last eight bytes.
// https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1
func corruptGzip(body []byte) []byte {
	body[len(body)-8] ^= 0xff
	return body
}

// unreadable represents the bytes of an encoding that the standard library does
// not have. They are neither text nor a gzip header.
func unreadable(body []byte) []byte {
	for i := range body {
		body[i] ^= 0xa5
	}
	return body
}
