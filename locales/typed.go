package locales

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Certainty is how sure it is which button typed words mean.
type Certainty int

// From nothing to as good as a press.
const (
	Unheard Certainty = iota // none of them
	Likely                   // ask whether it is meant
	Sure                     // one alone has these words, in another form or only their beginnings
	Exact                    // its own words, words that mean the same, or its number
)

// How far typed words may be from those of a button.
const (
	mostLikely = 3  // so many buttons are offered, not more
	mostWords  = 12 // whoever writes more tells a story
	mostBytes  = 500
	mostSlips  = 3 // in so many words a slip of the finger is looked for
	shortBegin = 3 // letters with which a word may begin
	longWord   = 8 // letters in which one slip leaves no doubt
)

// unguessed are the buttons that cannot be taken back: nothing but their whole words press them.
var unguessed = []ask.Do{ask.Send}

// word is a word of a button, or a typed one: as it is folded, and how it sounds.
type word struct {
	fold, sound string
	latin       bool // of a language without many endings
	filler      bool // it may be there or not
}

// phrase is one way to say a button.
type phrase struct {
	fold, sound string
	core        string // the sound without words that may be there or not: please, the
	words       []word
}

// button is all the ways to say one: its label in every language, then its synonyms.
type button struct {
	labels, synonyms []phrase
}

func (b *Book) phrase(text string) phrase {
	p := phrase{fold: Fold(unquoted.Replace(text))}
	var sounds, core []string
	for f := range strings.FieldsSeq(p.fold) {
		w := word{fold: f, sound: sound(f), latin: strings.ContainsFunc(f, isLatin), filler: b.fillers[f]}
		p.words, sounds = append(p.words, w), append(sounds, w.sound)
		if !w.filler {
			core = append(core, w.sound)
		}
	}
	p.sound, p.core = strings.Join(sounds, " "), strings.Join(core, " ")
	return p
}

func isLatin(r rune) bool { return 'a' <= r && r <= 'z' }

// sounds tells whether two phrases are the same, in whatever letters. Words of two sounds
// are too many to go by the sound.
func (p phrase) sounds(other phrase) bool {
	return p.fold == other.fold || p.sound == other.sound && len(p.sound) > 2
}

// synonymsOf is under which key the words stand that mean the same as a message.
const synonymsOf = "synonyms."

