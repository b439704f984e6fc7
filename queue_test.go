package dauys

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// doorOpens is when reception opens on a Monday.
var doorOpens = time.Date(2026, time.November, 23, 4, 0, 0, 0, time.UTC)

func newQueue(t *testing.T) *Queue {
	t.Helper()
	o, ok := Builtin().Office("reception")
	if !ok || o.Queue == nil {
		t.Fatal("the Public Reception Office has no queue")
	}
	return NewQueue(o, Builtin().Calendar, doorOpens)
}

var (
	ainur  = Staff{ID: 1, Address: "telegram:210", Name: "Айнұр"}
	sergey = Staff{ID: 2, Address: "telegram:211", Name: "Сергей"}
	madina = Staff{ID: 3, Address: "telegram:212", Name: "Мадина"}
)

func visitor(i int) Place {
	return Place{Who: Address(fmt.Sprint("telegram:", 1000+i)), Name: fmt.Sprint("Visitor ", i)}
}

func why(err error) QueueWhy {
	no, _ := errors.AsType[*QueueError](err)
	if no == nil {
		return ""
	}
	return no.Why
}

// A morning at the door: sixty people, of whom every fifth has no phone, three windows, some who do
// not come when they are called and come back, some who go home. The clock moves, and the order in
// which people are called is that in which they came.
func TestMorningAtTheDoor(t *testing.T) {
	q, now := newQueue(t), doorOpens
	var windows []int
	officers := []Staff{ainur, sergey, madina}
	for _, who := range officers {
		w, err := q.OpenWindow(who)
		if err != nil {
			t.Fatal(err)
		}
		windows = append(windows, w)
	}
	if _, err := q.OpenWindow(Staff{Address: "telegram:213"}); why(err) != NoWindow {
		t.Errorf("a fourth window: %v", err)
	}
	var first []int // numbers as they were called for the first time
	var back []int  // who was called again after they had missed their call
	var log strings.Builder
	for minute := 0; len(first)+1 < 60 || len(q.Line) > 0; minute++ {
		if minute > 600 {
			t.Fatalf("the morning does not end: %v\n%s", q.Line, log.String())
		}
		now = now.Add(time.Minute)
		for range 2 { // two come each minute
			if i := len(q.Places) + 1; i <= 60 {
				p := visitor(i)
				if i%5 == 0 {
					p.Who = ""
				}
				if n, err := q.Join(p, now); err != nil || n != i {
					t.Fatalf("the %dth got number %d: %v", i, n, err)
				}
			}
		}
		if minute == 20 { // number 41 loses patience
			if err := q.Leave(41); err != nil {
				t.Fatal(err)
			}
		}
		w := minute % 3
		called, err := q.Next(windows[w], officers[w])
		if why(err) == NobodyWaits {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if called.N == 0 { // the last talk has ended
			continue
		}
		fmt.Fprintf(&log, "%s %s calls %d\n", now.Format("15:04"), officers[w].Name, called.N)
		if called.Missed > 0 {
			back = append(back, called.N)
			continue
		}
		first = append(first, called.N)
		if called.N%7 == 0 { // does not come, and is back three minutes later
			if _, err := q.Miss(windows[w], officers[w]); err != nil {
				t.Fatal(err)
			}
			if err := q.Return(called.N); err != nil {
				t.Fatal(err)
			}
			if ahead, _ := q.Ahead(called.N); ahead > 2 {
				t.Errorf("number %d has %d ahead", called.N, ahead)
			}
		}
	}
	var want []int
	for n := 1; n <= 60; n++ {
		if n != 41 {
			want = append(want, n)
		}
	}
	if !slices.Equal(first, want) {
		t.Errorf("called were %v\n%s", first, log.String())
	}
	if want := []int{7, 14, 21, 28, 35, 42, 49, 56}; !slices.Equal(back, want) {
		t.Errorf("came back %v, want %v\n%s", back, want, log.String())
	}
	for _, p := range q.Places {
		if want := map[bool]PlaceState{true: Gone, false: Served}[p.N == 41]; p.State != want && p.State != Called {
			t.Errorf("number %d is %s", p.N, p.State)
		}
	}
}

// Whatever happens on a morning, the order is that of arrival: checked after each of some hundred
// thousand things that random people do, against a list that knows nothing of the queue's own.
func TestOrderOfArrival(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		q := newQueue(t)
		officers := []Staff{ainur, sergey, madina}
		came := map[int]bool{}   // wait, and were never called
		last := 0                // the highest number that was called for the first time
		told := map[string]int{} // what was told
		var done []string
		for range 400 {
			q.news = nil
			who := officers[r.IntN(3)]
			w := slices.IndexFunc(q.Windows, func(w Window) bool { return w.Open && w.Officer == who.Address }) + 1
			n := r.IntN(len(q.Places)+1) + 1
			waited, before := slices.Contains(q.Line, n), slices.Clone(q.Line)
			act := []string{"join", "join", "join", "next", "next", "next", "miss", "return", "leave", "open", "shut", "pause", "resume", "recall"}[r.IntN(14)]
			var err error
			switch act {
			case "join":
				var got int
				p := visitor(r.IntN(80))
				_, had := q.Of(p.Who)
				if got, err = q.Join(p, doorOpens); err == nil && !had {
					came[got] = true
				}
			case "next":
				var p Place
				if p, err = q.Next(w, who); err == nil && p.N > 0 && p.Missed == 0 {
					for m := range came {
						if m < p.N {
							t.Fatalf("seed %d: %d is called before %d: %v", seed, p.N, m, done)
						}
					}
					if p.N <= last {
						t.Fatalf("seed %d: %d is called after %d: %v", seed, p.N, last, done)
					}
					last = p.N
					delete(came, p.N)
				}
				if err == nil && p.N > 0 && p.N != before[0] {
					t.Fatalf("seed %d: %d is called from %v", seed, p.N, before)
				}
			case "miss":
				_, err = q.Miss(w, who)
			case "return":
				if err = q.Return(n); err == nil {
					p, _ := q.Place(n)
					ahead, _ := q.Ahead(n)
					strangers := 0
					for _, m := range q.Line[:ahead] {
						if q.Places[m-1].Missed == 0 {
							strangers++
						}
					}
					if p.Missed == 1 && strangers > behind || p.Missed > 1 && ahead != len(q.Line)-1 {
						t.Fatalf("seed %d: %d, who missed %d times, comes back behind %d of %v", seed, n, p.Missed, ahead, q.Line)
					}
				}
			case "leave":
				if err = q.Leave(n); err == nil {
					delete(came, n)
				}
			case "open":
				_, err = q.OpenWindow(who)
			case "shut":
				err = q.CloseWindow(w, who)
			case "pause":
				err = q.Pause()
			case "resume":
				err = q.Resume()
			case "recall":
				_, err = q.Recall(w, who)
			}
			done = append(done, fmt.Sprint(act, " ", n, " ", waited, " ", err))
			for _, news := range q.News() {
				key := fmt.Sprint(news)
				if told[key]++; told[key] > 1 {
					t.Fatalf("seed %d: told twice %s: %v", seed, key, done)
				}
			}
			holds(t, q)
			if t.Failed() {
				t.Fatalf("seed %d: %v", seed, done)
			}
		}
	}
}

