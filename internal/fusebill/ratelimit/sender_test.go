// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

const latency = 50 * time.Millisecond

// inProcess counts the requests in flight to a handler in this process.
type inProcess struct {
	handler http.Handler

	mu            sync.Mutex
	inFlight, max int
}

func (p *inProcess) RoundTrip(request *http.Request) (*http.Response, error) {
	p.mu.Lock()
	p.inFlight++
	p.max = max(p.max, p.inFlight)
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.inFlight--
		p.mu.Unlock()
	}()
	return fusebilltest.InProcess(p.handler).RoundTrip(request)
}

// sender sends requests through a limiter, and resends those that get a 429, as a client does.
type sender struct {
	*Limiter
	network http.RoundTripper
}

func newSender(network http.RoundTripper, options Options) sender {
	return sender{Limiter: New(options), network: network}
}

func (s sender) RoundTrip(request *http.Request) (*http.Response, error) {
	for {
		done, err := s.Acquire(request.Context())
		if err != nil {
			return nil, err
		}
		response, err := s.network.RoundTrip(request)
		if err != nil {
			done(0, nil)
			return nil, err
		}
		done(response.StatusCode, response.Header)
		if response.StatusCode != http.StatusTooManyRequests {
			return response, nil
		}
		if err := response.Body.Close(); err != nil {
			return nil, err
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// read requests a customer and returns the status code.
func read(ctx context.Context, transport http.RoundTripper, id int) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://fusebill.example/v1/customers/%d/overview", id), nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Basic "+fusebilltest.Key)
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// readAll reads customers 1 to n, ten at a time as Terraform does, and returns the errors.
func readAll(ctx context.Context, transport http.RoundTripper, n int) error {
	ids := make(chan int)
	results := make(chan error)
	for range 10 {
		go func() {
			for id := range ids {
				status, err := read(ctx, transport, id)
				if err == nil && status != http.StatusOK {
					err = fmt.Errorf("customer %d: status %d", id, status)
				}
				results <- err
			}
		}()
	}
	go func() {
		defer close(ids)
		for id := 1; id <= n; id++ {
			ids <- id
		}
	}()
	var all error
	for range n {
		all = errors.Join(all, <-results)
	}
	return all
}