// meaning are the words of all languages under a key of the synonyms. A word with a sign @
// before it stands for all words under another key.
func (b *Book) meaning(key string) (out []string) {
	for _, l := range dauys.Langs {
		for _, p := range b.texts[l][synonymsOf+key] {
			for s := range strings.SplitSeq(p.words, ";") {
				s = strings.TrimSpace(s)
				if of, ok := strings.CutPrefix(s, "@"); ok {
					out = append(out, b.meaning(of)...)
				} else if s != "" {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// phrases are the words under a key of the synonyms. They are read once.
func (b *Book) phrases(key string) []phrase {
	if known, ok := b.known.Load(synonymsOf + key); ok {
		return known.(button).synonyms
	}
	var out []phrase
	for _, s := range b.meaning(key) {
		out = append(out, b.phrase(s))
	}
	b.known.Store(synonymsOf+key, button{synonyms: out})
	return out
}

// button is how a label can be said. Labels that are always the same are folded once.
func (b *Book) button(label ask.Line) button {
	id, always := label.Key, len(label.Args) == 0
	if n, ok := label.Args["Name"].(ask.Name); ok && len(label.Args) == 1 {
		id, always = label.Key+" "+n.List+" "+n.ID, true
	}
	if known, ok := b.known.Load(id); ok && always {
		return known.(button)
	}
	out := button{synonyms: b.phrases(label.Key)}
	for _, l := range dauys.Langs {
		out.labels = append(out.labels, b.phrase(b.Plain(l, label)))
	}
	if always {
		b.known.Store(id, out)
	}
	return out
}

// each goes through all ways to say a button until one is enough.
func (b button) each(enough func(phrase) bool) bool {
	return slices.ContainsFunc(b.labels, enough) || slices.ContainsFunc(b.synonyms, enough)
}

// Match finds which of some labels a person has typed: their very words in any language,
// whatever the current one. With part, the beginning of one label alone will do: three
// letters of it, or its first word.
func (b *Book) Match(typed string, labels []ask.Line, part bool) (int, bool) {
	want := Fold(unquoted.Replace(typed))
	if want == "" {
		return 0, false
	}
	begins := map[int]bool{}
	for i, label := range labels {
		for _, p := range b.button(label).labels {
			if p.fold == want {
				return i, true
			}
			first, _, _ := strings.Cut(p.fold, " ")
			if part && (first == want || utf8.RuneCountInString(want) >= shortBegin && strings.HasPrefix(p.fold, want)) {
				begins[i] = true
			}
		}
	}
	for i := range begins {
		return i, len(begins) == 1
	}
	return 0, false
}

// Heard is what a person does with a view when they type: press the button that their words
// mean, or, when it is only likely, ask which of some buttons they mean. Where words are
// asked for, nothing but the very words of a button counts. A day is heard as a text, however it was
// written.
func (b *Book) Heard(typed string, v ask.View) (ask.Input, Certainty) {
	if v.Type == ask.TypeDate && v.Phase == ask.Asking {
		if day, ok := b.Day(typed, v.Days); ok {
			return ask.Input{Text: day}, Exact
		}
	}
	var options []ask.Option
	var labels []ask.Line
	var numbered []int
	for _, row := range v.Buttons {
		for _, o := range row {
			if o.Do == ask.Pick && (v.Type == ask.TypeChoice || v.Type == ask.TypeChecklist) || v.Phase == ask.Leaving {
				numbered = append(numbered, len(options))
			}
			options, labels = append(options, o), append(labels, o.Label)
		}
	}
	if v.Free() {
		if i, ok := b.Match(typed, labels, false); ok {
			return ask.Input{Do: options[i].Do, Value: options[i].Value}, Exact
		}
		return ask.Input{}, Unheard
	}
	at, how := b.hear(b.typed(typed), labels, numbered, v.Offered)
	if how == Sure && slices.Contains(unguessed, options[at[0]].Do) {
		how = Likely
	}
	switch {
	case how == Unheard, how == Likely && v.Phase == ask.Leaving: // they simply go on
		return ask.Input{}, Unheard
	case how == Likely:
		offer := &ask.Offer{}
		var meant []ask.Line
		for _, i := range at {
			offer.Options, meant = append(offer.Options, options[i]), append(meant, labels[i])
		}
		offer.Above = DidYouMean(meant)
		return ask.Input{Offer: offer}, Likely
	}
	return ask.Input{Do: options[at[0]].Do, Value: options[at[0]].Value}, how
}

// Hear finds which of some labels typed words mean: one, or a few when it is only likely.
// All of them can be said by their number. Offered tells how many of the first are those
// that the person was just asked about.
func (b *Book) Hear(typed string, labels []ask.Line, offered int) ([]int, Certainty) {
	numbered := make([]int, len(labels))
	for i := range numbered {
		numbered[i] = i
	}
	return b.hear(b.typed(typed), labels, numbered, offered)
}

// HearWords is [Book.Hear] for labels that nobody can count.
func (b *Book) HearWords(typed string, labels []ask.Line) ([]int, Certainty) {
	return b.hear(b.typed(typed), labels, nil, 0)
}

// typed is what somebody has typed, in all the ways in which it can be read.
type typed struct {
	raw string
	phrase
	relayed []string // folded, as if the keyboard had been in another layout
}

func (b *Book) typed(text string) typed {
	if len(text) > mostBytes {
		return typed{}
	}
	t := typed{raw: strings.ToLower(strings.TrimSpace(text)), phrase: b.phrase(text)}
	for _, other := range relay(t.raw) {
		if f := Fold(other); utf8.RuneCountInString(f) >= shortBegin {
			t.relayed = append(t.relayed, f)
		}
	}
	return t
}

// begins tells whether a phrase begins so.
func (t typed) begins(p phrase) bool {
	return word{fold: t.fold, sound: t.sound, latin: strings.ContainsFunc(t.fold, isLatin)}.begins(p.fold, p.sound)
}

// begins tells whether something begins so: letter by letter where the letters are of one
// alphabet, otherwise as it sounds.
func (w word) begins(fold, sound string) bool {
	if len(w.sound) < shortBegin {
		return false
	}
	if w.latin == strings.ContainsFunc(fold, isLatin) {
		return strings.HasPrefix(fold, w.fold)
	}
	return strings.HasPrefix(sound, w.sound)
}

// is tells whether the whole of what was typed is a phrase, in some letters or layout.
func (t typed) is(p phrase) bool { return t.sounds(p) || slices.Contains(t.relayed, p.fold) }

// hear goes down the ladder: exact, sure, likely.
func (b *Book) hear(t typed, labels []ask.Line, numbered []int, offered int) ([]int, Certainty) {
	if t.fold == "" && !strings.ContainsFunc(t.raw, unicode.IsDigit) {
		return nil, Unheard
	}
	buttons := make([]button, len(labels))
	for i, label := range labels {
		buttons[i] = b.button(label)
		if slices.ContainsFunc(buttons[i].labels, func(p phrase) bool { return p.fold == t.fold && p.fold != "" }) {
			return []int{i}, Exact
		}
	}
	if n, ok := b.number(t); ok {
		if n <= len(numbered) {
			return numbered[n-1 : n], Exact
		}
		return nil, Unheard
	}
	if offered == 1 && slices.ContainsFunc(b.phrases("yes"), t.is) {
		return []int{0}, Exact
	}
	same := which(buttons, func(x button) bool { return x.each(t.is) })
	switch {
	case len(same) == 1:
		return same, Exact
	case len(same) > 1:
		return few(same)
	case len(t.words) > mostWords:
		return nil, Unheard
	}
	return t.guess(buttons)
}

// number is which button a number means: 2, 2., 2), №2, 2️⃣, 2-й, the second. What could be
// something else, such as -1 or 1.5, is none.
func (b *Book) number(t typed) (int, bool) {
	fields := strings.Fields(keycap.Replace(t.raw))
	for len(fields) > 1 && slices.ContainsFunc(b.phrases("number.before"), b.phrase(fields[0]).sounds) {
		fields = fields[1:]
	}
	said := strings.Join(fields, " ")
	if m := digits.FindStringSubmatch(said); m != nil {
		n := int(m[1][0] - '0')
		if len(m[1]) == 2 {
			n = 10*n + int(m[1][1]-'0')
		}
		return n, true
	}
	p := b.phrase(said)
	if p.fold == "" || len(p.words) > 3 {
		return 0, false
	}
	for n := 1; n <= 9; n++ {
		if slices.ContainsFunc(b.phrases("number.n"+string(rune('0'+n))), p.sounds) {
			return n, true
		}
	}
	return 0, false
}

var (
	keycap = strings.NewReplacer("\ufe0f", "", "\u20e3", "")
	digits = regexp.MustCompile(`^(?:№|#)? ?\(?([1-9]\d?)(?: ?- ?(?:[йяе]|ая|ый|ой|ое|ую|ші|шы|нші|ншы)|st|nd|rd|th)?[.)\]:!,]?$`)
)

// which are the buttons for which something is true.
func which(buttons []button, is func(button) bool) (out []int) {
	for i, x := range buttons {
		if is(x) {
			out = append(out, i)
		}
	}
	return out
}

// few are likely, many are not.
func few(at []int) ([]int, Certainty) {
	if len(at) == 0 || len(at) > mostLikely {
		return nil, Unheard
	}
	return at, Likely
}

// How well a typed word fits a word of a button.
const (
	apart = iota
	akin  // a slip of the finger, or words of one root
	stem  // the same with another ending
	begun
	equal
)

// guess compares word by word. A button of which all typed words are is sure, when it is
// the only one. Short words help to decide, but are nothing by themselves; words such as
// please may be there or not.
func (t typed) guess(buttons []button) ([]int, Certainty) {
	if len(t.core) > 2 {
		if same := which(buttons, func(x button) bool { return x.each(func(p phrase) bool { return p.core == t.core }) }); len(same) == 1 {
			return same, Sure
		}
	}
	loaded := 0 // words that mean something
	for _, w := range t.words {
		if !w.filler {
			loaded++
		}
	}
	fits := make([][]int, len(buttons)) // button → typed word → how well
	common := make([]int, len(t.words)) // in how many buttons a typed word is
	var starts, whole, nearly []int
	for i, x := range buttons {
		fits[i] = make([]int, len(t.words))
		if loaded > 0 && slices.ContainsFunc(x.labels, t.begins) {
			starts = append(starts, i)
		}
		all, proof := true, false
		least := equal
		for j, w := range t.words {
			best := w.fitting(x, loaded <= mostSlips)
			fits[i][j] = best
			if best > apart {
				common[j]++
				least = min(least, best)
				proof = proof || !w.filler
			} else if !w.filler {
				all = false
			}
		}
		switch {
		case all && proof && least > akin:
			whole = append(whole, i)
		case all && proof:
			nearly = append(nearly, i)
		}
	}
	switch {
	case len(starts) == 1:
		return starts, Sure
	case len(starts) > 1:
		return few(starts)
	case len(whole) == 1:
		return whole, Sure
	case len(whole) > 1:
		return few(whole)
	}
	if near, sure := t.near(buttons); len(near) > 0 {
		if sure {
			return near, Sure
		}
		return few(near)
	}
	if len(nearly) > 0 {
		return few(nearly)
	}
	return few(t.partly(fits, common))
}

// fitting is how well a typed word fits the word of a button that it fits best.
func (w word) fitting(x button, slips bool) (best int) {
	x.each(func(p phrase) bool {
		for _, of := range p.words {
			how := w.fits(of)
			switch {
			case how == equal && len(w.sound) <= shortBegin && len(p.words) > 1: // of, in, not
				how = stem
			case w.filler && how != equal, how == apart && !slips:
				continue
			case how == apart && w.slip(of):
				how = akin
			}
			best = max(best, how)
		}
		return best == equal
	})
	return best
}

// fits compares a typed word with one of a button. Endings are long in Kazakh and Russian.
func (w word) fits(of word) int {
	a, b := w.sound, of.sound
	switch {
	case w.fold == of.fold, a == b && len(a) >= shortBegin:
		return equal
	case w.begins(of.fold, b):
		return begun
	case of.latin && !w.latin: // nobody spells English in Cyrillic
		return apart
	}
	n := prefix(a, b)
	more, less := max(len(a), len(b)), min(len(a), len(b))
	ending := 2
	if n >= 7 {
		ending = 4
	}
	switch {
	case n == len(b) && !of.latin && (n >= 5 && len(a)-n <= n || n == 4 && len(a)-n < n), n >= 5 && more-n <= ending && 3*n >= 2*more:
		return stem
	case n >= 5 && 2*n >= more && less > 5:
		return akin
	}
	return apart
}

func prefix(a, b string) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// slips are how many slips of the finger are allowed in a word of so many letters.
func slips(letters int) int {
	switch {
	case letters < 5:
		return 0
	case letters < longWord:
		return 1
	}
	return 2
}

// slip tells whether a word is another one with slips of the finger.
func (w word) slip(of word) bool {
	allowed := slips(max(len(w.sound), len(of.sound)))
	return allowed > 0 && distance(w.sound, of.sound, allowed) <= allowed
}

// near are the buttons of which one way to say them is typed with slips, the nearest first.
// It is sure when it is one slip in a long word and nothing else is near.
func (t typed) near(buttons []button) (at []int, sure bool) {
	away := map[int]int{}
	for i, x := range buttons {
		x.each(func(p phrase) bool {
			allowed := slips(max(len(t.sound), len(p.sound)))
			if d := distance(t.sound, p.sound, allowed); allowed > 0 && d <= allowed {
				if was, ok := away[i]; !ok || d < was {
					away[i] = d
				}
			}
			return false
		})
	}
	at = slices.SortedFunc(maps.Keys(away), func(a, b int) int { return cmp.Or(cmp.Compare(away[a], away[b]), cmp.Compare(a, b)) })
	return at, len(at) == 1 && away[at[0]] <= 1 && len(t.sound) >= longWord
}

// partly are the buttons that have most of the typed words, if only a few have them.
func (t typed) partly(fits [][]int, common []int) (at []int) {
	most := 0
	for i := range fits {
		n := 0
		for j, how := range fits[i] {
			w := t.words[j]
			if how > apart && !w.filler && (common[j] == 1 && how == equal || common[j] <= mostLikely && len(w.sound) > shortBegin) {
				n++
			}
		}
		switch {
		case n > most:
			most, at = n, []int{i}
		case n == most && n > 0:
			at = append(at, i)
		}
	}
	return at
}

// distance is how many letters are wrong, missing, too many or in the place of their
// neighbour (Damerau and Levenshtein, without moves across others); more than most is most+1.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most || len(a) > longest || len(b) > longest {
		return most + 1
	}
	var rows [3][longest + 1]int
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			d := above[j-1]
			if a[i-1] != b[j-1] {
				d = 1 + min(d, above[j], row[j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
		before, above, row = above, row, before
	}
	return min(above[len(b)], most+1)
}

// longest is of how many sounds a phrase may be in which slips are looked for.
const longest = 63
