package bot

import (
	"context"
	"log/slog"
	"time"
)

// Leases is where processes agree which of them does a thing.
type Leases interface {
	// Beat is who holds a lease and how often it was renewed.
	Beat(ctx context.Context, name string) (holder string, n int64, err error)
	// TakeBeat takes, renews or (holder empty) gives back a lease, if it is as it was seen.
	TakeBeat(ctx context.Context, name, holder string, seenHolder string, seenN int64) (bool, error)
}

// Lead runs do in one process at a time. Who wants the lease watches its count by its own
// monotonic clock, so no two clocks have to agree: when the count has not moved for a term,
// its holder is gone. A process that cannot renew in time stops by itself first. Alone says
// that there can be no other process, so that nothing has to be waited for.
func Lead(ctx context.Context, store Leases, clock Clock, name, me string, term time.Duration, alone bool, log *slog.Logger, do func(context.Context)) {
	log = quiet(log)
	var holder string
	var count int64
	since := clock.Mono()
	for ctx.Err() == nil {
		h, n, err := store.Beat(ctx, name)
		if err == nil && (h != holder || n != count) {
			holder, count, since = h, n, clock.Mono()
		}
		free := h == "" || h == me || alone || clock.Mono().Sub(since) >= term
		if err == nil && free {
			asked := clock.Mono()
			if ok, err := store.TakeBeat(ctx, name, me, h, n); err == nil && ok {
				log.Info("lease taken", "lease", name)
				hold(ctx, store, clock, name, me, n+1, asked, term, do)
			}
		}
		if pause(ctx, min(term/5, time.Second)) != nil {
			return
		}
	}
}

// hold runs do while the lease can be renewed, and gives it back at the end. Renewed is when
// the lease was asked for: the others count from then at the earliest. However long the
// store takes to answer, the work is stopped while a quarter of the term is left.
func hold(ctx context.Context, store Leases, clock Clock, name, me string, n int64, renewed time.Time, term time.Duration, do func(context.Context)) {
	work, stop := context.WithCancel(ctx)
	defer stop()
	left := func() time.Duration { return renewed.Add(term * 3 / 4).Sub(clock.Mono()) }
	over := time.AfterFunc(left(), stop)
	defer over.Stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do(work)
	}()
	tick := time.NewTicker(term / 4)
	defer tick.Stop()
	for work.Err() == nil {
		select {
		case <-done:
			stop()
		case <-work.Done():
		case <-tick.C:
			asked := clock.Mono()
			renewing, cancel := context.WithTimeout(work, term/4)
			ok, err := store.TakeBeat(renewing, name, me, me, n)
			cancel()
			switch {
			case err == nil && ok:
				n, renewed = n+1, asked
				over.Reset(left())
			case err == nil:
				stop() // somebody else has it
			}
		}
	}
	<-done
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_, _ = store.TakeBeat(last, name, "", me, n) // if not, the next one waits for a term
}
