package documents

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

func TestShort(t *testing.T) {
	hash := Hash([]byte("dauys"))
	if len(hash) != 64 {
		t.Errorf("%q", hash)
	}
	for hash, want := range map[string]string{"0123456789abcdef0123456789abcdef": "0123 4567 89ab cdef", "0123": "0123", "": "", "x": ""} {
		if got := Short(hash); got != want {
			t.Errorf("Short(%q) = %q, want %q", hash, got, want)
		}
	}
}

// Every letter of the three languages, and the signs of such documents, come out as they went in.
func TestLetters(t *testing.T) {
	letters := "ӘәҒғҚқҢңӨөҰұҮүҺһІі № 12\u00a0500 ₸ «ЁёЙй» – — … Q"
	m := meeting(dauys.Kazakh, 1)
	m.Closing = letters + " и\u0306" // й in two pieces
	if text := textOf(t, made(t, Minutes, m)); !strings.Contains(text, letters+" й") {
		t.Errorf("the letters are not there:\n%s", text)
	}
}

// What people write does not break a page, and nothing of it is lost but what cannot be seen.
func TestAnyText(t *testing.T) {
	for name, words := range map[string]string{
		"signs above the font":  "😀 \U00010000 \uffff ok",
		"what is not seen":      "a\x00b\u202e\u200b\xffc \ufeff",
		"brackets":              `(\) \( )) %PDF <<>> {nb}`,
		"a word without an end": strings.Repeat("ұ", 4000),
		"lines":                 strings.Repeat("\r\n", 500) + "x",
		"spaces":                strings.Repeat("\t \u3000", 500),
		"another direction":     "שלום سلام 中文 ไทย",
	} {
		m := meeting(dauys.English, 2)
		for _, s := range []*string{&m.University, &m.Body, &m.Number, &m.Date, &m.Time, &m.Place, &m.Chair, &m.Secretary, &m.Quorum, &m.Closing,
			&m.Present[0], &m.Items[0].Case, &m.Items[0].Asked, &m.Items[0].Applicant, &m.Items[0].Decision, &m.Items[1].Reason, &m.Items[1].Next, &m.Items[1].Mark} {
			*s = words
		}
		for _, kind := range Kinds {
			if file := made(t, kind, m); len(file) > 2<<20 {
				t.Errorf("%s, %s: %d bytes", name, kind, len(file))
			}
		}
	}
	if _, err := PDF(Document{Made: time.Unix(0, 0)}); err != nil {
		t.Errorf("an empty document: %v", err)
	}
	if _, err := PDF(Document{Title: "x"}); err == nil {
		t.Error("a document without its moment")
	}
}

// What is not handed in is not named either.
func TestNothingForWhatIsEmpty(t *testing.T) {
	m := meeting(dauys.Russian, 2)
	m.Absent, m.Time = nil, ""
	for i := range m.Items {
		m.Items[i].Applicant = ""
	}
	for _, kind := range Kinds {
		text := textOf(t, made(t, kind, m))
		for _, word := range []string{"Заявитель", "Отсутствовали", "Время", "Новая оценка", "{{"} {
			if strings.Contains(text, word) {
				t.Errorf("%s names %s:\n%s", kind, word, text)
			}
		}
	}
}