// holds checks what is always so.
func holds(t *testing.T, q *Queue) {
	t.Helper()
	arrived := 0
	for _, n := range q.Line {
		p := q.Places[n-1]
		if p.State != Waits {
			t.Errorf("number %d is in the line and %s", n, p.State)
		}
		if p.Missed == 0 {
			if n < arrived {
				t.Errorf("the line is %v", q.Line)
			}
			arrived = n
		}
	}
	at := map[int]int{}
	for i, w := range q.Windows {
		if w.Place > 0 {
			at[w.Place]++
			if p := q.Places[w.Place-1]; !w.Open || p.State != Called || p.Window != i+1 {
				t.Errorf("window %d (open: %v) has number %d, who is %s at %d", i+1, w.Open, w.Place, p.State, p.Window)
			}
		}
	}
	for i, p := range q.Places {
		in := 0
		for _, n := range q.Line {
			if n == p.N {
				in++
			}
		}
		if p.N != i+1 || in != map[bool]int{true: 1}[p.State == Waits] || at[p.N] != map[bool]int{true: 1}[p.State == Called] {
			t.Errorf("number %d is %s, %d times in the line, at %d windows", p.N, p.State, in, at[p.N])
		}
	}
}

func TestPlaceInTheQueue(t *testing.T) {
	q := newQueue(t)
	join := func(p Place) int {
		t.Helper()
		n, err := q.Join(p, doorOpens)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	online := visitor(1)
	online.Online = true
	if join(online) != 1 || join(visitor(2)) != 2 || join(visitor(1)) != 1 {
		t.Error("one person has one place")
	}
	if q.Places[0].Online {
		t.Error("who scans the code at the door is at the door")
	}
	if join(Place{}) != 3 || join(Place{}) != 4 {
		t.Error("people without a phone are different people")
	}
	w, err := q.OpenWindow(ainur)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.OpenWindow(ainur); why(err) != HasWindow {
		t.Errorf("a second window of one officer: %v", err)
	}
	if _, err := q.Next(w, sergey); why(err) != NotYours {
		t.Errorf("at the window of another: %v", err)
	}
	if _, err := q.Recall(w, ainur); why(err) != NobodyThere {
		t.Errorf("nobody is there: %v", err)
	}
	if p, err := q.Next(w, ainur); err != nil || p.N != 1 || q.Places[0].State != Called {
		t.Errorf("called is %d: %v", p.N, err)
	}
	if _, err := q.See(w, ainur, "licence"); why(err) != NotInLine {
		t.Errorf("a document that is none: %v", err)
	}
	if p, err := q.See(w, ainur, "passport"); err != nil || p.Seen != "passport" || p.SeenBy != ainur.Name {
		t.Errorf("seen: %+v %v", p, err)
	}
	if err := q.Registered(1, "REC-2026-000001"); err != nil || q.Places[0].Case == "" {
		t.Errorf("registered: %v", err)
	}
	if err := q.Leave(1); err != nil || q.Windows[0].Place != 0 {
		t.Errorf("who leaves from a window frees it: %v", err)
	}
	if join(visitor(1)) != 5 {
		t.Error("who has left comes anew")
	}
	if err := q.Pause(); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Next(w, ainur); why(err) != QueueRests {
		t.Errorf("called while the queue rests: %v", err)
	}
	if join(visitor(6)) != 6 {
		t.Error("one can come while it rests")
	}
	if err := q.Resume(); err != nil {
		t.Fatal(err)
	}
	if p, err := q.Next(w, ainur); err != nil || p.N != 2 {
		t.Errorf("called is %d: %v", p.N, err)
	}
	q.news = nil
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	over := 0
	for _, n := range q.News() {
		if n.What == NewsOver {
			over++
		}
	}
	if over != 2 { // 5 and 6: the others have no phone
		t.Errorf("%d are told that reception is over", over)
	}
	if _, err := q.Join(visitor(7), doorOpens); why(err) != QueueOver {
		t.Errorf("came when it is over: %v", err)
	}
	if !q.Windows[0].Open || !q.Waking().Equal(q.Ends.Add(lateWindow)) {
		t.Error("who is at a window is received to the end")
	}
	if p, err := q.Next(w, ainur); err != nil || p.N != 0 || q.Places[1].State != Served {
		t.Errorf("after the end %d is called: %v", p.N, err)
	}
	if _, err := q.Next(w, ainur); why(err) != QueueOver {
		t.Errorf("a closed queue calls: %v", err)
	}
	q.Tick(q.Ends.Add(lateWindow))
	if q.Windows[0].Open || !q.Waking().IsZero() {
		t.Error("a window stays open for ever")
	}
}

// Everybody hears once that three are ahead, and once that they are next, unless they saw it when they
// came.
func TestQueueNews(t *testing.T) {
	q := newQueue(t)
	for i := range 8 {
		if _, err := q.Join(visitor(i), doorOpens); err != nil {
			t.Fatal(err)
		}
	}
	w, err := q.OpenWindow(ainur)
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		if _, err := q.Next(w, ainur); err != nil {
			t.Fatal(err)
		}
	}
	got := map[QueueNews][]int{}
	for _, n := range q.News() {
		got[n.What] = append(got[n.What], n.N)
	}
	if want := []int{5, 6, 7, 8}; !slices.Equal(got[NewsNear], want) {
		t.Errorf("near: %v, want %v", got[NewsNear], want)
	}
	if want := []int{3, 4, 5, 6, 7, 8}; !slices.Equal(got[NewsNext], want) {
		t.Errorf("next: %v, want %v", got[NewsNext], want)
	}
	if want := []int{1, 2, 3, 4, 5, 6, 7, 8}; !slices.Equal(got[NewsCall], want) {
		t.Errorf("called: %v", got[NewsCall])
	}
}

