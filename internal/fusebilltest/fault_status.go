// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// statusFaults are error responses of the API. The vendor documents the codes
// 400, 401, 404, 409, 429, and 500, and the envelope. It does not document which
// parts of the envelope each code has [assumed].
var statusFaults = map[string]http.HandlerFunc{
	"400":           apiError(http.StatusBadRequest, "The request is invalid."),
	"400-key":       apiError(http.StatusBadRequest, "Authorization key is not in the correct format."),
	"400-not-found": apiError(http.StatusBadRequest, "CustomerOverview not found."),
	"401":           apiError(http.StatusUnauthorized, "Authorization has been denied for this request."),
	"403":           apiError(http.StatusForbidden, "Forbidden."),
	"404":           apiError(http.StatusNotFound, "CustomerOverview not found."),
	"409":           apiError(http.StatusConflict, "Conflict."),
	"429":           apiError(http.StatusTooManyRequests, "API call limit reached."),
	"500":           apiError(http.StatusInternalServerError, "An error has occurred."),
	"503":           apiError(http.StatusServiceUnavailable, "The service is unavailable."),

	"404-no-status":    text(http.StatusNotFound, jsonType, `{"ErrorId":3,"Errors":[]}`),
	"404-other-status": text(http.StatusNotFound, jsonType, envelopeText(`,"HttpStatusCode":500`)),
}

// gatewayFaults are responses of a proxy, a firewall, or an API gateway.
var gatewayFaults = map[string]http.HandlerFunc{
	"401-html":  gatewayHTML(http.StatusUnauthorized, "401 Authorization Required"),
	"401-json":  gatewayJSON(http.StatusUnauthorized, `{"message":"Unauthorized"}`),
	"401-empty": gateway(http.StatusUnauthorized, nil, ""),
	"403-html":  gatewayHTML(http.StatusForbidden, "Access Denied"),
	"403-json":  gatewayJSON(http.StatusForbidden, `{"message":"Forbidden"}`),
	"403-empty": gateway(http.StatusForbidden, nil, ""),
	"404-html":  gatewayHTML(http.StatusNotFound, "Not Found"),
	"404-json":  gatewayJSON(http.StatusNotFound, `{"message":"no Route matched with those values"}`),
	"404-empty": gateway(http.StatusNotFound, nil, ""),
	"407":       gatewayHTML(http.StatusProxyAuthRequired, "Proxy Authentication Required"),
	"408":       gateway(http.StatusRequestTimeout, nil, ""),
	"414":       gatewayHTML(http.StatusRequestURITooLong, "Request-URI Too Large"),
	"425":       gateway(http.StatusTooEarly, nil, ""),
	"431":       gatewayHTML(http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large"),

	"500-empty": gateway(http.StatusInternalServerError, nil, ""),
	"500-part":  gateway(http.StatusInternalServerError, nil, `{"ErrorId": 17}`),
	"504":       gateway(http.StatusGatewayTimeout, nil, ""),

	// A transforming proxy changes 200 to 203:
	// https://www.rfc-editor.org/rfc/rfc9110#section-15.3.4
	"203":       forwarded(http.StatusNonAuthoritativeInfo, nil),
	"204":       gateway(http.StatusNoContent, nil, ""),
	"205":       gateway(http.StatusResetContent, nil, ""),
	"206":       forwarded(http.StatusPartialContent, http.Header{"Content-Range": {"bytes 0-99/1000"}}),
	"206-empty": gateway(http.StatusPartialContent, http.Header{"Content-Range": {"bytes 0-0/1000"}}, ""),
	"300":       gatewayHTML(http.StatusMultipleChoices, "Multiple Choices"),
	"304":       gateway(http.StatusNotModified, nil, ""),

	"html": gateway(http.StatusOK, nil, "<html><body>Sign in</body></html>"),

	"early-hints": informational(http.StatusEarlyHints),
	"processing":  informational(http.StatusProcessing),
}

// serverErrorFaults returns pages with a 5xx status, including codes that only
// gateways use: 520 to 527 and 530 are Cloudflare's, and 598 and 599 are those of
// proxies that report a network timeout.
func serverErrorFaults() map[string]http.HandlerFunc {
	faults := map[string]http.HandlerFunc{"502-html": gatewayHTML(http.StatusBadGateway, "Bad Gateway")}
	for _, status := range []int{501, 505, 506, 507, 508, 510, 511, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 598, 599} {
		faults[strconv.Itoa(status)] = gatewayHTML(status, fmt.Sprintf("Error %d", status))
	}
	return faults
}

// rateLimitFaults returns 429 and 503 responses with each form of Retry-After, and
// 429 responses with few of the rate-limit headers.
// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
func rateLimitFaults() map[string]http.HandlerFunc {
	faults := map[string]http.HandlerFunc{
		"429-bare":        gateway(http.StatusTooManyRequests, nil, ""),
		"429-html":        gatewayHTML(http.StatusTooManyRequests, "Too Many Requests"),
		"429-day-only":    onlyRateLimitHeader("Remaining-Day", "0"),
		"429-minute-only": onlyRateLimitHeader("Remaining-Minute", "0"),
	}
	for name, value := range map[string]string{
		"retry-after":          "1",
		"retry-after-zero":     "0",
		"retry-after-hour":     "3600",
		"retry-after-huge":     "9999999999",
		"retry-after-overflow": "99999999999999999999999999",
		"retry-after-9999":     "Fri, 31 Dec 9999 23:59:59 GMT",
		"retry-after-negative": "-1",
		"retry-after-past":     "Tue, 15 Nov 1994 08:12:31 GMT",
		"retry-after-garbage":  "soon",
	} {
		header := http.Header{"Retry-After": {value}}
		faults["429-"+name] = gateway(http.StatusTooManyRequests, header, "")
		faults["503-"+name] = gateway(http.StatusServiceUnavailable, header, "down for maintenance")
	}
	faults["429-retry-after-date"] = retryAfterDate(http.StatusTooManyRequests)
	faults["503-retry-after-date"] = retryAfterDate(http.StatusServiceUnavailable)
	return faults
}

// retryAfterDate responds with a Retry-After date two seconds ahead.
func retryAfterDate(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now, err := http.ParseTime(w.Header().Get("Date"))
		if err != nil {
			now = time.Now()
		}
		date := now.Add(2 * time.Second).UTC().Format(http.TimeFormat)
		gateway(status, http.Header{"Retry-After": {date}}, "")(w, r)
	}
}

