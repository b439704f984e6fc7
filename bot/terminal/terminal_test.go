package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// people of the tests: two applicants and two of an office.
func options() Options {
	return Options{
		People: []Person{{ID: "dima", Name: "Дмитрий Ким", Lang: "ru"}, {ID: "amina", Name: "Amina Yusuf", Lang: "en"}, {ID: "igor", Name: "Игорь", Lang: "ru"}, {ID: "gulnar", Name: "Гүлнар", Lang: "kk"}},
		Chats:  []Chat{{ID: "deputy@itc", Title: "Замдиректора", Members: []string{"igor", "gulnar"}}},
	}
}

func open(t *testing.T, o Options) *Terminal {
	t.Helper()
	x, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// send is what the bot says.
func send(t *testing.T, x *Terminal, to string, r ask.Reply) (number string) {
	t.Helper()
	number, err := x.Send(t.Context(), Address(to), r)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// typed reads lines and gives the update of the last.
func typed(t *testing.T, x *Terminal, lines ...string) (u *bot.Update) {
	t.Helper()
	for _, l := range lines {
		var err error
		if u, _, err = x.Read(l); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
	}
	return u
}

func TestRead(t *testing.T) {
	page := filepath.Join(t.TempDir(), "a page.pdf")
	if err := os.WriteFile(page, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	private := handlers.Input{Update: "terminal:1", From: "terminal:dima", Name: "Дмитрий Ким", Lang: "ru", Chat: "terminal:dima", Private: true}
	with := func(in handlers.Input, change func(*handlers.Input)) handlers.Input {
		change(&in)
		return in
	}
	group := with(private, func(in *handlers.Input) {
		in.From, in.Name, in.Chat, in.Title, in.Private = "terminal:igor", "Игорь", "terminal:deputy@itc", "Замдиректора", false
	})
	tests := []struct {
		name  string
		lines []string
		want  handlers.Input
	}{
		{"words", []string{"  Здравствуйте  "}, with(private, func(in *handlers.Input) { in.Message, in.Text = "2", "Здравствуйте" })},
		{"two lines", []string{`one\ntwo`}, with(private, func(in *handlers.Input) { in.Message, in.Text = "2", "one\ntwo" })},
		{"no command of ours", []string{":)"}, with(private, func(in *handlers.Input) { in.Message, in.Text = "2", ":)" })},
		{"a command", []string{"/New"}, with(private, func(in *handlers.Input) { in.Message, in.Text, in.Command = "2", "/New", "new" })},
		{"with more", []string{"/bind ABC "}, with(private, func(in *handlers.Input) {
			in.Message, in.Text, in.Command, in.Arg = "2", "/bind ABC", "bind", "ABC"
		})},
		{"of another bot", []string{"/new@weather_bot"}, with(private, func(in *handlers.Input) { in.Message, in.Text, in.Foreign = "2", "/new@weather_bot", true })},
		{"a path", []string{"/usr/bin"}, with(private, func(in *handlers.Input) { in.Message, in.Text = "2", "/usr/bin" })},
		{"a button", []string{":2"}, with(private, func(in *handlers.Input) { in.Message, in.Press = "1", "b" })},
		{"of a message", []string{":1 @1"}, with(private, func(in *handlers.Input) { in.Message, in.Press = "1", "a" })},
		{"an answer", []string{":reply 1 yes it is"}, with(private, func(in *handlers.Input) { in.Message, in.ReplyTo, in.Text = "2", "1", "yes it is" })},
		{"a change", []string{"one", ":edit two"}, with(private, func(in *handlers.Input) {
			in.Update, in.Message, in.Text, in.Edited = "terminal:2", "2", "two", true
		})},
		{"a file", []string{":file " + page}, with(private, func(in *handlers.Input) {
			in.Message, in.File = "2", &ask.File{Ref: "dima/2", Kind: "document", Name: "a page.pdf", Size: 5, MIME: "application/pdf"}
		})},
		{"in an office", []string{":as igor", ":in deputy@itc", "Коллеги"}, with(group, func(in *handlers.Input) { in.Message, in.Text = "1", "Коллеги" })},
		{"and out of it", []string{":as igor", ":in deputy@itc", ":as dima", "hello"}, with(private, func(in *handlers.Input) { in.Message, in.Text = "2", "hello" })},
	}
	for _, tt := range tests {
		x := open(t, options())
		send(t, x, "dima", ask.Reply{Text: "Which?", Buttons: [][]ask.Button{{{Text: "A", Data: "a"}}, {{Text: "B", Data: "b"}, {Text: "C", URL: "https://alt.edu.kz"}}}})
		u := typed(t, x, tt.lines...)
		if u == nil || !reflect.DeepEqual(u.Input, tt.want) {
			t.Errorf("%s: got %+v, want %+v", tt.name, u, tt.want)
			continue
		}
		if (u.PressID != "") != (u.Press != "") || x.Waiting() != (u.Press != "") {
			t.Errorf("%s: the press is %q, and it is %v that somebody waits", tt.name, u.PressID, x.Waiting())
		}
		again, err := x.Decode(u.Raw)
		if err != nil || !reflect.DeepEqual(again.Input, u.Input) || again.PressID != u.PressID {
			t.Errorf("%s: kept and read again it is %+v (%v)", tt.name, again, err)
		}
	}
}

// What the bot never hears of.
func TestReadNothing(t *testing.T) {
	tests := []struct{ line, told, wrong string }{
		{"", "", ""},
		{"   ", "", ""},
		{":1", "", "no message with buttons"},
		{":as nobody", "", "nobody is called"},
		{":in deputy@itc", "", "dima is not in deputy@itc; its members are igor, gulnar"},
		{":in amina", "", "no chat"},
		{":in dima", "", ""},
		{":who", "deputy@itc", ""},
		{":edit more", "", "said nothing here"},
		{":reply 1 more", "", "number of a message"},
		{":reply", "", "number of a message"},
		{":file /nowhere/x.pdf", "", "no such file"},
		{":file .", "", "not a file"},
		{":dance", "", "there is no :dance"},
	}
	x := open(t, options())
	for _, tt := range tests {
		u, told, err := x.Read(tt.line)
		if u != nil || !strings.Contains(told, tt.told) || (err != nil) != (tt.wrong != "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%q: %+v %q %v", tt.line, u, told, err)
		}
	}
	send(t, x, "dima", ask.Reply{Text: "Look", Buttons: [][]ask.Button{{{Text: "There", URL: "https://alt.edu.kz"}}}})
	if _, told, _ := x.Read(":1"); told != "it opens https://alt.edu.kz" {
		t.Errorf("a link: %q", told)
	}
	if _, _, err := x.Read(":2"); err == nil {
		t.Error("a button that is not there was pressed")
	}
	if _, _, err := x.Read(":1 @7"); err == nil {
		t.Error("a message that is not there has a button")
	}
}

// An open answer field takes the words of who is asked, once, and nobody else's.
func TestField(t *testing.T) {
	x := open(t, options())
	question := ask.Reply{Text: `<a href="terminal:igor">Игорь</a>, why?`, Force: "Here"}
	send(t, x, "deputy@itc", question)
	for _, tt := range []struct {
		lines []string
		to    string
	}{
		{[]string{":as gulnar", ":in deputy@itc", "Me?"}, ""},
		{[]string{":as igor", ":in deputy@itc", "/bind X"}, ""},
		{[]string{"Because."}, "1"},
		{[]string{"So."}, ""},
	} {
		if u := typed(t, x, tt.lines...); u.ReplyTo != tt.to {
			t.Errorf("%q answers %q, not %q", tt.lines, u.ReplyTo, tt.to)
		}
	}
	send(t, x, "deputy@itc", question)
	send(t, x, "deputy@itc", ask.Reply{Text: "Never mind.", Edit: "6"})
	if u := typed(t, x, "And?"); u.ReplyTo != "" {
		t.Errorf("a closed field takes an answer: %q", u.ReplyTo)
	}
}

func TestNews(t *testing.T) {
	x := open(t, options())
	news := func(want string) {
		t.Helper()
		if got := x.News(); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	buttons := [][]ask.Button{{{Text: "Да", Data: "y"}, {Text: "Нет", Data: "n"}}, {{Text: "Сайт", URL: "https://alt.edu.kz"}}}
	send(t, x, "deputy@itc", ask.Reply{Text: "<b>ALT-1</b>"})
	send(t, x, "dima", ask.Reply{Text: "Точно?", Buttons: buttons})
	news("── dima 1 ──\nТочно?\n[1] Да  [2] Нет\n[3] Сайт → https://alt.edu.kz\n── deputy@itc 1 ──\nALT-1\n")
	news("")

	u := typed(t, x, ":as igor", ":in deputy@itc", "Вижу")
	send(t, x, "deputy@itc", ask.Reply{To: u.Message, Files: []ask.File{{Kind: "photo", Size: 3 << 20, Caption: "<i>ALT-1</i>"}, {Kind: "document", Name: "a.pdf", Size: 2100}}})
	send(t, x, "deputy@itc", ask.Reply{To: "1", Text: "Почему?", Force: "Здесь"})
	send(t, x, "dima", ask.Reply{Edit: "1", Text: "Хорошо"})
	send(t, x, "dima", ask.Reply{Edit: "1", Text: "Отлично"})
	news("── deputy@itc 3, answers igor ──\n📎 photo, 3 MB\nALT-1\n📎 a.pdf, 2 KB\n" +
		"── deputy@itc 4, answers 1 ──\nПочему?\n✎ Здесь (what is typed next answers this)\n── dima 1, edited ──\nОтлично\n")

	send(t, x, "dima", ask.Reply{Edit: "1", Text: "Отлично"})
	if got := send(t, x, "dima", ask.Reply{Edit: "1"}); got != "" {
		t.Errorf("what was taken away has a number: %s", got)
	}
	if got := send(t, x, "dima", ask.Reply{Edit: "1", Text: "Снова"}); got != "2" {
		t.Errorf("in place of a message that is gone came %s", got)
	}
	send(t, x, "dima", ask.Reply{Edit: "1"})
	news("── dima 1, taken away ──\n── dima 2 ──\nСнова\n")
}

// At a pressed button only who pressed it is told, and once.
func TestToast(t *testing.T) {
	x := open(t, options())
	send(t, x, "dima", ask.Reply{Text: "Так?", Buttons: [][]ask.Button{{{Text: "Да", Data: "y"}}}})
	x.News()
	u := typed(t, x, ":1")
	for range 2 {
		if err := x.Toast(t.Context(), u.PressID, "Поздно"); err != nil {
			t.Error(err)
		}
	}
	if got, want := x.News(), "── dima, at the button ──\nПоздно\n"; got != want || x.Waiting() {
		t.Errorf("got %q, want %q", got, want)
	}
	if u = typed(t, x, ":1"); x.Toast(t.Context(), u.PressID, "") != nil || x.Waiting() || x.News() != "" {
		t.Error("an empty toast only ends the waiting")
	}
}

func TestSendFails(t *testing.T) {
	x := open(t, options())
	mine := typed(t, x, "mine").Message
	tests := []struct {
		to   dauys.Address
		r    ask.Reply
		want bot.Failure
	}{
		{"terminal:zarina", ask.Reply{Text: "Hello"}, bot.Unreachable},
		{"telegram:7", ask.Reply{Text: "Hello"}, bot.Unreachable},
		{"telegram:dima", ask.Reply{Text: "Hello"}, bot.Unreachable},
		{"terminal:dima", ask.Reply{}, bot.Refused},
		{"terminal:dima", ask.Reply{Text: "Yours", Edit: mine}, bot.Refused},
	}
	for _, tt := range tests {
		_, err := x.Send(t.Context(), tt.to, tt.r)
		if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Failure != tt.want {
			t.Errorf("%s, %+v: %v, want %s", tt.to, tt.r, err, tt.want)
		}
	}
	if got := x.News(); got != "" {
		t.Errorf("something was shown: %s", got)
	}
}

func TestWhoIsWhere(t *testing.T) {
	x := open(t, options())
	for a, want := range map[dauys.Address]bool{"terminal:deputy@itc": true, "terminal:dima": false, "telegram:deputy@itc": false, "terminal:rector": false} {
		if got := x.Group(a); got != want || a.Check() != nil {
			t.Errorf("%s is a group: %v (%v)", a, got, a.Check())
		}
	}
	for _, tt := range []struct {
		in, who dauys.Address
		want    bool
	}{
		{"terminal:deputy@itc", "terminal:igor", true},
		{"terminal:deputy@itc", "terminal:dima", false},
		{"terminal:deputy@itc", "telegram:igor", false},
		{"terminal:rector", "terminal:igor", false},
		{"terminal:dima", "terminal:dima", false},
	} {
		if got, err := x.Member(t.Context(), tt.in, tt.who); got != tt.want || err != nil {
			t.Errorf("%s in %s: %v, %v", tt.who, tt.in, got, err)
		}
	}
	r := ask.Reply{Text: strings.Repeat("long ", 5000), Edit: "3"}
	if parts := x.Parts(r); len(parts) != 1 || !reflect.DeepEqual(parts[0], r) {
		t.Errorf("%d parts", len(parts))
	}
}

// The next time what was said is there and can be pressed, and nothing gets a number twice.
func TestFile(t *testing.T) {
	o := options()
	o.File = filepath.Join(t.TempDir(), "terminal.json")
	x := open(t, o)
	send(t, x, "amina", ask.Reply{Text: "Which?", Buttons: [][]ask.Button{{{Text: "A", Data: "a"}}}})
	typed(t, x, ":as amina", "hello")

	o.Begin = "amina"
	x = open(t, o)
	if got := x.News(); got != "" {
		t.Errorf("old news: %s", got)
	}
	if u := typed(t, x, ":1"); u.Update != "terminal:2" || u.Press != "a" {
		t.Errorf("got %+v", u)
	}
	if got := send(t, x, "amina", ask.Reply{Text: "Fine"}); got != "3" {
		t.Errorf("the number is %s", got)
	}

	if err := os.WriteFile(o.File, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(o); err == nil {
		t.Error("half a file was read")
	}
	o.File = filepath.Join(t.TempDir(), "none", "terminal.json")
	x = open(t, o)
	if _, _, err := x.Read("hello"); err == nil {
		t.Error("what cannot be kept was taken")
	}
	_, err := x.Send(t.Context(), "terminal:amina", ask.Reply{Text: "Hello"})
	if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Failure != bot.Trouble {
		t.Errorf("what cannot be kept was sent: %v", err)
	}
}

func TestNew(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"nobody":          func(o *Options) { o.People = nil },
		"two of a name":   func(o *Options) { o.Chats[0].ID = "dima" },
		"no name":         func(o *Options) { o.People[1].ID = "" },
		"a name of words": func(o *Options) { o.People[1].ID = "a b" },
		"a stranger":      func(o *Options) { o.Begin = "zarina" },
		"a chat":          func(o *Options) { o.Begin = "deputy@itc" },
	} {
		o := options()
		change(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestPlain(t *testing.T) {
	tests := []struct{ html, want, bold string }{
		{"a &lt;b&gt; &amp;amp; c", "a <b> &amp; c", ""},
		{"<b>a</b> <i>b</i> <code>c</code>", "a b c", "\x1b[1ma\x1b[22m b c"},
		{"He:\n<blockquote>a\n\nb &lt;i&gt;</blockquote>\nc", "He:\n│ a\n│\n│ b <i>\nc", ""},
		{`<a href="terminal:igor">Игорь</a>, <a href="https://alt.edu.kz">here</a>`, "Игорь, here (https://alt.edu.kz)", ""},
		{"1 < 2 > 0 <3", "1 < 2 > 0 <3", ""},
		{"a\x1b[2J&#27;[1mb\r\u0085", "a[2J[1mb", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		if got := plain(tt.html, false); got != tt.want {
			t.Errorf("%q is %q, want %q", tt.html, got, tt.want)
		}
		if tt.bold == "" {
			tt.bold = tt.want
		}
		if got := plain(tt.html, true); got != tt.bold {
			t.Errorf("%q on a screen is %q, want %q", tt.html, got, tt.bold)
		}
	}
}

// The bot talks to everybody at once.
func TestSideBySide(t *testing.T) {
	x := open(t, options())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			to := []string{"dima", "deputy@itc"}[i%2]
			for n := range 20 {
				if _, err := x.Send(context.Background(), Address(to), ask.Reply{Text: fmt.Sprint(i, n)}); err != nil {
					t.Error(err)
				}
				x.Waiting()
				x.News()
				if _, _, err := x.Read("hello"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := send(t, x, "deputy@itc", ask.Reply{Text: "last"}); got != "81" {
		t.Errorf("the last has the number %s", got)
	}
}

// A document of the bot is a file on the disk, and its way is shown; as long as it is there it is
// sent again by that.
func TestDocuments(t *testing.T) {
	o := options()
	o.Folder = t.TempDir()
	x := open(t, o)
	r := ask.Reply{Files: []ask.File{{Made: "m1", Kind: "document", Name: "../Хаттама №7.pdf", Size: 4, Caption: "Session 7"}}}
	_, path, err := x.Upload(t.Context(), Address("dima"), r, []byte("%PDF"))
	if err != nil || filepath.Base(path) != "Хаттама №7.pdf" || !strings.HasPrefix(path, o.Folder) {
		t.Fatalf("it is in %s, %v", path, err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "%PDF" {
		t.Errorf("it holds %q, %v", data, err)
	}
	if got := x.News(); !strings.Contains(got, "→ "+path+"\nSession 7\n") {
		t.Errorf("shown: %s", got)
	}
	r.Files[0].Ref = path
	send(t, x, "amina", r)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	_, err = x.Send(t.Context(), Address("dima"), r)
	if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Failure != bot.Gone {
		t.Errorf("one that is not there any more: %v", err)
	}
	if _, odd, err := x.Upload(t.Context(), Address("dima"), ask.Reply{Files: []ask.File{{Made: "m2", Name: ".."}}}, []byte("x")); err != nil || filepath.Base(odd) != "document" {
		t.Errorf("one with an odd name is in %s, %v", odd, err)
	}
}

func TestDownload(t *testing.T) {
	sheet := filepath.Join(t.TempDir(), "agenda.xlsx")
	if err := os.WriteFile(sheet, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	x := open(t, options())
	ref := typed(t, x, ":file "+sheet).File.Ref
	if data, err := x.Download(t.Context(), ref, 5); err != nil || string(data) != "12345" {
		t.Errorf("read %q, %v", data, err)
	}
	if _, err := x.Download(t.Context(), ref, 4); !errors.Is(err, dauys.ErrTooBig) {
		t.Errorf("more than there may be: %v", err)
	}
	for _, nothing := range []string{"dima/9", "", sheet} {
		if _, err := x.Download(t.Context(), nothing, 5); !errors.Is(err, dauys.ErrGone) {
			t.Errorf("%q: %v", nothing, err)
		}
	}
	if err := os.Remove(sheet); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Download(t.Context(), ref, 5); !errors.Is(err, dauys.ErrGone) {
		t.Errorf("one that is not there any more: %v", err)
	}
}
