// SPDX-License-Identifier: MPL-2.0

package fusebill

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"

	"golang.org/x/sync/singleflight"
)

// maxOverviewBytes is the maximum size of an overview after decompression. A complete one has about
// 2 KiB.
const maxOverviewBytes = 1 << 20

// customerDecoder decodes a T from the overview of the customer with the given ID.
type customerDecoder[T any] func(d *objectDecoder, id int64, options CustomerOverviewOptions) *T

// getCustomer reads the overview of a customer and decodes a T from it.
func getCustomer[T any](
	ctx context.Context, c *Client, id int64, options CustomerOverviewOptions, decode customerDecoder[T], onSend func(),
) (*T, error) {
	query := url.Values{}
	if options.WithoutFinancials {
		query.Set("showCustomerFinancialsInCustomerOverview", "false")
	}
	resp, err := c.get(ctx, resource{
		path: overviewPath(id), query: query, maxBytes: maxOverviewBytes, onSend: onSend,
		// The ID is text, since Terraform logs a number in the form 1.1673101e+07.
		logFields: map[string]any{"customer_id": strconv.FormatInt(id, 10)},
	})
	if err != nil {
		return nil, err
	}
	customer, decodeErr := decodeCustomer(resp, id, options, decode)
	if decodeErr != nil {
		return nil, c.redactFound(decodeErr)
	}
	return customer, nil
}

// decodeCustomer decodes a T from a response. The body must be exactly one JSON object.
func decodeCustomer[T any](resp *response, id int64, options CustomerOverviewOptions, decode customerDecoder[T]) (*T, *DecodeError) {
	d := resp.object
	if d == nil {
		return nil, resp.unexpected("one JSON object")
	}
	customer := decode(d, id, options)
	if d.err != nil {
		return nil, d.err
	}
	return customer, nil
}

func overviewPath(id int64) string { return fmt.Sprintf("customers/%d/overview", id) }

// shareCustomer is like [getCustomer], but reads of the same T that are not yet sent share one request.
// A read never gets the response to a request that was sent before the read began. If the read that
// sends the request ends early, the other reads send the request again. If another read ends early,
// the request continues, and the error of that read does not include the failures of the request.
func shareCustomer[T any](
	ctx context.Context, c *Client, id int64, options CustomerOverviewOptions, decode customerDecoder[T],
) (*T, error) {
	key := fmt.Sprintf("%T %d %t", (*T)(nil), id, options.WithoutFinancials)
	for {
		var sends atomic.Bool
		results := c.waiting.DoChan(key, func() (any, error) {
			sends.Store(true)
			return getCustomer(ctx, c, id, options, decode, func() { c.waiting.Forget(key) })
		})
		var result singleflight.Result
		select {
		case result = <-results:
		case <-ctx.Done():
			if !sends.Load() {
				path := c.config.BaseURL.JoinPath(overviewPath(id)).Path
				return nil, ended(Request{Method: http.MethodGet, Path: path}, context.Cause(ctx), nil)
			}
			result = <-results // The request ends at once, with the last failure.
		}
		if !sends.Load() && ctx.Err() == nil && gaveUp(result.Err) {
			continue
		}
		customer, _ := result.Val.(*T)
		return customer, result.Err
	}
}

// gaveUp reports whether a read ended because of its own deadline or cancellation. Another read can
// have more time.
func gaveUp(err error) bool {
	var limit *RateLimitError
	if errors.As(err, &limit) {
		return true
	}
	r := requestOf(err)
	return r != nil && r.Ended != nil
}
