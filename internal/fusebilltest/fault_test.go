// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// respond returns the response of a fault for customer 1 of a fleet.
func respond(t *testing.T, name string) *httptest.ResponseRecorder {
	t.Helper()
	fault, ok := Faults[name]
	if !ok {
		t.Fatalf("Faults has no %s", name)
	}
	api := New(Options{Fleet: 3, Minute: Window{Limit: 9}})
	api.InjectFault(1, 1, fault)
	return get(t, api, "/v1/customers/1/overview", authorization)
}

func TestAPI_InjectFault(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 3})
	api.InjectFault(1, 2, Faults["500"])
	api.InjectFault(0, 1, Faults["502-html"])
	api.InjectFault(3, Always, Faults["403"])
	for path, want := range map[string][]int{
		"/v1/customers/1/overview": {500, 500, 200, 200},
		"/v1/customers/2/overview": {502, 200, 200},
		"/v1/customers/3/overview": {403, 403, 403},
		"/v1/customers/4/overview": {502, 404},
		"/v1/customers":            {502, 200},
	} {
		var got []int
		for range want {
			got = append(got, get(t, api, path, authorization).Code)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestFaults_names(t *testing.T) {
	t.Parallel()
	kebab := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for name := range Faults {
		if !kebab.MatchString(name) {
			t.Errorf("%s is not in kebab-case", name)
		}
		if status, err := strconv.Atoi(strings.Split(name, "-")[0]); err == nil {
			if got := respond(t, name).Code; got != status {
				t.Errorf("%s: got status %d", name, got)
			}
		}
	}
}

// TestFaults_rateLimitHeaders asserts that the API's own responses have the
// rate-limit headers and that those of a gateway do not.
func TestFaults_rateLimitHeaders(t *testing.T) {
	t.Parallel()
	own := mergeFaults(statusFaults, bodyFaults, envelopeFaults(), encodingFaults, fieldFaults)
	foreign := mergeFaults(gatewayFaults, serverErrorFaults(), rateLimitFaults(), redirectFaults)
	delete(foreign, "early-hints")
	delete(foreign, "processing")
	wants := map[string]int{"429-day-only": 1, "429-minute-only": 1}
	for name := range own {
		wants[name] = 3
	}
	for name := range mergeFaults(own, foreign) {
		got := 0
		for header := range respond(t, name).Header() {
			if strings.HasPrefix(header, rateLimitPrefix) {
				got++
			}
		}
		if got != wants[name] {
			t.Errorf("%s: got %d rate-limit headers, want %d", name, got, wants[name])
		}
	}
}

// TestFaults_text asserts a part of the responses of some faults.
func TestFaults_text(t *testing.T) {
	t.Parallel()
	const id = `{"arBalance":1234.56,`
	for name, want := range map[string]string{
		"400-not-found":               `"HttpStatusCode":400,`,
		"404-no-status":               `{"ErrorId":3,"Errors":[]}`,
		"404-other-status":            `"HttpStatusCode":500}`,
		"404-json":                    `{"message":"no Route matched with those values"}`,
		"401-empty":                   "",
		"403-html":                    "<h1>Access Denied</h1>",
		"203":                         id,
		"206":                         id,
		"200-envelope-404":            `"HttpStatusCode":404}`,
		"200-envelope-text-status":    `"HttpStatusCode":"404"}`,
		"200-envelope-no-status":      `"Value":"CustomerOverview with id 1 not found."}]}`,
		"array":                       `[{"id": 1}]`,
		"bom":                         "\xef\xbb\xbf" + id,
		"utf16-le-bom":                "\xff\xfe{\x00\"\x00a\x00",
		"utf16-be-bom":                "\xfe\xff\x00{\x00\"\x00a",
		"utf16-le":                    "{\x00\"\x00a\x00",
		"utf16-be":                    "\x00{\x00\"\x00a",
		"prefix-angular":              ")]}',\n" + id,
		"prefix-while":                "while(1);" + id,
		"text-around":                 "OK: " + id,
		"json-string":                 `"{\"arBalance\":1234.56,`,
		"json-lines":                  "}\n" + id,
		"xml":                         "<Id>1</Id>",
		"gzip-header-only":            id,
		"encoding-identity":           id,
		"quoted-integers":             `"id":"1"`,
		"quoted-booleans":             `"isParent":"true"`,
		"quoted-booleans-pascal-case": `"isParent":"True"`,
		"quoted-decimals":             `"arBalance":"1234.56"`,
		"integers-float":              `"daysUntilSuspension":9.0`,
		"zero-time":                   `"nextBillingDate":"0001-01-01T00:00:00"`,
		"zero-time-utc":               `"statusTimestamp":"0001-01-01T00:00:00Z"`,
		"zero-time-fraction":          `"customerAccountStatusTimestamp":"0001-01-01T00:00:00.0000000"`,
		"foreign-ids-text":            `"quickbooksId":"QB-77"`,
		"foreign-ids-huge":            `"avalaraId":184467440737095516160000000001`,
		"field-quickbooks-id":         `"quickBooksId":"QB-77"`,
		"fields-pascal-case":          `"CustomerAccountStatus":"Good"`,
		"fields-upper-case":           `"CUSTOMERACCOUNTSTATUS":"Good"`,
		"field-two-cases":             `,"Status":"Hold"}`,
		"field-long-s":                `,"ſtatus":"Hold"}`,
		"invalid-utf8":                "\"companyName\":\"Caf\xe9 \xff\"",
		"wrong-types":                 `"arBalance":{"unexpected":[true]}`,
		"fields-none":                 `{"id":1}`,
		"key-verbatim":                "key MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE=.",
		"key-percent-upper":           "key MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE%3D.",
		"key-percent-lower":           "key MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE%3d.",
		"key-html":                    `key MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE\u0026#61;.`,
		"key-html-hex":                `key MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE\u0026#x3d;.`,
		"key-json":                    `key MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE\\u003d.`,
		"key-decoded":                 "key 0:simulated-secret-4711.",
		"key-secret":                  "key simulated-secret-4711.",
		"key-unpadded":                "key MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE.",
		"key-body":                    `{"id": 1, "status": ["Basic MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE="]}`,
		"key-bad-gateway":             "<h1>Bad Gateway for MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE=</h1>",
		"key-page":                    "<h1>Access Denied for MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE=</h1>",
	} {
		if got := respond(t, name).Body.String(); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: got body %q, want %q in it", name, got, want)
		}
	}
}

// TestFaults_headers asserts a header of some faults.
func TestFaults_headers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"429-day-only":             {"X-Rate-Limit-Remaining-Day", "0"},
		"429-minute-only":          {"X-Rate-Limit-Remaining-Minute", "0"},
		"429-retry-after":          {"Retry-After", "1"},
		"429-retry-after-huge":     {"Retry-After", "9999999999"},
		"429-retry-after-9999":     {"Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"},
		"503-retry-after-negative": {"Retry-After", "-1"},
		"503-retry-after-past":     {"Retry-After", "Tue, 15 Nov 1994 08:12:31 GMT"},
		"key-redirect":             {"Location", "https://login.example.com/?key=MDpzaW11bGF0ZWQtc2VjcmV0LTQ3MTE%3D"},
		"redirect-308":             {"Location", "https://login.example.com/"},
		"206":                      {"Content-Range", "bytes 0-99/1000"},
		"gzip-header-only":         {"Content-Encoding", "gzip"},
		"gzip-no-header":           {"Content-Encoding", ""},
		"encoding-br":              {"Content-Encoding", "br"},
		"encoding-deflate":         {"Content-Encoding", "deflate"},
		"encoding-zstd":            {"Content-Encoding", "zstd"},
		"xml":                      {"Content-Type", "application/xml"},
		"html":                     {"Content-Type", ""}, // net/http detects it.
		"403-json":                 {"Content-Type", "application/json"},
		"403-html":                 {"Content-Type", "text/html"},
		"huge-header":              {"X-Padding", strings.Repeat("x", 11<<20)},
	} {
		if got := respond(t, name).Header().Get(want[0]); got != want[1] {
			t.Errorf("%s: got header %s %.50q, want %.50q", name, want[0], got, want[1])
		}
	}
}

