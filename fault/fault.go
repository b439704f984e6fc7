// Package fault names the places in which a process may die, so that a test can make it die
// exactly there.
//
// A point does nothing and costs one atomic load until it is switched on: by [On] within a
// test, or for a child process by the environment variable DAUYS_CRASH=name:n, which makes
// the process kill itself with SIGKILL when it reaches that point for the nth time.
//
// The points, the moment of docs/reliability.md to which each belongs, and what must hold when a
// process dies there:
//
//	update-came                   K0  nothing is stored; the update comes again
//	session-before-write          K0  the dialogue is as it was
//	update-kept                   K1  the raw update is stored and may be acknowledged
//	update-handled                K1  the effects are stored; the update comes again and has no second one
//	sending-frozen                K2  the answers of a draft are frozen; sent again it is filed once
//	session-written               K2  the dialogue has moved; its replies are in the unsent set
//	session-saved                 K2  the same, with the answer not yet handed to who sends it
//	replies-sent-before-mark      K3  the replies were sent and are still in the unsent set: one extra copy
//	file-before-commit            K4  nothing of the case is stored; the number is free again
//	act-before-commit             K4  the case is as it was
//	together-before-commit        -   all of the cases are as they were
//	branch-before-commit          -   the case is as it was, there is no other, and the number is free again
//	prompt-before-commit          K4  the prompt is as it was
//	file-after-commit             K5  the case is stored; filing the same draft returns it
//	act-after-commit              K5  the case has moved; the same cause does not move it again
//	together-after-commit         -   all of the cases have changed; the same cause does not change them again
//	branch-after-commit           -   the part is a case of its own; the same cause makes no other
//	prompt-after-commit           K5  the prompt has changed; the same cause does not change it again
//	card-before-send              K6  the card is due
//	card-sent-before-mark         K7  the card was shown and is still due: one extra card
//	card-marked                   K8  the card is shown and not due; what else is to be told waits
//	notification-before-send      K8  the notification waits
//	notification-sent             K9  the notification was sent and still waits: one extra copy
//	notification-sent-before-mark K9  the same, with the case closed if it was its answer
//	notification-marked           K9  the notification is sent and does not come again
//	topic-made                    -   a topic was made and is not noted: one extra empty topic, the card comes in another
//	file-uploaded                 -   a document was sent, the messenger's name for it is not stored: one extra copy, uploaded anew
//	meeting-before-commit         K4  the meeting is as it was
//	meeting-minutes-made          K5  the minutes are kept and on their way; the decisions wait for the clock
//	meeting-decision-out          K5  some decisions are out, and do not go out again; the clock lets out the rest
//	queue-before-commit           -   the queue is as it was
//	queue-after-commit            -   the queue has changed; the same cause does not change it again
//	press-done                    K10 what staff pressed is done; the card is due, the press unanswered
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
