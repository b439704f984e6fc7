package locales

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"github.com/BurntSushi/toml"
)

//go:embed danger.toml
var dangerFile []byte

// Alarm is what words tell of danger.
type Alarm struct {
	Kind     string     // what kind of danger: one of AlarmKinds
	Lang     dauys.Lang // in which it was said
	Sentence string     // the words that tell it, as they were written
}

// AlarmKinds are the kinds of danger, the gravest first.
var AlarmKinds = []string{"self", "violence", "threat"}

// harmless are the phrases that take an alarm back.
const harmless = "harmless"

// Limits of a phrase and of what is shown of a text.
const (
	between     = 3   // other words that can stand where a phrase has ..
	sentenceMax = 300 // characters of a sentence that are shown
)

// sign is one line of danger.toml.
type sign struct {
	kind  string
	lang  dauys.Lang
	latin bool // compared with Latin letters as if they were Cyrillic ones
	words []place
}

// place is one word of a phrase: what can stand there.
type place struct {
	any []string // a word, or with a * the beginning of one
	far bool     // other words can stand before it
}

// signs are all lines, by the first two letters of the words with which they begin.
type signs map[string][]*sign

// readSigns reads the words of danger.
func readSigns(data []byte) (signs, error) {
	var file map[string]map[dauys.Lang][]string
	if err := toml.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	out := signs{}
	for kind, langs := range file {
		if kind != harmless && !slices.Contains(AlarmKinds, kind) {
			return nil, fmt.Errorf("there is no kind of danger %q", kind)
		}
		for l, lines := range langs {
			for _, line := range lines {
				p := sign{kind: kind, lang: l}
				for word := range strings.FieldsSeq(line) {
					if word == ".." {
						p.words = append(p.words, place{far: true})
						continue
					}
					var choice []string
					for w := range strings.SplitSeq(word, "|") {
						stem := strings.HasSuffix(w, "*")
						if w = Fold(w); w == "" || strings.Contains(w, " ") {
							return nil, fmt.Errorf("%q has a word of no letters, or of several", line)
						} else if stem {
							w += "*"
						}
						choice = append(choice, w)
					}
					if n := len(p.words); n > 0 && p.words[n-1].far && p.words[n-1].any == nil {
						p.words[n-1].any = choice
						continue
					}
					p.words = append(p.words, place{any: choice})
				}
				if len(p.words) == 0 || p.words[0].far || p.words[len(p.words)-1].any == nil {
					return nil, fmt.Errorf("%q begins or ends with nothing", line)
				}
				out.add(&p)
				if l != dauys.English {
					out.add(p.inLatin())
				}
			}
		}
	}
	return out, nil
}

// inLatin is a phrase as it is written without Cyrillic letters.
func (p *sign) inLatin() *sign {
	q := &sign{kind: p.kind, lang: p.lang, latin: true}
	for _, w := range p.words {
		var any []string
		for _, c := range w.any {
			any = append(any, sound(c))
		}
		q.words = append(q.words, place{any, w.far})
	}
	return q
}

func (ps signs) add(p *sign) {
	for _, w := range p.words[0].any {
		if key := begins(w); !slices.Contains(ps[key], p) {
			ps[key] = append(ps[key], p)
		}
	}
}

// begins are the first two letters of a word.
func begins(w string) string {
	_, a := utf8.DecodeRuneInString(w)
	_, b := utf8.DecodeRuneInString(w[a:])
	return w[:a+b]
}

// said is one word of a text.
type said struct {
	folded   string
	sound    string // of a word in Latin letters
	from, to int    // where it stands
}

// Danger tells whether a text has words of acute danger in it, whatever the language of the
// conversation: whole words, in the Kazakh or Russian alphabet or in Latin letters. What is
// said of several dangers is told of the gravest.
func (b *Book) Danger(text string) (Alarm, bool) {
	var words []said
	for w := range strings.FieldsSeq(Fold(text)) {
		words = append(words, heard(w))
	}
	if _, ok := b.danger.gravest(words); !ok { // nearly always
		return Alarm{}, false
	}
	words = split(text)
	found, ok := b.danger.gravest(words)
	if !ok {
		return Alarm{}, false
	}
	return Alarm{found.of.kind, found.of.lang, sentence(text, words[found.from].from, words[found.to].to)}, true
}