// TestFaults_gzip asserts how often a body is compressed.
func TestFaults_gzip(t *testing.T) {
	t.Parallel()
	for name, times := range map[string]int{"gzip": 1, "gzip-no-header": 1, "x-gzip": 1, "gzip-twice": 2, "gzip-twice-listed": 2} {
		var body io.Reader = respond(t, name).Body
		for range times {
			decompressed, err := gzip.NewReader(body)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			body = decompressed
		}
		text, err := io.ReadAll(body)
		if err != nil || !json.Valid(text) {
			t.Errorf("%s: got %v and body %q, want valid JSON", name, err, text)
		}
	}
	for _, name := range []string{"gzip-cut", "gzip-corrupt"} {
		decompressed, err := gzip.NewReader(respond(t, name).Body)
		if err == nil {
			_, err = io.ReadAll(decompressed)
		}
		if err == nil {
			t.Errorf("%s: the body can be decompressed", name)
		}
	}
}

// TestFaults_genuine asserts that faults rewrite the response that the API would
// send: a customer that a test has set, an overview without financial fields, an
// error, and the list.
func TestFaults_genuine(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 3})
	overview := Generate(2)
	overview["companyName"] = "Changed"
	api.SetCustomer(2, overview)
	api.InjectFault(0, Always, Faults["zero-time-created"])
	api.InjectFault(3, Always, Faults["query-ignored"])
	for path, want := range map[string][]string{
		"/v1/customers/2/overview": {`"companyName":"Changed"`, `"createdTimestamp":"0001-01-01T00:00:00"`, `"arBalance":0.1`},
		"/v1/customers/2/overview?showCustomerFinancialsInCustomerOverview=false": {`"arBalance":0,`},
		"/v1/customers/9/overview": {`"HttpStatusCode":404`},
		"/v1/customers/3/overview?showCustomerFinancialsInCustomerOverview=false": {`"arBalance":19999999999999.99`},
		"/v1/customers?query=id:1,2": {
			`"companyName":"Changed"`, `"companyName":"Company 1 Ltd."`, `"modifiedTimestamp":"0001-01-01T00:00:00"`,
		},
	} {
		response := get(t, api, path, authorization)
		for _, text := range want {
			if !json.Valid(response.Body.Bytes()) || !strings.Contains(response.Body.String(), text) {
				t.Errorf("%s: got body %s, want JSON with %s", path, response.Body, text)
			}
		}
		if isList := strings.Contains(path, "query"); isList != (response.Header().Get("X-Count") == "2") {
			t.Errorf("%s: got headers %v", path, response.Header())
		}
	}
}

