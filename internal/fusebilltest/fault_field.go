// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// object is a JSON object with undecoded values.
type object map[string]json.RawMessage

// fieldFaults are genuine responses in which some fields have another form. For
// the list, each row changes.
var fieldFaults = map[string]http.HandlerFunc{
	"quoted-integers":             changed(func(o object) { o.quote("id", "parentId", "daysUntilSuspension", "daysUntilCancellation") }),
	"quoted-booleans":             changed(func(o object) { o.quote("isParent") }),
	"quoted-booleans-pascal-case": changed(func(o object) { o.set(`"True"`, "isParent") }), // As .NET formats a Boolean.
	"quoted-decimals":             changed(func(o object) { o.quote(financialFields...) }),
	"integers-float":              changed(func(o object) { o.set("9.0", "daysUntilSuspension"); o.set("1e1", "daysUntilCancellation") }),

	// .NET's default DateTime: https://learn.microsoft.com/en-us/dotnet/api/system.datetime.minvalue
	"zero-time":          changed(func(o object) { o.set(`"0001-01-01T00:00:00"`, eventTimes...) }),
	"zero-time-utc":      changed(func(o object) { o.set(`"0001-01-01T00:00:00Z"`, eventTimes...) }),
	"zero-time-fraction": changed(func(o object) { o.set(`"0001-01-01T00:00:00.0000000"`, eventTimes...) }),
	"zero-time-created":  changed(func(o object) { o.set(`"0001-01-01T00:00:00"`, "createdTimestamp", "modifiedTimestamp") }),
	"time-offset":        changed(func(o object) { o.set(`"2023-04-13T12:41:39.7648223-05:00"`, eventTimes...) }),
	"time-microsoft":     changed(func(o object) { o.set(`"/Date(1681407699764)/"`, eventTimes...) }),
	"time-empty":         changed(func(o object) { o.set(`""`, eventTimes...) }),

	"foreign-ids-text":    changed(func(o object) { o.set(`"QB-77"`, foreignIDs...) }),
	"foreign-ids-number":  changed(func(o object) { o.set(`77`, foreignIDs...) }),
	"foreign-ids-zeros":   changed(func(o object) { o.set(`"00077"`, foreignIDs...) }),
	"foreign-ids-huge":    changed(func(o object) { o.set(`184467440737095516160000000001`, foreignIDs...) }),
	"foreign-ids-decimal": changed(func(o object) { o.set(`77.10`, foreignIDs...) }),
	"foreign-ids-empty":   changed(func(o object) { o.set(`""`, foreignIDs...) }),

	"field-quickbooks-id": changed(func(o object) { o.set(`"QB-77"`, "quickBooksId"); delete(o, "quickbooksId") }), // A real response.
	"fields-pascal-case":  changed(object.pascalCase),
	"fields-upper-case":   changed(func(o object) { o.rename(strings.ToUpper) }),
	"field-twice":         appended(`"status":"Hold"`),
	"field-two-cases":     appended(`"Status":"Hold"`),
	"field-long-s":        appended(`"` + "\u017f" + `tatus":"Hold"`), // encoding/json matches U+017F to s.
	"field-unknown":       appended(`"loyaltyTier":{"name":"Gold","since":[2019,null,true]}`),
	"query-ignored":       queryIgnored,
	"fields-of-overview":  changed(object.addOverview),
	"fields-none":         changed(func(o object) { maps.DeleteFunc(o, func(name string, _ json.RawMessage) bool { return name != "id" }) }),
	"fields-null":         changed(func(o object) { o.setExcept("null", "id") }),

	"invalid-utf8":        changed(func(o object) { o.set("\"Caf\xe9 \xff\"", "companyName") }),
	"invalid-utf8-status": changed(func(o object) { o.set("\"Acti\xff\"", "status") }),
	"invalid-surrogate":   changed(func(o object) { o.set(`"\ud800"`, "companyName") }),
	"control-characters":  changed(func(o object) { o.set(`"a\u0000b\u001b[31mc\u202ed"`, "companyName") }),

	// Changes the fields of an overview that are not part of a status.
	"wrong-types":   changed(func(o object) { o.setExcept(`{"unexpected":[true]}`, statusFields...) }),
	"unknown-words": changed(func(o object) { o.set(`"Dormant"`, "status"); o.set(`"Disputed"`, "customerAccountStatus") }),
	"id-null":       changed(func(o object) { o.set("null", "id") }),
	"id-zero":       changed(func(o object) { o.set("0", "id") }),
	"id-huge":       changed(func(o object) { o.set("9223372036854775808", "id") }),
}

