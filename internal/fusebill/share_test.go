package fusebill

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// desk is a send function whose requests leave, and are answered, when a test says.
type desk struct {
	sent  int
	leave chan struct{} // One token lets one request leave.
	reply chan error    // What comes back.
}

func newDesk() *desk { return &desk{leave: make(chan struct{}), reply: make(chan error)} }

func (d *desk) send(ctx context.Context, sending func()) (int, error) {
	select {
	case <-d.leave:
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	sending()
	d.sent++
	n := d.sent
	select {
	case err := <-d.reply:
		return n, err
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

type outcome struct {
	value int
	err   error
}

// read reads in the background.
func read(ctx context.Context, s *sharer[string, int], d *desk) chan outcome {
	result := make(chan outcome, 1)
	go func() {
		value, err := s.do(ctx, "key", d.send)
		result <- outcome{value, err}
	}()
	synctest.Wait()
	return result
}

// Reads share a request until it leaves. One that begins later gets an answer of
// its own, though the first has not been answered yet.
func TestSharer_untilSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, d := &sharer[string, int]{}, newDesk()
		first, second := read(t.Context(), s, d), read(t.Context(), s, d)
		d.leave <- struct{}{}
		synctest.Wait()
		third := read(t.Context(), s, d)
		d.reply <- nil
		for _, result := range []chan outcome{first, second} {
			if got := <-result; got != (outcome{1, nil}) {
				t.Errorf("who came before it left got %+v, want the first answer", got)
			}
		}
		d.leave <- struct{}{}
		d.reply <- nil
		if got := <-third; got != (outcome{2, nil}) {
			t.Errorf("who came after it left got %+v, want the second answer", got)
		}
	})
}

// Who gives up leaves the request to the others.
func TestSharer_givingUp(t *testing.T) {
	t.Parallel()
	for _, afterLeaving := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s, d := &sharer[string, int]{}, newDesk()
			ctx, cancel := context.WithCancel(t.Context())
			first, second := read(ctx, s, d), read(t.Context(), s, d)
			if afterLeaving {
				d.leave <- struct{}{}
			}
			cancel()
			if got := <-first; !errors.Is(got.err, context.Canceled) {
				t.Errorf("who gave up got %+v, want Canceled", got)
			}
			if !afterLeaving {
				d.leave <- struct{}{}
			}
			d.reply <- nil
			if got := <-second; got != (outcome{1, nil}) {
				t.Errorf("who stayed got %+v, want the first answer", got)
			}
		})
	}
}

// With its last reader a request ends, and nobody joins it any more.
func TestSharer_lastOneOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, d := &sharer[string, int]{}, newDesk()
		ctx, cancel := context.WithCancel(t.Context())
		first, second := read(ctx, s, d), read(ctx, s, d)
		cancel()
		<-first
		<-second
		synctest.Wait()
		third := read(t.Context(), s, d)
		d.leave <- struct{}{} // The goroutine of the cancelled one no longer listens.
		d.reply <- nil
		if got := <-third; got != (outcome{1, nil}) {
			t.Errorf("who came later got %+v, want an answer", got)
		}
	})
}

// Whose deadline comes first does not wait for a request that may take longer, and
// whose comes later is not failed by one that may not.
func TestSharer_deadlines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, d := &sharer[string, int]{}, newDesk()
		within := func(timeout time.Duration) context.Context {
			ctx, cancel := context.WithTimeout(t.Context(), timeout)
			t.Cleanup(cancel)
			return ctx
		}
		long := read(within(time.Hour), s, d)
		short := read(within(time.Minute), s, d)
		joining := read(within(2*time.Minute), s, d)
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := <-short; !errors.Is(got.err, context.DeadlineExceeded) {
			t.Errorf("the short one got %+v, want DeadlineExceeded", got)
		}
		for range 2 { // The long one's, and one for who had joined the short one's.
			d.leave <- struct{}{}
			d.reply <- nil
		}
		for name, result := range map[string]chan outcome{"long": long, "joining": joining} {
			if got := <-result; got.err != nil {
				t.Errorf("the %s one got %+v, want an answer", name, got)
			}
		}
		if d.sent != 2 {
			t.Errorf("%d requests were sent, want 2", d.sent)
		}
	})
}
