package fusebill

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// inProcess sends requests to a handler without a network, so that a fake clock can
// run. A handler that aborts breaks the connection.
type inProcess struct{ handler http.Handler }

func (p inProcess) RoundTrip(request *http.Request) (response *http.Response, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			response, err = nil, errors.New("connection reset by peer")
		}
	}()
	recorder := httptest.NewRecorder()
	p.handler.ServeHTTP(recorder, request)
	if request.Context().Err() != nil {
		return nil, request.Context().Err()
	}
	response = recorder.Result()
	response.Request = request
	return response, nil
}

// simulated makes a client of a simulated API without a network.
func simulated(api *fusebilltest.API, retries int) *Client {
	config := Config{
		BaseURL: Environments[0].BaseURL(), Key: fusebilltest.Key, RequestTimeout: 30 * time.Second,
		MaxRetries: retries, MaxConcurrentRequests: 8,
	}
	return newClient(config, inProcess{api})
}

// What may pass is tried again, after waits that grow; what will not is final.
func TestClient_retries(t *testing.T) {
	t.Parallel()
	for fault, test := range map[string]struct {
		attempts    int // Of a request that always fails, with two retries.
		least, most time.Duration
	}{
		"408":             {3, 1500 * time.Millisecond, 2250 * time.Millisecond},
		"500":             {3, 1500 * time.Millisecond, 2250 * time.Millisecond},
		"500-empty":       {3, 1500 * time.Millisecond, 2250 * time.Millisecond},
		"502-html":        {3, 1500 * time.Millisecond, 2250 * time.Millisecond},
		"503-retry-after": {3, 2 * time.Second, 3 * time.Second},
		"504":             {3, 1500 * time.Millisecond, 2250 * time.Millisecond},
		"close":           {3, 1500 * time.Millisecond, 2250 * time.Millisecond},
		"hang":            {3, 91500 * time.Millisecond, 92250 * time.Millisecond},
		"400":             {1, 0, 0},
		"401":             {1, 0, 0},
		"403":             {1, 0, 0},
		"404":             {1, 0, 0},
		"409":             {1, 0, 0},
		"redirect":        {1, 0, 0},
		"html":            {1, 0, 0},
		"wrong-customer":  {1, 0, 0},
		"wrong-type":      {1, 0, 0},
		"cut-json":        {1, 0, 0},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: 1})
				api.InjectFault(1, fusebilltest.Always, fusebilltest.Faults[fault])
				begin := time.Now()
				_, err := simulated(api, 2).CustomerOverview(t.Context(), 1, CustomerOverviewOptions{})
				if err == nil {
					t.Fatal("got no error")
				}
				if got := api.Stats().Requests; got != test.attempts {
					t.Errorf("%d attempts, want %d", got, test.attempts)
				}
				apiError, transportError := (*APIError)(nil), (*TransportError)(nil)
				if errors.As(err, &apiError) && apiError.Attempts != test.attempts || errors.As(err, &transportError) && transportError.Attempts != test.attempts {
					t.Errorf("the error %#v tells other attempts, want %d", err, test.attempts)
				}
				if took := time.Since(begin); took < test.least || took > test.most {
					t.Errorf("it took %s, want %s to %s", took, test.least, test.most)
				}
			})
		})
	}
}

// Two failures before a good answer are survived, whatever they are. A refusal by
// the quota is no failure, and survived without a retry.
func TestClient_survives(t *testing.T) {
	t.Parallel()
	for fault, retries := range map[string]int{
		"408": 2, "500": 2, "500-empty": 2, "500-part": 2, "502-html": 2, "503-retry-after": 2, "504": 2, "close": 2, "hang": 2, "slow": 0,
		"429": 0, "429-bare": 0, "429-retry-after": 0,
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := fusebilltest.New(fusebilltest.Options{Fleet: 1, Minute: fusebilltest.Window{Limit: 1000}})
				api.InjectFault(1, 2, fusebilltest.Faults[fault])
				overview, err := simulated(api, retries).CustomerOverview(t.Context(), 1, CustomerOverviewOptions{})
				if err != nil || *overview.Status != "Active" {
					t.Errorf("got %v, %v; want an active customer", overview, err)
				}
			})
		})
	}
}

// Neither a back-off nor a Retry-After outlives the read's deadline, and an
// interrupt ends it at once.
func TestClient_retriesUntilDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 1})
		api.InjectFault(1, fusebilltest.Always, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		begin := time.Now()
		_, err := simulated(api, 4).CustomerOverview(ctx, 1, CustomerOverviewOptions{})
		if !errors.Is(err, ErrUnavailable) || time.Since(begin) != 0 {
			t.Errorf("got %v after %s, want the server's error at once", err, time.Since(begin))
		}

		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err = simulated(api, 4).CustomerOverview(ctx, 1, CustomerOverviewOptions{})
		if !errors.Is(err, context.Canceled) || time.Since(begin) != time.Second {
			t.Errorf("got %v after %s, want Canceled after a second", err, time.Since(begin))
		}
	})
}

// Identical reads that wait for quota share a request; others do not.
func TestClient_sharesWaitingReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := fusebilltest.New(fusebilltest.Options{Fleet: 3, Minute: fusebilltest.Window{Limit: 1}})
		client := simulated(api, 0)
		if _, err := client.CustomerOverview(t.Context(), 3, CustomerOverviewOptions{}); err != nil {
			t.Fatal(err)
		}
		results := make(chan error)
		for range 5 {
			for _, options := range []CustomerOverviewOptions{{}, {WithoutFinancials: true}} {
				go func() {
					_, err := client.CustomerOverview(t.Context(), 1, options)
					results <- err
				}()
			}
		}
		for range 10 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if got := api.Stats().Customers[1]; got != 2 {
			t.Errorf("ten reads, alike but for the financials, were %d requests, want 2", got)
		}
	})
}