// gravest is the gravest danger that words tell of, if nothing takes it back.
func (ps signs) gravest(words []said) (span, bool) {
	var found, quiet []span
	for i, w := range words {
		ps.at(words, i, w.folded, false, &found, &quiet)
		if w.sound != "" {
			ps.at(words, i, w.sound, true, &found, &quiet)
		}
	}
	found = slices.DeleteFunc(found, func(s span) bool {
		return slices.ContainsFunc(quiet, func(q span) bool { return q.from <= s.to && s.from <= q.to })
	})
	if len(found) == 0 {
		return span{}, false
	}
	return slices.MinFunc(found, func(a, b span) int {
		return slices.Index(AlarmKinds, a.of.kind) - slices.Index(AlarmKinds, b.of.kind)
	}), true
}

// span is a phrase that was found, and on which words.
type span struct {
	of       *sign
	from, to int
}

// at looks for lines that begin with the ith word.
func (ps signs) at(words []said, i int, w string, latin bool, found, quiet *[]span) {
	for _, p := range ps[begins(w)] {
		if p.latin != latin {
			continue
		}
		last, ok := p.stands(words, i)
		switch {
		case !ok:
		case p.kind == harmless:
			*quiet = append(*quiet, span{p, i, last})
		default:
			*found = append(*found, span{p, i, last})
		}
	}
}

// stands tells whether a phrase stands at the ith word, and which word is its last.
func (p *sign) stands(words []said, i int) (last int, ok bool) { return p.rest(p.words, words, i) }

func (p *sign) rest(places []place, words []said, i int) (last int, ok bool) {
	reach := i
	if places[0].far {
		reach += between
	}
	for ; i <= reach && i < len(words); i++ {
		if !places[0].takes(words[i].in(p.latin)) {
			continue
		}
		if len(places) == 1 {
			return i, true
		}
		if last, ok := p.rest(places[1:], words, i+1); ok {
			return last, true
		}
	}
	return 0, false
}

func (w said) in(latin bool) string {
	if latin {
		return w.sound
	}
	return w.folded
}

func (pl place) takes(w string) bool {
	if w == "" {
		return false
	}
	return slices.ContainsFunc(pl.any, func(c string) bool {
		if stem, ok := strings.CutSuffix(c, "*"); ok {
			return strings.HasPrefix(w, stem)
		}
		return w == c
	})
}

// heard is a folded word as it is compared. Folding makes a Cyrillic letter of i.
func heard(folded string) said {
	w := said{folded: folded}
	if strings.ContainsFunc(folded, isLatin) && !strings.ContainsFunc(folded, func(r rune) bool { return r != 'и' && unicode.Is(unicode.Cyrillic, r) }) {
		w.sound = sound(folded)
	}
	return w
}

// split finds the words of a text, and where they stand.
func split(text string) (words []said) {
	begin := -1
	end := func(to int) {
		if begin < 0 {
			return
		}
		w := heard(strings.ReplaceAll(Fold(text[begin:to]), " ", ""))
		if w.from, w.to = begin, to; w.folded != "" {
			words = append(words, w)
		}
		begin = -1
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r):
			if begin < 0 {
				begin = i
			}
		default:
			end(i)
		}
	}
	end(len(text))
	return words
}

// sentence is the sentence of a text in which a part of it stands, or so much around that part
// as is shown.
func sentence(text string, from, to int) string {
	ends := func(r rune) bool { return strings.ContainsRune(".!?…\n", r) }
	begin := strings.LastIndexFunc(text[:from], ends)
	if begin >= 0 {
		_, n := utf8.DecodeRuneInString(text[begin:])
		begin += n
	}
	s := text[max(0, begin):]
	if end := strings.IndexFunc(text[to:], ends); end >= 0 {
		_, n := utf8.DecodeRuneInString(text[to+end:])
		s = text[max(0, begin) : to+end+n]
	}
	if before := from - max(0, begin); before > sentenceMax {
		cut := strings.IndexFunc(s[before-sentenceMax/2:], unicode.IsSpace)
		s = "…" + s[before-sentenceMax/2+max(0, cut):]
	}
	return Shorten(strings.TrimSpace(strings.ToValidUTF8(s, "")), sentenceMax)
}
