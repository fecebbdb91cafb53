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

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

const (
	// maxBodyBytes is the most that is read of an answer about one customer,
	// after decompression. A full overview has about 2 KiB.
	maxBodyBytes = 1 << 20
	// maxIdleConnections is how many connections are kept open between requests.
	maxIdleConnections = 32
)

// ErrRequestTimeout is wrapped by a [TransportError] when an attempt took longer
// than [Config.RequestTimeout].
var ErrRequestTimeout = errors.New("no complete answer within the request time-out")

// Config is what a [Client] needs. All fields are required.
type Config struct {
	// BaseURL comes from [Environment.BaseURL] or [ParseBaseURL].
	BaseURL *url.URL
	// Key comes from [ParseKey], and is sent verbatim after "Basic ".
	Key string
	// UserAgent is the header of that name.
	UserAgent string
	// RequestTimeout bounds one attempt, from dialing to the body's last byte.
	RequestTimeout time.Duration
}

// A Client reads from one Fusebill account. It is safe for concurrent use.
type Client struct {
	config Config
	http   *http.Client
}

// NewClient makes a client. It sends nothing.
func NewClient(config Config) *Client {
	return &Client{config: config, http: &http.Client{
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			ForceAttemptHTTP2:   true,
			TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12}, // The API's own floor.
			MaxIdleConns:        maxIdleConnections,
			MaxIdleConnsPerHost: maxIdleConnections,
			IdleConnTimeout:     90 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
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

// CustomerOverview reads the overview of the customer with the given Fusebill
// id. Its errors are [APIError], [DecodeError] and [TransportError].
func (c *Client) CustomerOverview(ctx context.Context, id int64, options CustomerOverviewOptions) (*CustomerOverview, error) {
	query := url.Values{}
	if options.WithoutFinancials {
		query.Set("showCustomerFinancialsInCustomerOverview", "false")
	}
	body, err := c.get(ctx, fmt.Sprintf("customers/%d/overview", id), query)
	if err != nil {
		return nil, err
	}
	overview, err := decodeCustomerOverview(body, id, options)
	if decodeError := (*DecodeError)(nil); errors.As(err, &decodeError) {
		decodeError.Found = c.quote(decodeError.Found)
	}
	return overview, err
}

// get is the one way to the network. It gives the body of an answer with status
// 200; any other outcome is an error.
func (c *Client) get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	target := c.config.BaseURL.JoinPath(path)
	target.RawQuery = query.Encode()
	attempt, cancel := context.WithTimeoutCause(ctx, c.config.RequestTimeout, ErrRequestTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(attempt, http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Basic "+c.config.Key)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", c.config.UserAgent)

	ctx = tflog.MaskMessageStrings(tflog.MaskAllFieldValuesStrings(ctx, c.config.Key), c.config.Key)
	start := time.Now()
	answer, err := c.exchange(request)
	fields := map[string]any{
		"method":      request.Method,
		"path":        target.Path,
		"duration_ms": time.Since(start).Milliseconds(),
	}
	if err != nil {
		if attempt.Err() != nil {
			err = context.Cause(attempt)
		}
		err = quotedError{error: err, text: c.quote(err.Error())}
		fields["error"] = err.Error()
		tflog.Debug(ctx, "Fusebill request failed", fields)
		return nil, &TransportError{Method: request.Method, Path: target.Path, Err: err}
	}
	fields["status"] = answer.status
	tflog.Debug(ctx, "Fusebill answered", fields)
	switch {
	case answer.status != http.StatusOK:
		return nil, c.apiError(request, answer)
	case len(answer.body) > maxBodyBytes:
		return nil, &DecodeError{Want: fmt.Sprintf("at most %d bytes long", maxBodyBytes), Found: c.quote(string(answer.body))}
	default:
		return answer.body, nil
	}
}

// answer is what came back for a request, read to its end or to one byte past
// the limit.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// exchange sends one request and reads its answer.
func (c *Client) exchange(request *http.Request) (*answer, error) {
	response, err := c.http.Do(request)
	if err != nil {
		if urlError := (*url.Error)(nil); errors.As(err, &urlError) {
			err = urlError.Err // It repeats the method and the URL.
		}
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBodyBytes+1))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off after %d bytes: %w", len(body), err)
	}
	return &answer{status: response.StatusCode, header: response.Header, body: body}, nil
}

// apiError reads the documented error envelope, and takes whatever else comes.
func (c *Client) apiError(request *http.Request, answer *answer) *APIError {
	apiError := &APIError{Method: request.Method, Path: request.URL.Path, StatusCode: answer.status}
	apiError.ErrorID, apiError.Messages, apiError.Envelope = decodeEnvelope(answer.body)
	if !apiError.Envelope && len(bytes.TrimSpace(answer.body)) > 0 {
		apiError.Messages = []string{string(answer.body)}
	}
	for i, message := range apiError.Messages {
		apiError.speaksOfKey = apiError.speaksOfKey || strings.Contains(strings.ToLower(message), "authorization key")
		apiError.Messages[i] = c.quote(message)
	}
	if location := answer.header.Get("Location"); location != "" {
		if target, err := request.URL.Parse(location); err == nil {
			apiError.RedirectHost = c.quote(target.Host)
		}
	}
	return apiError
}

// decodeEnvelope reads an error body such as
//
//	{"ErrorId": 0, "HttpStatusCode": 404, "Errors": [{"Key": "Api Error", "Value": "…"}]}
//
// of which any part may be missing. ok tells whether it is one.
func decodeEnvelope(body []byte) (errorID int64, messages []string, ok bool) {
	var envelope struct {
		ErrorID        *int64 `json:"ErrorId"`
		HTTPStatusCode *int   `json:"HttpStatusCode"`
		Errors         []struct{ Key, Value string }
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return 0, nil, false
	}
	if envelope.ErrorID != nil {
		errorID = *envelope.ErrorID
	}
	const most = 5
	for _, e := range envelope.Errors[:min(most, len(envelope.Errors))] {
		if text := strings.TrimSpace(e.Value); text != "" {
			messages = append(messages, text)
		}
	}
	return errorID, messages, envelope.ErrorID != nil || envelope.HTTPStatusCode != nil || envelope.Errors != nil
}
