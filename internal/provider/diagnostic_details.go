// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// explain returns what the API returned and what to do, for an error of the client.
func (d *providerData) explain(err error) string {
	var (
		apiError       *fusebill.APIError
		decodeError    *fusebill.DecodeError
		rateLimitError *fusebill.RateLimitError
		transportError *fusebill.TransportError
	)
	switch {
	case errors.As(err, &rateLimitError):
		return rateLimitDetail(rateLimitError)
	case errors.As(err, &decodeError):
		return fmt.Sprintf("Unable to decode the response: %s\n\nA proxy, or a base_url that does not point to the Fusebill API, "+
			"can cause this error. If the response is from Fusebill, report it at %s/issues.", sentence(err), projectURL)
	case errors.As(err, &apiError):
		return d.apiDetail(apiError)
	case errors.As(err, &transportError):
		return d.transportDetail(transportError)
	default:
		return sentence(err)
	}
}

// apiDetail explains a response that is not a success.
func (d *providerData) apiDetail(err *fusebill.APIError) string {
	switch {
	case errors.Is(err, fusebill.ErrNotFound):
		return sentence(err) + "\n\nThe customer does not exist in this account. Verify that the ID is the Fusebill ID, " +
			"not the customer reference, and that the API key belongs to the intended environment."
	case errors.Is(err, fusebill.ErrUnauthorized):
		return fmt.Sprintf("The API refused the key: %s\n\nThe key is from the %s. "+
			"Verify that the key is current and belongs to this account. "+
			"Keys are specific to an environment; a production key is not valid in staging.", sentence(err), d.apiKey.origin())
	case errors.Is(err, fusebill.ErrRateLimited):
		return sentence(err) + endedText(err) + "\n\nAll clients of the account share the rate limit. Try again later, or increase timeouts."
	case errors.Is(err, fusebill.ErrUnavailable):
		return d.afterAttempts(err.Attempts, err) + d.unavailableAdvice(err)
	case err.RedirectHost != "":
		return sentence(err) + "\n\nThe provider does not follow redirects, to avoid sending the API key to another host. Verify base_url."
	case errors.Is(err, fusebill.ErrUnconfirmedNotFound):
		return sentence(err) + "\n\nThe response is not in the format of the Fusebill API, so the customer might exist. Verify base_url."
	case errors.Is(err, fusebill.ErrBlocked):
		return sentence(err) + "\n\nThe response is not in the format of the Fusebill API. " +
			"A firewall or a proxy in front of the API refused the request, which does not mean that the API key is wrong. " +
			"Ask the administrator to allow requests from this machine to " + d.client.Host() + "."
	case errors.Is(err, fusebill.ErrIncomplete):
		return sentence(err) + "\n\nOnly a complete response with status 200 or 203 contains a customer. " +
			"A proxy or a gateway can cause other statuses. Verify base_url."
	default:
		return "The API refused the request: " + sentence(err) +
			"\n\nVerify base_url. If it is correct, report this error at " + projectURL + "/issues."
	}
}

// unavailableAdvice returns what to do about a temporary failure of the API.
func (d *providerData) unavailableAdvice(err *fusebill.APIError) string {
	wait := ""
	if err.RetryAfter > 0 {
		wait = " The server asks to wait " + durationText(err.RetryAfter) + "."
	}
	advice := " Try again later, or increase max_retries."
	if errors.Is(err, context.DeadlineExceeded) {
		advice = " Try again later, or increase timeouts."
	}
	return wait + endedText(err) + advice + "\n\n" + d.outageAdvice()
}

// endedText returns why a read ended before its retries were used up, if it did.
func endedText(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return " The read was interrupted."
	case errors.Is(err, fusebill.ErrNoTimeToRetry):
		return " The read's timeout leaves no time for another attempt."
	case errors.Is(err, context.DeadlineExceeded):
		return " The read exceeded its timeout."
	default:
		return ""
	}
}

