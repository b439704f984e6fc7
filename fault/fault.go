// Package fault names the places in which a process may die, so that a test can make it die
// exactly there.
//
// A point does nothing and costs one atomic load until it is switched on: by [On] within a
// test, or for a child process by the environment variable DAUYS_CRASH=name:n, which makes
// the process kill itself with SIGKILL when it reaches that point for the nth time.
//
// The points, and what must hold when a process dies there:
//
//	file-before-commit            nothing of the case is stored; the number is free again
//	file-after-commit             the case is stored; filing the same draft returns it
//	act-before-commit             the case is as it was
//	act-after-commit              the case has moved; the same cause does not move it again
//	prompt-before-commit          the prompt is as it was
//	prompt-after-commit           the prompt has changed; the same cause does not change it again
//	sending-frozen                the answers of a draft are frozen; sent again it is filed once
//	session-before-write          the dialogue is as it was
//	session-written               the dialogue has moved; its replies are in the unsent set
//	session-saved                 the same, with the answer not yet handed to who sends it
//	replies-sent-before-mark      the replies were sent and are still in the unsent set: one extra copy
//	notification-sent-before-mark the notification was sent and still waits: one extra copy
//	notification-marked           the notification is sent and does not come again
//	card-sent-before-mark         the card was shown and is still due: one extra card
//	card-marked                   the card is shown and not due
//	update-kept                   the raw update is stored and may be acknowledged
//
// A point that another package adds belongs into this table; a test compares it with the
// sources.
package fault

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

var (
	armed atomic.Bool // some point is switched on, or points are being listed
	mu    sync.Mutex
	traps = map[string][]*trap{}
	seen  map[string]int // nil unless points are being listed
)

type trap struct {
	left int // times until it goes off
	do   func()
}

func init() {
	v := os.Getenv("DAUYS_CRASH")
	if v == "" {
		return
	}
	name, n, err := parse(v)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	On(name, n, func() {
		fmt.Fprintf(os.Stderr, "fault: killed at %s\n", v)
		if p, err := os.FindProcess(os.Getpid()); err == nil {
			_ = p.Kill()
		}
		select {} // SIGKILL comes at once, but perhaps not before the next instruction
	})
}

// parse reads name:n; a name alone means the first time.
func parse(v string) (name string, n int, err error) {
	name, count, ok := strings.Cut(v, ":")
	if !ok {
		return name, 1, nil
	}
	n, err = strconv.Atoi(count)
	if err != nil || n < 1 || name == "" {
		return "", 0, fmt.Errorf("fault: DAUYS_CRASH=%s: write it as name:n with n from 1", v)
	}
	return name, n, nil
}

// Point marks a place in which a fault may be planted.
func Point(name string) {
	if armed.Load() {
		reach(name)
	}
}

func reach(name string) {
	mu.Lock()
	if seen != nil {
		seen[name]++
	}
	var do []func()
	traps[name] = slices.DeleteFunc(traps[name], func(t *trap) bool {
		t.left--
		if t.left > 0 {
			return false
		}
		do = append(do, t.do)
		return true
	})
	mu.Unlock()
	for _, f := range do {
		f()
	}
}

// On plants a fault: the nth time from now that the point is reached, do runs there, once. It may
// panic to leave the place in a hurry. The function that is returned takes the fault away.
func On(name string, n int, do func()) (off func()) {
	mu.Lock()
	defer mu.Unlock()
	t := &trap{left: n, do: do}
	traps[name] = append(traps[name], t)
	armed.Store(true)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		traps[name] = slices.DeleteFunc(traps[name], func(other *trap) bool { return other == t })
		disarm()
	}
}

// Watch begins to list the points that are reached. The function that is returned ends it and
// tells their names in alphabetical order.
func Watch() (stop func() []string) {
	mu.Lock()
	defer mu.Unlock()
	seen = map[string]int{}
	armed.Store(true)
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		names := slices.Sorted(maps.Keys(seen))
		seen = nil
		disarm()
		return names
	}
}

// disarm makes points cheap again when nothing is planted. The caller holds mu.
func disarm() {
	if seen != nil {
		return
	}
	for _, ts := range traps {
		if len(ts) > 0 {
			return
		}
	}
	armed.Store(false)
}