var (
	// eventTimes are the times of an overview except the creation.
	eventTimes = []string{"nextBillingDate", "statusTimestamp", "customerAccountStatusTimestamp"}

	// foreignIDs are the IDs in other systems.
	foreignIDs = []string{
		"quickbooksId", "hubSpotId", "hubSpotCompanyId", "sageIntacctId", "netsuiteId", "salesforceId", "geotabId", "digitalRiverId",
		"avalaraId",
	}

	// statusFields are the fields of an overview that describe the customer's
	// status and contain no personal and no financial data.
	statusFields = []string{
		"id", "status", "customerAccountStatus", "statusTimestamp", "customerAccountStatusTimestamp", "daysUntilSuspension",
		"daysUntilCancellation", "nextBillingDate", "currency", "parentId", "isParent",
	}
)

// set sets fields to a JSON value.
func (o object) set(value string, names ...string) {
	for _, name := range names {
		o[name] = json.RawMessage(value)
	}
}

// setExcept sets all fields to a JSON value except some.
func (o object) setExcept(value string, exceptions ...string) {
	for name := range o {
		if !slices.Contains(exceptions, name) {
			o.set(value, name)
		}
	}
}

// quote changes values to JSON strings. A field that is null or absent becomes
// "7", or "true" for isParent, to have a value to quote.
func (o object) quote(names ...string) {
	for _, name := range names {
		value := string(o[name])
		switch {
		case name == "isParent" && (value == "" || value == "null"):
			value = "true"
		case value == "" || value == "null":
			value = "7"
		}
		o.set(string(quoteJSON([]byte(value))), name)
	}
}

// rename renames all fields.
func (o object) rename(newName func(name string) string) {
	for name, value := range maps.Clone(o) {
		delete(o, name)
		o[newName(name)] = value
	}
}

// addOverview adds the fields of an overview that the object lacks.
func (o object) addOverview() {
	for _, name := range slices.Concat(slices.Collect(maps.Keys(Generate(1))), foreignIDs) {
		if _, ok := o[name]; !ok {
			o.set(`"added-`+name+`"`, name)
		}
	}
}

func (o object) pascalCase() {
	o.rename(func(name string) string { return strings.ToUpper(name[:1]) + name[1:] })
}

// text returns the object as JSON. Unlike [json.Marshal], it does not validate
// the values.
func (o object) text() []byte {
	members := make([]string, 0, len(o))
	for _, name := range slices.Sorted(maps.Keys(o)) {
		members = append(members, string(quoteJSON([]byte(name)))+":"+string(o[name]))
	}
	return []byte("{" + strings.Join(members, ",") + "}")
}

// changed responds with the genuine body after change has changed its object, or
// each object of its array.
func changed(change func(o object)) http.HandlerFunc {
	return perObject(func(text json.RawMessage) json.RawMessage {
		var o object
		if err := json.Unmarshal(text, &o); err != nil {
			return text // The genuine response is an error.
		}
		change(o)
		return o.text()
	})
}

// appended responds with the genuine body, in which the object, or each object of
// the array, has another member at its end.
func appended(member string) http.HandlerFunc {
	return perObject(func(text json.RawMessage) json.RawMessage {
		return []byte(strings.TrimSuffix(string(text), "}") + "," + member + "}")
	})
}

// perObject responds with the genuine body, in which rewrite has rewritten the
// object, or each object of the array.
func perObject(rewrite func(text json.RawMessage) json.RawMessage) http.HandlerFunc {
	return rewritten(nil, func(body []byte) []byte {
		var rows []json.RawMessage
		if err := json.Unmarshal(body, &rows); err != nil {
			return rewrite(body)
		}
		texts := make([][]byte, len(rows))
		for i, row := range rows {
			texts[i] = rewrite(row)
		}
		return []byte("[" + string(bytes.Join(texts, []byte(","))) + "]")
	})
}

// queryIgnored responds as to a request without a query.
func queryIgnored(w http.ResponseWriter, r *http.Request) {
	clone := r.Clone(r.Context()) // The log of the server has the query of the request.
	clone.URL.RawQuery = ""
	rewritten(nil, unchanged)(w, clone)
}