func TestOnlineTalk(t *testing.T) {
	q := newQueue(t)
	p := visitor(1)
	p.Online = true
	if _, err := q.Join(p, doorOpens); err != nil {
		t.Fatal(err)
	}
	if err := q.Begin(1); why(err) != NotInLine {
		t.Errorf("begun before the call: %v", err)
	}
	w, err := q.OpenWindow(ainur)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Next(w, ainur); err != nil {
		t.Fatal(err)
	}
	if err := q.Says(1, Said{Text: "early"}); why(err) != NotInLine {
		t.Errorf("said before it began: %v", err)
	}
	if err := q.Begin(1); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("ұ", mostWords-3)
	for _, text := range []string{"one", long, "too much"} {
		if err := q.Says(1, Said{Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	if text, _ := q.Places[0].Words(); text != "one\n\n"+long {
		t.Errorf("kept are %d letters", len(text))
	}
	q.news = nil
	if err := q.CloseWindow(w, ainur); err != nil || len(q.News()) != 1 || q.News()[0].What != NewsEnded {
		t.Errorf("the end of a talk: %v %v", q.News(), err)
	}
	if err := q.Says(1, Said{Text: "late"}); why(err) != NotInLine {
		t.Errorf("said after the end: %v", err)
	}
}

func TestReceptionHours(t *testing.T) {
	o, _ := Builtin().Office("reception")
	c := Builtin().Calendar
	for _, at := range []struct {
		utc  string
		open bool
		next string
	}{
		{"2026-11-23 03:59", false, "2026-11-23 04:00"}, // before nine on a Monday
		{"2026-11-23 04:00", true, "2026-11-24 04:00"},
		{"2026-11-23 12:00", false, "2026-11-24 04:00"}, // five o'clock sharp
		{"2026-11-27 13:00", false, "2026-11-30 04:00"}, // Friday evening
		{"2026-12-16 06:00", false, "2026-12-17 04:00"}, // Independence Day
	} {
		now, err := time.Parse("2006-01-02 15:04", at.utc)
		if err != nil {
			t.Fatal(err)
		}
		next := o.Queue.Next(c, now).UTC().Format("2006-01-02 15:04")
		if open := o.Queue.Open(c, now); open != at.open || next != at.next {
			t.Errorf("%s: open %v, next %s", at.utc, open, next)
		}
	}
	if id := QueueID("reception", c, time.Date(2026, time.November, 22, 20, 0, 0, 0, time.UTC)); id != "reception.20261123" { // one o'clock at night in Almaty
		t.Error(id)
	}
	if id, w, ok := IsQueueCard(QueueCard("reception.20261123", 2)); !ok || id != "reception.20261123" || w != 2 {
		t.Error(id, w, ok)
	}
	if _, _, ok := IsQueueCard("ALT-2026-000001"); ok {
		t.Error("a case is no queue")
	}
}