// TestFaults_fieldsOfOverview asserts that a row gets the fields that only an overview has.
func TestFaults_fieldsOfOverview(t *testing.T) {
	t.Parallel()
	api := New(Options{Fleet: 1})
	api.InjectFault(ListID, Always, Faults["fields-of-overview"])
	var rows []map[string]any
	if err := json.Unmarshal(get(t, api, "/v1/customers?query=id:1", authorization).Body.Bytes(), &rows); err != nil || len(rows) != 1 {
		t.Fatalf("got %v and error %v, want one row", rows, err)
	}
	for name := range Generate(1) {
		isAdded := rows[0][name] == "added-"+name
		if want := !slices.Contains(listFields, name); isAdded != want {
			t.Errorf("%s: got %v, added = %t, want %t", name, rows[0][name], isAdded, want)
		}
	}
}

// TestFaults_wrongTypes asserts that only the fields of a status keep their
// values.
func TestFaults_wrongTypes(t *testing.T) {
	t.Parallel()
	var genuine, got map[string]json.RawMessage
	if err := json.Unmarshal(respond(t, "gzip-header-only").Body.Bytes(), &genuine); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(respond(t, "wrong-types").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(genuine)) {
		if isSame := bytes.Equal(got[name], genuine[name]); isSame != slices.Contains(statusFields, name) {
			t.Errorf("%s: got %s, genuine %s", name, got[name], genuine[name])
		}
	}
}

// TestFaults_outsideAPI asserts that a handler can be used without an API.
func TestFaults_outsideAPI(t *testing.T) {
	t.Parallel()
	recorder := httptest.NewRecorder()
	Faults["bom"](recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/customers/3/overview", nil))
	if got := recorder.Body.String(); !strings.HasPrefix(got, "\ufeff{") || !strings.Contains(got, `"id":3`) {
		t.Errorf("got body %q", got)
	}
}
