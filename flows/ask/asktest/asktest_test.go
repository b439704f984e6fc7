package asktest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

func player(t *testing.T) Player {
	book, err := locales.New(time.UTC, func(_, id string) dauys.Names {
		return dauys.Names{dauys.Kazakh: id, dauys.Russian: id, dauys.English: id}
	})
	if err != nil {
		t.Fatal(err)
	}
	return Player{Book: book, Flows: flows.All, Notices: func(name string, _ dauys.Lang, s ask.Session) []ask.Line {
		return nil
	}}
}

const withdrawal = `# Somebody takes a case back.
flow: withdrawal
lang: en

# The reason comes in two lines.

> It is settled.\nThank you!


> {sticker}
> (language ru)
# The end.
> (language en)
> [Send]
# Really.
`

// However often a transcript is replayed, the second time it is the same; the person's
// lines, comments and empty lines stay where they are.
func TestReplayedTwice(t *testing.T) {
	p := player(t)
	first, err := p.Play(withdrawal)
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.Play(first)
	if err != nil || second != first {
		t.Errorf("the second time it is another (%v):\n%s", err, difference(first, second))
	}
	spaces, err := p.Play(strings.ReplaceAll(first, "\n", "  \n") + "\n\n")
	if err != nil || spaces != first {
		t.Errorf("spaces at the ends of lines make it another (%v):\n%s", err, difference(first, spaces))
	}
	kept := ""
	for _, line := range strings.Split(first, "\n") {
		if !strings.HasPrefix(line, "  ") {
			kept += line + "\n"
		}
	}
	for _, line := range strings.Split(withdrawal, "\n") {
		if !strings.Contains(kept, line+"\n") {
			t.Errorf("the line %q is gone from\n%s", line, first)
		}
	}
	for _, want := range []string{"  Reason: It is settled.\n  Thank you!\n\n", "sent:\n  reason = It is settled.\\nThank you!\n", "\n\n\n> {sticker}"} {
		if !strings.Contains(first, want) {
			t.Errorf("there is no %q in\n%s", want, first)
		}
	}
}

// What cannot be played is said with its line.
func TestMistakes(t *testing.T) {
	const head = "flow: withdrawal\nlang: en\n"
	tests := []struct{ transcript, want string }{
		{"> hello\n", "1: say above what is played"},
		{"# nothing\n", "say above what is played"},
		{"flow: nothing\n", `1: there is no flow "nothing"`},
		{"lang: fr\n", `1: nobody speaks "fr"`},
		{"mood: good\n", `1: there is no header "mood"`},
		{"hello\n", `1: "hello" is no header`},
		{head + "> [Skip]\nhello\n", `4: "hello" is no line of a transcript`},
		{head + "> [Skipp]\n", "3: > [Skipp]: there is no such button"},
		{head + "> (old) [Skip]\n", "there is no such button"},
		{head + "> (language fr)\n", "nobody speaks that"},
		{head + "> {song}\n", "nobody knows how to send a song"},
		{head + "> {photo}\n", "a photo needs a name"},
		{head + ">\n", "nothing is done here"},
		{head + "> [Cancel]\n> [Yes, delete]\n> hello\n", "5: > hello: the conversation is over"},
		{head + "> [Skip]\n> [Send]\n> hello\n", "the conversation is over"},
	}
	for _, tt := range tests {
		got, err := player(t).Play(tt.transcript)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q; played\n%s", tt.transcript, err, tt.want, got)
		}
	}
}

// Typed words are buttons in every language, and numbers are choices.
func TestSaid(t *testing.T) {
	for _, said := range []string{"Satisfied", "удовлетворено", "ҚАНАҒАТТАНДЫРЫЛДЫ", "канагаттандырылды", "1", "  1. ", "[Удовлетворено]"} {
		got, err := player(t).Play("flow: reply\nlang: ru\ngiven lang: kk\n> " + said + "\n> The lecture was moved back to Tuesday.\n> [Пропустить]\n> [Отправить]\n")
		if err != nil || !strings.Contains(got, "  outcome = granted\n  words = The lecture") {
			t.Errorf("%s: %v\n%s", said, err, got)
		}
	}
}

// Files writes with update, and only then.
func TestFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "withdrawal.txt")
	if err := os.WriteFile(file, []byte(withdrawal), 0o600); err != nil {
		t.Fatal(err)
	}
	player(t).Files(t, file, true)
	written, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(written), "  [Skip] [Cancel]\n") {
		t.Fatalf("%v\n%s", err, written)
	}
	player(t).Files(t, file, false)
}
