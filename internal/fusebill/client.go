package fusebill

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill/quota"
)

// maxBodyBytes is the most that is read of an answer about one customer, after
// decompression. A full overview has about 2 KiB.
const maxBodyBytes = 1 << 20

// Config is what a [Client] needs. All fields but the last two are required.
type Config struct {
	// BaseURL comes from [Environment.BaseURL] or [ParseBaseURL].
	BaseURL *url.URL
	// Key comes from [ParseKey], and is sent verbatim after "Basic ".
	Key string
	// UserAgent is the header of that name.
	UserAgent string
	// RequestTimeout bounds one attempt, from dialing to the body's last byte.
	RequestTimeout time.Duration
	// MaxRetries is how often a request is sent again after a transport error, 408,
	// 500, 502, 503 or 504. A 429 is no failure, and does not count.
	MaxRetries int
	// MaxConcurrentRequests is how many requests are under way at once, 1 or more.
	MaxConcurrentRequests int
	// RequestsPerMinute is a cap below the account's own; 0 means none.
	RequestsPerMinute int
	// QuotaReservePercent is the share of each of the account's request windows that
	// is left to others, 0 to 90.
	QuotaReservePercent int
}

// A Client reads from one Fusebill account. It keeps within the account's request
// windows, as package quota tells, sends again what failed for a reason that may
// pass, and follows no redirects. It is safe for concurrent use.
type Client struct {
	config    Config
	keyForms  []string // Of the config's key, for each request's log and for errors.
	http      *retryablehttp.Client
	overviews sharer[overviewKey, *CustomerOverview]
}

// NewClient makes a client. It sends nothing.
func NewClient(config Config) *Client {
	return newClient(config, newNetwork(config))
}

func newNetwork(config Config) *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		ForceAttemptHTTP2:   true,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12}, // The API's own floor.
		MaxConnsPerHost:     config.MaxConcurrentRequests,
		MaxIdleConns:        config.MaxConcurrentRequests,
		MaxIdleConnsPerHost: config.MaxConcurrentRequests,
		IdleConnTimeout:     90 * time.Second,
	}
}

// newClient makes a client of a given way to the network.
func newClient(config Config, network http.RoundTripper) *Client {
	return &Client{config: config, keyForms: keyForms(config.Key), http: &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: quota.NewTransport(attempter{next: network, timeout: config.RequestTimeout}, quota.Options{
				MaxConcurrentRequests: config.MaxConcurrentRequests,
				RequestsPerMinute:     config.RequestsPerMinute,
				ReservePercent:        config.QuotaReservePercent,
			}),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax:     config.MaxRetries,
		RetryWaitMin: minRetryWait,
		RetryWaitMax: maxRetryWait,
		CheckRetry:   checkRetry,
		Backoff:      backOff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}}
}

// Host is the host that the client talks to, with its port where one is given.
func (c *Client) Host() string { return c.config.BaseURL.Host }

// CustomerOverviewOptions are the options of [Client.CustomerOverview].
type CustomerOverviewOptions struct {
	// WithoutFinancials asks the API to leave the eight decimals out. They are
	// nil then, whatever it answers.
	WithoutFinancials bool
}

// overviewKey tells reads apart that cannot share a request.
type overviewKey struct {
	id      int64
	options CustomerOverviewOptions
}

// CustomerOverview reads the overview of the customer with the given Fusebill id.
// Its errors are [APIError], [DecodeError], [QuotaError] and [TransportError].
//
// Reads of the same customer with the same options that wait to be sent share one
// request, and so the overview, which must not be changed.
func (c *Client) CustomerOverview(ctx context.Context, id int64, options CustomerOverviewOptions) (*CustomerOverview, error) {
	path := fmt.Sprintf("customers/%d/overview", id)
	query := url.Values{}
	if options.WithoutFinancials {
		query.Set("showCustomerFinancialsInCustomerOverview", "false")
	}
	overview, err := c.overviews.do(ctx, overviewKey{id, options}, func(ctx context.Context, sending func()) (*CustomerOverview, error) {
		body, _, err := c.get(ctx, path, query, &call{logged: map[string]any{"customer_id": id}, maxBytes: maxBodyBytes, sending: sending})
		if err != nil {
			return nil, err
		}
		overview, err := decodeCustomerOverview(body, id, options)
		return overview, c.quoteDecodeError(err)
	})
	if transportError := (*TransportError)(nil); err != nil && errors.Is(err, context.Cause(ctx)) && !errors.As(err, &transportError) {
		err = &TransportError{Method: http.MethodGet, Path: c.config.BaseURL.JoinPath(path).Path, Err: err} // We gave up, not the request.
	}
	return overview, err
}