// onlyRateLimitHeader responds with 429 and no other rate-limit header.
func onlyRateLimitHeader(name, value string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		removeRateLimitHeaders(w.Header())
		w.Header().Set(rateLimitPrefix+name, value)
		writeError(w, http.StatusTooManyRequests, "API call limit reached.")
	}
}

// redirectFaults are redirects. Their targets do not exist.
var redirectFaults = map[string]http.HandlerFunc{
	"redirect":             redirect(http.StatusFound, "https://login.example.com/"),
	"redirect-301":         redirect(http.StatusMovedPermanently, "https://login.example.com/"),
	"redirect-303":         redirect(http.StatusSeeOther, "https://login.example.com/"),
	"redirect-307":         redirect(http.StatusTemporaryRedirect, "https://login.example.com/"),
	"redirect-308":         redirect(http.StatusPermanentRedirect, "https://login.example.com/"),
	"redirect-relative":    redirect(http.StatusFound, "/login"),
	"redirect-http":        redirect(http.StatusFound, "http://secure.fusebill.com/v1"),
	"redirect-invalid":     redirect(http.StatusFound, "https://[login.example.com"),
	"redirect-no-location": gateway(http.StatusFound, nil, ""),
}

func redirect(status int, location string) http.HandlerFunc {
	return gateway(status, http.Header{"Location": {location}}, "")
}

// informational responds with an informational response before the genuine one.
func informational(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(status)
		w.Header().Del("Link")
		rewritten(nil, unchanged)(w, r)
	}
}