// durationText returns a duration without trailing zero units, such as 1h.
func durationText(d time.Duration) string {
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// outageAdvice returns what to check if the API fails.
func (d *providerData) outageAdvice() string {
	if d.environment.StatusPage != "" {
		return fmt.Sprintf("For Fusebill outages, refer to %s.", d.environment.StatusPage)
	}
	return fmt.Sprintf("Check the server at %s, which base_url points to.", d.client.Host())
}

// afterAttempts returns the error of the last of several attempts.
func (d *providerData) afterAttempts(attempts int, err error) string {
	if attempts > 1 {
		return fmt.Sprintf("No valid response after %d attempts. Last error: %s", attempts, sentence(err))
	}
	return "No valid response. Error: " + sentence(err)
}

// transportDetail explains a request without a complete response, by its cause.
func (d *providerData) transportDetail(err *fusebill.TransportError) string {
	detail := d.afterAttempts(err.Attempts, err) + endedText(err)
	if errors.Is(err, context.Canceled) {
		return detail
	}
	proxy := d.client.Proxy()
	var advice string
	switch err.Cause {
	case fusebill.CauseProxy:
		return detail + fmt.Sprintf("\n\nThe provider sends requests through the proxy %s, which the environment variable %s sets. "+
			"Verify that the proxy is running, that it accepts the credentials in the variable, and that it allows connections to %s. "+
			"If the proxy has a certificate of a private CA, set ca_cert_pem. To bypass the proxy, add the host to NO_PROXY.", proxy.Host,
			proxy.EnvVar, d.client.Host())
	case fusebill.CauseNameResolution:
		advice = fmt.Sprintf("The name of the host %s cannot be resolved. Verify DNS on this machine", d.client.Host())
		if d.environment.StatusPage == "" {
			advice += ", and the host in base_url"
		}
		return detail + "\n\n" + advice + "."
	case fusebill.CauseConnectionRefused:
		advice = fmt.Sprintf("Nothing accepts connections at %s. ", d.client.Host())
	case fusebill.CauseCertificate:
		return detail + fmt.Sprintf("\n\nThe certificate of %s is not trusted or not valid for this host. "+
			"If a gateway or a proxy with a private CA is in front of the API, set ca_cert_pem to the CA certificate, "+
			"or the environment variable SSL_CERT_FILE to a file with it.", d.client.Host())
	case fusebill.CauseClientCertificate:
		return detail + fmt.Sprintf("\n\nThe server at %s requires a client certificate that it accepts. "+
			"Set client_cert_pem and client_key_pem.", d.client.Host())
	case fusebill.CauseTimeout:
		if !errors.Is(err, fusebill.ErrRequestTimeout) {
			break // The read's own timeout, which is already named.
		}
		advice = fmt.Sprintf("The provider's request_timeout is %s. ", d.config.RequestTimeout)
	}
	if proxy.Host != "" {
		advice += fmt.Sprintf("The provider sends requests through the proxy %s, which the environment variable %s sets. ",
			proxy.Host, proxy.EnvVar)
	}
	return detail + "\n\n" + advice + d.outageAdvice()
}

// rateLimitDetail explains a rate limit that cannot be met before the read's deadline.
func rateLimitDetail(err *fusebill.RateLimitError) string {
	options := []string{"Try again after the reset", "read fewer customers", "increase timeouts"}
	text := "The rate limit does not allow another request before the read's deadline: " + sentence(err) + "\n\n"
	if err.Window == fusebill.CapWindow {
		text = "The provider's own requests_per_minute does not allow another request before the read's deadline: " + sentence(err) + "\n\n"
		options = append(options, "increase requests_per_minute")
	} else {
		text += "All clients of the account share this limit. "
	}
	if err.Reserve > 0 {
		options = append(options, "lower rate_limit_reserve_percent")
	}
	last := len(options) - 1
	return text + strings.Join(options[:last], ", ") + ", or " + options[last] + ". To log each wait, set TF_LOG_PROVIDER=INFO."
}

// sentence returns the text of an error with one period at its end. Messages of the API already have one.
func sentence(err error) string {
	return strings.TrimRight(err.Error(), ".") + "."
}