// quoteDecodeError makes the server's raw text in a [DecodeError] fit to be shown.
func (c *Client) quoteDecodeError(err error) error {
	if decodeError := (*DecodeError)(nil); errors.As(err, &decodeError) {
		decodeError.Found = c.quote(decodeError.Found)
	}
	return err
}

// get is the one way to the network. It gives the body and the header of an answer
// with status 200; any other outcome is an error.
func (c *Client) get(ctx context.Context, path string, query url.Values, call *call) ([]byte, http.Header, error) {
	target := c.config.BaseURL.JoinPath(path)
	target.RawQuery = query.Encode()
	ctx = tflog.MaskMessageStrings(tflog.MaskAllFieldValuesStrings(ctx, c.keyForms...), c.keyForms...)
	request, err := retryablehttp.NewRequestWithContext(context.WithValue(ctx, callKey{}, call), http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Authorization", "Basic "+c.config.Key)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", c.config.UserAgent)

	response, err := c.http.Do(request)
	quotaError := (*QuotaError)(nil)
	switch {
	case errors.As(err, &quotaError):
		return nil, nil, quotaError
	case err != nil:
		if urlError := (*url.Error)(nil); errors.As(err, &urlError) {
			err = urlError.Err // The rest of it repeats the method and the URL.
		}
		err = quotedError{error: err, text: c.quote(err.Error())}
		return nil, nil, &TransportError{Method: request.Method, Path: target.Path, Attempts: call.attempts, Err: err}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body) // It is in memory already.
	switch {
	case err != nil:
		return nil, nil, err
	case response.StatusCode != http.StatusOK:
		return nil, nil, c.apiError(response, body, call.attempts)
	case int64(len(body)) > call.maxBytes:
		return nil, nil, &DecodeError{Want: fmt.Sprintf("at most %d bytes long", call.maxBytes), Found: c.quote(impersonal(body))}
	default:
		return body, response.Header, nil
	}
}

// apiError reads the documented error envelope, and takes whatever else comes.
func (c *Client) apiError(response *http.Response, body []byte, attempts int) *APIError {
	request := response.Request
	apiError := &APIError{Method: request.Method, Path: request.URL.Path, StatusCode: response.StatusCode, Attempts: attempts}
	apiError.ErrorID, apiError.toldStatus, apiError.Messages, apiError.Envelope = decodeEnvelope(body)
	if !apiError.Envelope && len(bytes.TrimSpace(body)) > 0 {
		apiError.Messages = []string{string(body)}
	}
	for i, message := range apiError.Messages {
		apiError.speaksOfKey = apiError.speaksOfKey || strings.Contains(strings.ToLower(message), "authorization key")
		apiError.Messages[i] = c.quote(message)
	}
	if location, err := response.Location(); err == nil {
		apiError.RedirectHost = c.quote(location.Host)
	}
	return apiError
}

// decodeEnvelope reads an error body such as
//
//	{"ErrorId": 0, "HttpStatusCode": 404, "Errors": [{"Key": "Api Error", "Value": "…"}]}
//
// of which any part may be missing. ok tells whether it is one.
func decodeEnvelope(body []byte) (errorID int64, status int, messages []string, ok bool) {
	var envelope struct {
		ErrorID        *int64 `json:"ErrorId"`
		HTTPStatusCode *int   `json:"HttpStatusCode"`
		Errors         []struct{ Key, Value string }
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return 0, 0, nil, false
	}
	if envelope.ErrorID != nil {
		errorID = *envelope.ErrorID
	}
	if envelope.HTTPStatusCode != nil {
		status = *envelope.HTTPStatusCode
	}
	const most = 5
	for _, e := range envelope.Errors[:min(most, len(envelope.Errors))] {
		if text := strings.TrimSpace(e.Value); text != "" {
			messages = append(messages, text)
		}
	}
	return errorID, status, messages, envelope.ErrorID != nil || envelope.HTTPStatusCode != nil || envelope.Errors != nil
}
