package locales_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
)

// sentences reads testdata/danger/NAME.txt: a sentence a line, with the kind of danger before
// it where there is one.
func sentences(t *testing.T, name string) (out []string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "danger", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

// What must alarm, in three languages and in the ways in which people write them.
func TestDangerIsSeen(t *testing.T) {
	book := newBook(t)
	all := sentences(t, "alarms")
	if len(all) < 60 {
		t.Errorf("%d sentences, at least 60 are wanted", len(all))
	}
	for _, line := range all {
		kind, text, _ := strings.Cut(line, ": ")
		if a, ok := book.Danger(text); !ok || a.Kind != kind {
			t.Errorf("%s: found %q (%v)", line, a.Kind, ok)
		}
	}
}

// What must not: ordinary complaints, figures of speech, studies.
func TestNoFalseAlarm(t *testing.T) {
	book := newBook(t)
	all := sentences(t, "harmless")
	if len(all) < 60 {
		t.Errorf("%d sentences, at least 60 are wanted", len(all))
	}
	for _, text := range all {
		if a, ok := book.Danger(text); ok {
			t.Errorf("%s: taken for %s (%s): %q", text, a.Kind, a.Lang, a.Sentence)
		}
	}
}

// Of a text only the sentence is passed on that alarmed, and never more than fits.
func TestDangerQuotesOneSentence(t *testing.T) {
	book := newBook(t)
	tests := []struct{ text, want string }{
		{"Меня зовут Алия, группа 21-03. Я больше не хочу жить! Мой телефон 701.", "Я больше не хочу жить!"},
		{"я больше не хочу жить", "я больше не хочу жить"},
		{"Бірінші жол\nӨлгім келеді\nүшінші", "Өлгім келеді"},
	}
	for _, tt := range tests {
		if a, ok := book.Danger(tt.text); !ok || a.Sentence != tt.want {
			t.Errorf("%s: %q (%v), want %q", tt.text, a.Sentence, ok, tt.want)
		}
	}
	long := strings.Repeat("слово ", 300) + "хочу умереть " + strings.Repeat("слово ", 300)
	a, ok := book.Danger(long)
	if n := len([]rune(a.Sentence)); !ok || n > 300 || !strings.Contains(a.Sentence, "хочу умереть") {
		t.Errorf("a text without a stop: %d characters, %q", n, a.Sentence)
	}
}

// Of several dangers the gravest is told, whichever came first, and the language is that of
// the words.
func TestDangerTellsTheGravest(t *testing.T) {
	a, ok := newBook(t).Danger("He said he will kill me. Мені ұрып жатыр. Өлгім келеді.")
	if !ok || a.Kind != "self" || a.Lang != dauys.Kazakh {
		t.Errorf("%+v %v", a, ok)
	}
}

func FuzzDanger(f *testing.F) {
	book := newBook(f)
	for _, s := range append(written, "хочу\xff умереть", "Өлгім келеді!", "a̐ i want to die") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, ok := book.Danger(text)
		if ok != (a.Kind != "") || len([]rune(a.Sentence)) > 300 {
			t.Errorf("%q: %+v", text, a)
		}
	})
}

// Most messages have no such words; looking must cost them next to nothing.
func BenchmarkDanger(b *testing.B) {
	book := newBook(b)
	text := strings.Repeat("Преподаватель не пришёл на занятие по физике, и никто не предупредил группу заранее. ", 12)
	for b.Loop() {
		if _, ok := book.Danger(text); ok {
			b.Fatal("alarmed")
		}
	}
}