// An extract tells nothing of the others, keeps the number on the agenda and bears the seal of the minutes.
func TestExtractIsOfOne(t *testing.T) {
	m := meeting(dauys.English, 5)
	for i := range m.Items {
		m.Items[i].Asked = "matter-" + m.Items[i].Case
	}
	only, ok := m.Only("ALT-2026-000126")
	if !ok || len(m.Items) != 5 {
		t.Fatal("the case is not on the agenda, or the others have gone from it")
	}
	text := textOf(t, made(t, Extract, only))
	if !strings.Contains(text, "4. Case ALT-2026-000126") || strings.Count(text, "matter-") != 1 {
		t.Errorf("the extract:\n%s", text)
	}
	if seal := Short(m.Hash()); !strings.Contains(text, seal) || !strings.Contains(textOf(t, made(t, Minutes, m)), seal) {
		t.Errorf("the seal %s is not on both", seal)
	}
	if _, ok := m.Only("ALT-2026-000999"); ok {
		t.Error("a case that was not there")
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	own := "title: {kk: А, ru: Б, en: \"C {{.Number}}\"}\nparts:\n  - paragraphs: [\"{{.Closing}}\"]\n"
	write(t, dir, "minutes.council.yaml", own)
	write(t, dir, ".swp", "")
	templates, problems := Load(dir)
	if problems != nil {
		t.Fatal(problems)
	}
	for body, want := range map[string]string{"council": "C 12", "other": "MINUTES OF THE MEETING", "": "MINUTES OF THE MEETING"} {
		if d, err := templates.Of(Minutes, body, meeting(dauys.English, 1)); err != nil || d.Title != want {
			t.Errorf("for %q: %q %v", body, d.Title, err)
		}
	}
	if _, err := templates.Of("receipt", "", Meeting{}); err == nil {
		t.Error("a kind that there is not")
	}
}

func TestLoadTellsWhatIsWrong(t *testing.T) {
	tests := []struct{ name, file, content, want string }{
		{"a gap", "agenda.yaml", "title: x\nparts:\n  - each: item\n    heading: \"{{.Csae}} {{.No}}\"\n", `agenda.yaml:4: there is no gap {{.Csae}} here; the gaps here are No, Case,`},
		{"a gap of an item", "agenda.yaml", "title: \"{{.Case}}\"\nparts: [{heading: x}]\n", `agenda.yaml:1: there is no gap {{.Case}} here`},
		{"no gap", "agenda.yaml", "title: \"{{range .Items}}\"\nparts: [{heading: x}]\n", `agenda.yaml:1: "{{range .Items}}" has a gap that is not one`},
		{"a field", "agenda.yaml", "title: x\nparts: [{heading: x}]\nfooter: x\n", `agenda.yaml:3: there is no field "footer" here`},
		{"a language", "agenda.yaml", "title: {kk: x, ru: y}\nparts: [{heading: x}]\n", `agenda.yaml:1: the text is missing in "en"; add en:`},
		{"another language", "agenda.yaml", "title: {kk: x, ru: y, en: z, de: w}\nparts: [{heading: x}]\n", `agenda.yaml:1: there is no language "de"`},
		{"a list", "agenda.yaml", "title: [x]\nparts: [{heading: x}]\n", `agenda.yaml:1: this should be a text`},
		{"a text", "agenda.yaml", "title: x\nparts: x\n", `agenda.yaml:2: something else should stand here`},
		{"twice", "agenda.yaml", "title: x\ntitle: y\nparts: [{heading: x}]\n", `agenda.yaml:2: "title" is here twice, first on line 1`},
		{"each", "agenda.yaml", "title: x\nparts: [{each: member, heading: x}]\n", `agenda.yaml:2: a part cannot be there for each "member"`},
		{"no YAML", "agenda.yaml", "title: x\n\tparts: y\n", `agenda.yaml:2: this is not YAML`},
		{"empty", "agenda.yaml", "# nothing\n", `agenda.yaml:1: the file is empty`},
		{"no parts", "agenda.yaml", "title: x\n", `agenda.yaml:1: the template has no parts`},
		{"a name", "letter.yaml", "title: x\n", `letter.yaml: this is no name of a template`},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		write(t, dir, tt.file, tt.content)
		templates, problems := Load(dir)
		if templates != nil || len(problems) == 0 || !strings.Contains(problems[0].String(), filepath.Join(dir, "")+"/"+tt.want) {
			t.Errorf("%s: %v", tt.name, problems)
		}
	}
	if _, problems := Load(filepath.Join(t.TempDir(), "nowhere")); len(problems) != 1 {
		t.Error(problems)
	}
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkPDF(b *testing.B) {
	d, err := builtins(b).Of(Minutes, "", meeting(dauys.Kazakh, 40))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		file, err := PDF(d)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(file)), "bytes/file")
	}
}

func BenchmarkSheet(b *testing.B) {
	s := sheet()
	for len(s.Rows) < 40 {
		row := s.Rows[0]
		row.Number = "A-" + strings.Repeat("x", len(s.Rows))
		s.Rows = append(s.Rows, row)
	}
	file := written(b, s)
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			written(b, s)
		}
		b.ReportMetric(float64(len(file)), "bytes/file")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			Read(file, all...)
		}
	})
}
