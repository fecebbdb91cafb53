package fusebill

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill/quota"
)

// sharer lets reads of the same thing that wait to be sent share one request. A
// read never gets the answer to a request that was sent before the read began, so
// that it never sees what was true earlier. A reader that gives up leaves the
// request to the others; with the last one it is cancelled.
type sharer[K comparable, V any] struct {
	mu      sync.Mutex
	waiting map[K]*shared[V] // Those that are not sent yet.
}

// shared is a request and its readers.
type shared[V any] struct {
	deadline time.Time // Zero means none.
	readers  int
	cancel   context.CancelFunc
	done     chan struct{} // Closed once value and err are there.
	value    V
	err      error
}

// do reads by way of send, which must call sending before the request leaves. All
// who share a request get the same value.
func (s *sharer[K, V]) do(ctx context.Context, key K, send func(ctx context.Context, sending func()) (V, error)) (V, error) {
	for {
		request, joined := s.join(ctx, key, send)
		select {
		case <-request.done:
			if joined && ctx.Err() == nil && outOfTime(request.err) {
				continue // The request's time was over, which was less than ours.
			}
			return request.value, request.err
		case <-ctx.Done():
			s.leave(key, request)
			var none V
			return none, context.Cause(ctx)
		}
	}
}

// join finds a request that waits and has no more time than we have, or begins one.
func (s *sharer[K, V]) join(ctx context.Context, key K, send func(context.Context, func()) (V, error)) (request *shared[V], joined bool) {
	deadline, _ := ctx.Deadline()
	s.mu.Lock()
	defer s.mu.Unlock()
	if request := s.waiting[key]; request != nil && (deadline.IsZero() || !request.deadline.IsZero() && !request.deadline.After(deadline)) {
		request.readers++
		return request, true
	}
	request = &shared[V]{deadline: deadline, readers: 1, done: make(chan struct{})}
	detached := context.WithoutCancel(ctx)
	if deadline.IsZero() {
		detached, request.cancel = context.WithCancel(detached)
	} else {
		detached, request.cancel = context.WithDeadline(detached, deadline)
	}
	if s.waiting == nil {
		s.waiting = map[K]*shared[V]{}
	}
	s.waiting[key] = request
	go func() {
		defer request.cancel()
		defer close(request.done)
		defer s.close(key, request)
		request.value, request.err = send(detached, func() { s.close(key, request) })
	}()
	return request, false
}

// leave gives a request up, which ends it where nobody else wants it.
func (s *sharer[K, V]) leave(key K, request *shared[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request.readers--
	if request.readers == 0 {
		s.forget(key, request)
		request.cancel()
	}
}

// close lets nobody else join a request.
func (s *sharer[K, V]) close(key K, request *shared[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(key, request)
}

// forget is close for who holds the mutex.
func (s *sharer[K, V]) forget(key K, request *shared[V]) {
	if s.waiting[key] == request {
		delete(s.waiting, key)
	}
}

// outOfTime reports whether a read failed for the time that it had.
func outOfTime(err error) bool {
	quotaError := (*quota.Error)(nil)
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &quotaError)
}
