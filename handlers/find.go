package handlers

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Looking for a case by its words. They are sealed where they are stored, so the cases of the office are
// opened one after the other, compared in memory, and forgotten.

const (
	findDays   = 180  // settled cases of so many days are looked through
	mostFound  = 3000 // cases of an office that are looked through, the newest
	mostShown  = 50   // of those that fit, the best
	mostSought = 8    // words
	longSought = 200  // characters
)

// find is the command /find.
func (h *Handlers) find(ctx context.Context, a at) error {
	words := locales.Shorten(ask.Clean(a.in.Arg), longSought)
	q := h.sought(words)
	if len(q.words) == 0 {
		return h.answerLine(ctx, a, locales.FindHow())
	}
	since := h.Now().AddDate(0, 0, -findDays)
	var hits []hit
	most := false
	for _, office := range a.offices {
		cases, err := h.Storage.OfficeCases(ctx, office, since, mostFound)
		if err != nil {
			return err
		}
		most = most || len(cases) == mostFound
		for _, c := range cases {
			if settled := c.Settled(); c.Status.Final() && settled.Before(since) {
				continue // somebody has rated it since
			}
			part, ok := c.Listed(a.in.From, a.rights, h.Now())
			if !ok {
				continue
			}
			if fit, ok := q.fits(c, part); ok {
				hits = append(hits, hit{c, fit})
			}
		}
	}
	slices.SortFunc(hits, better)
	given := map[string][]string{"words": {words}}
	if most {
		given["most"] = []string{"yes"}
	}
	for _, x := range hits {
		if len(given["found"]) == mostShown {
			break
		}
		if ok, err := h.mayList(ctx, a, x.c); err != nil {
			return err
		} else if ok {
			given["found"] = append(given["found"], x.c.Number)
		}
	}
	return h.list(ctx, a, listFind, given)
}

// hit is a case that fits, and how well.
type hit struct {
	c   *dauys.Case
	fit int
}

// better orders them: what fits best, then what is newest.
func better(x, y hit) int {
	return cmp.Or(y.fit-x.fit, y.c.Filed.Compare(x.c.Filed), cmp.Compare(y.c.Number, x.c.Number))
}

// sought is what somebody looks for.
type sought struct {
	words []soughtWord
	said  func(ask.Line) []string // a label in all languages, as words
}

type soughtWord struct {
	fold   string
	number string // the number of a case, or its last digits without zeros before them; empty: it is none
	whole  bool   // all of the number
}

// How well a word fits, by where it stands.
const (
	inNumber = 40
	inName   = 12
	inTopic  = 6
	inText   = 3
)

// How well one word fits another.
const (
	sameWord   = 4
	beginsWith = 3
	sameStem   = 2
)

func (h *Handlers) sought(words string) (q sought) {
	known := map[string][]string{}
	q.said = func(line ask.Line) []string {
		if _, ok := known[line.Key]; !ok {
			var all []string
			for _, l := range dauys.Langs {
				all = append(all, strings.Fields(locales.Fold(h.Book.Plain(l, line)))...)
			}
			known[line.Key] = all
		}
		return known[line.Key]
	}
	add := func(w soughtWord) {
		if len(q.words) < mostSought && !slices.Contains(q.words, w) {
			q.words = append(q.words, w)
		}
	}
	for typed := range strings.FieldsSeq(words) {
		if number := asNumber(typed); number != "" {
			add(soughtWord{number: number, whole: true})
			continue
		}
		for fold := range strings.FieldsSeq(locales.Fold(typed)) {
			w := soughtWord{fold: fold}
			if lastDigits.MatchString(fold) {
				w.number = strings.TrimLeft(fold, "0")
			}
			if w.number != "" || utf8.RuneCountInString(fold) > 1 { // one letter stands everywhere
				add(w)
			}
		}
	}
	return q
}

// fits tells how well a case fits; it does where at least half of the words are found in it. What of it
// may not be shown is not looked at.
func (q sought) fits(c *dauys.Case, part dauys.Part) (fit int, ok bool) {
	var name, topic, text []string
	if part >= dauys.ItsWords {
		name = strings.Fields(locales.Fold(c.Applicant.Name))
		topic = slices.Concat(q.said(locales.Kind(c.Kind)), q.topic(c))
		text = strings.Fields(locales.Fold(ownWords(c)))
	}
	found := 0
	for _, w := range q.words {
		best := w.inNumber(c.Number)
		if w.fold != "" {
			best = max(best, inName*closest(w.fold, name), inTopic*closest(w.fold, topic), inText*closest(w.fold, text))
		}
		if best > 0 {
			found++
		}
		fit += best
	}
	return fit + 1000*found, 2*found >= len(q.words) && found > 0
}

func (q sought) topic(c *dauys.Case) []string {
	if c.Topic == "" {
		return nil
	}
	return q.said(locales.Topic(c.Topic))
}

// inNumber tells how well a word fits the number of a case: the whole of it, its last digits without the
// zeros, or at least three of them.
func (w soughtWord) inNumber(number string) int {
	tail := strings.TrimLeft(number[strings.LastIndex(number, "-")+1:], "0")
	switch {
	case w.number == "":
		return 0
	case w.whole && w.number == number, !w.whole && w.number == tail:
		return inNumber * sameWord
	case !w.whole && len(w.number) > 2 && strings.HasSuffix(tail, w.number):
		return inNumber
	}
	return 0
}

// ownWords is all that an applicant has said in a case, and the words that were written down for them.
func ownWords(c *dauys.Case) string {
	words, _ := c.Said()
	all := []string{words, c.Group}
	for _, d := range c.Details {
		if d.As != dauys.DetailSecret {
			all = append(all, d.Text)
		}
	}
	return strings.Join(all, " ")
}

// closest is how well a word fits the best of some others.
func closest(sought string, words []string) (best int) {
	for _, w := range words {
		if best = max(best, likeness(sought, w)); best == sameWord {
			break
		}
	}
	return best
}

// likeness tells how well one word fits another: it is the same, the other begins with it, or they differ
// in their endings alone.
func likeness(sought, w string) int {
	if sought == w {
		return sameWord
	}
	const shortest, ending = 4, 3 // letters
	if len(sought) < shortest || len(w) < shortest || sought[0] != w[0] {
		return 0
	}
	n, same := 0, 0
	for n < len(sought) && n < len(w) && sought[n] == w[n] {
		if n++; n == len(sought) || utf8.RuneStart(sought[n]) {
			same++
		}
	}
	rest := utf8.RuneCountInString(sought) - same
	switch {
	case n == len(sought) && same >= 3:
		return beginsWith
	case same >= shortest && rest <= ending && utf8.RuneCountInString(w)-same <= ending:
		return sameStem
	}
	return 0
}
