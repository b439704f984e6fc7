package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/registrar"
)

var (
	update = flag.Bool("update", false, "write what the bot says into the plays")
	onEach = flag.Bool("everywhere", false, "play each of them on every pair of stores")
)

// names are how plays call people.
var names = map[string]int64{
	"Aigerim": aigerim, "Dima": dima, "Amina": amina, "Saltanat": saltanat, "Igor": igor,
	"Gulnar": gulnar, "Marat": marat, "Zarina": zarina, "Darkhan": darkhan,
	"Tamara": tamara, "Ainur": ainur, "Sergey": sergey,
}

// TestPlays plays testdata/plays/*.txt through the whole program: people, the simulator over
// HTTP, real stores, and the clock. A line is what somebody does:
//
//	Aigerim: /start                          a message to the bot
//	Aigerim: [Жаңа жолданым]                 presses the newest button with these words
//	Aigerim: {photo page.jpg}                a file; {document plan.pdf 25MB} for its size
//	Saltanat@registrar > {document registrar/roster.csv}  a file of ../../registrar/testdata/read, with its content
//	Aigerim: {album page1.jpg page2.jpg plan.mp4}  files sent as one
//	Aigerim: {contact +77011234567} {contact} {place}  one's own contact, another's; where one is
//	Aigerim: {follow}                        the newest link that the bot has given to anybody
//	Dima: {file student-gov} {file ИС-21-1}  a complaint of theirs, without the form: which way, or from which group
//	Dima: {file institute Ким Дмитрий: words}  the same with a name and a text
//	Dima@student-gov@itc: {join} {leave}     becomes a member of the chat, and goes
//	Aigerim: {sticker} {forward Someone: words} {edit other words} {edit We write => other words} {block} {unblock}
//	Aigerim: {student 20230001}              the account is linked with this student
//	Darkhan: {second deputy}                 from now on answers of these offices need a second yes
//	Darkhan: {named deputy}                  from now on applicants are told who of these offices answers or asks
//	Saltanat@deputy@itc: [Ответить]          the same in the chat of an office
//	Saltanat@deputy@itc > words              an answer to the bot's newest message there
//	Saltanat@deputy@itc > {voice yes.ogg}    the same with a file, {place} or {contact}
//	Saltanat@deputy@itc: {forum} {plain}     the group gets topics, and has none any more
//	Saltanat@deputy@itc: {topic words} {close} {open} {delete}  in its newest topic: words, or what becomes of it
//	Aigerim: 20260001 {code}                 the newest code for linking an account stands there
//	+ student                                the registrar publishes the folder of that name in testdata/records
//	- student/marks                          and takes one of its files back
//	… 2h                                     the clock moves
//
// Everything indented is what the bot says, written by -update. A line "# offices: kk" lets the offices
// work in another language than Russian, and "# record: NAME"
// imports the folder of that name in testdata/records first, "# linked: NAME NUMBER" links somebody with a
// student of it. Only in plays called digest and news the regular jobs run.
func TestPlays(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/plays/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no plays: %v", err)
	}
	stores := pairs(t)
	for i, file := range files {
		on := stores
		if len(stores) > 1 && !*onEach { // each on one pair: what a play shows does not depend on it
			on = stores[i%len(stores) : i%len(stores)+1]
		}
		for _, pair := range on {
			t.Run(pair.name+"/"+strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
				t.Parallel()
				play(t, file, pair.env(t))
			})
		}
	}
}

func play(t *testing.T, file string, env []string) {
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := &player{seen: map[int64]map[int64]string{}, stage: newStageWith(t, func(s *stage) {
		s.jobs = strings.HasPrefix(filepath.Base(file), "digest-") || strings.HasPrefix(filepath.Base(file), "news-")
		if m := officesForm.FindStringSubmatch(string(want)); m != nil {
			s.lang = dauys.Lang(m[1])
		}
	}, env...)}
	p.settle() // the jobs of the morning have run before there is anything to tell
	if m := recordForm.FindStringSubmatch(string(want)); m != nil {
		p.record(m[1])
	}
	for _, m := range linkedForm.FindAllStringSubmatch(string(want), -1) {
		p.linked(names[m[1]], m[2])
	}
	p.settle()
	p.news() // what is there before the play is nobody's line
	var got strings.Builder
	for n, line := range strings.Split(strings.TrimRight(string(want), "\n"), "\n") {
		if strings.HasPrefix(line, "  ") {
			continue
		}
		got.WriteString(line + "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := p.act(line); err != nil {
			t.Fatalf("%s:%d: %s: %v\n%s", file, n+1, line, err, got.String())
		}
		p.settle()
		got.WriteString(p.news())
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got.String() != string(want) {
		t.Errorf("%s went otherwise; run go test ./cmd/dauys -run Plays -update and read the difference:\n%s", file, difference(string(want), got.String()))
	}
}

var linkedForm = regexp.MustCompile(`(?m)^# linked: (\w+) (\w+)$`)

var recordForm = regexp.MustCompile(`(?m)^# record: (\w+)$`)

var officesForm = regexp.MustCompile(`(?m)^# offices: (\w+)$`)

// difference shows the first lines in which two texts differ.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			from := max(0, i-3)
			return fmt.Sprintf("line %d\nwant:\n%s\ngot:\n%s", i+1, strings.Join(w[min(from, len(w)):min(i+12, len(w))], "\n"), strings.Join(g[min(from, len(g)):min(i+12, len(g))], "\n"))
		}
	}
	return ""
}

// player is a stage and what was seen on it.
type player struct {
	*stage
	seen   map[int64]map[int64]string // chat → message → as it looked
	topics map[int64]map[int64]simulator.Topic
	toasts map[int64]int
	code   string // the newest one for linking an account
}

var (
	lineForm = regexp.MustCompile(`(?s)^(\w+)(?:@([\w@-]+))?(:| >) ?(.*)$`)
	things   = regexp.MustCompile(`^\{(\w+) ?(.*)\}$`)
	fileForm = regexp.MustCompile(`^(\S+)(?: (\d+)MB)?(?: (.*))?$`)
)

// startLink is a link that leads to the bot with a payload; its code is chance.
var startLink = regexp.MustCompile(`https://t\.me/\w+\?start=(\w+)`)

// A code for linking an account is chance, too: it stands in a link. What is typed like one is an example.
var (
	codeLink = regexp.MustCompile(`\?start=l_(\w+)`)
	codeForm = regexp.MustCompile(`\b[A-HJ-NP-Z2-9]{5}-[A-HJ-NP-Z2-9]{5}\b`)
)

const (
	codeExample = "ABCDE-23456"
	codeHidden  = "•••••-•••••"
)

// act does what a line says.
func (p *player) act(line string) error {
	if rest, ok := strings.CutPrefix(line, "… "); ok {
		d, err := time.ParseDuration(rest)
		if err == nil {
			p.clock.Advance(d)
			p.app.intake.Look()
			p.app.sender.Wake()
		}
		return err
	}
	if folder, ok := strings.CutPrefix(line, "+ "); ok {
		p.ahead = time.Second // all of it is published before any of it is told
		p.record(folder)
		p.ahead = 0
		p.clock.Advance(time.Second)
		return nil
	}
	if folder, ok := strings.CutPrefix(line, "- "); ok {
		_, err := p.app.db.Settle(context.Background(), folder, registrar.Undone, "telegram:1", p.clock.Now(), nil)
		return err
	}
	m := lineForm.FindStringSubmatch(strings.ReplaceAll(line, `\n`, "\n"))
	if m == nil {
		return fmt.Errorf("not a line of a play")
	}
	who, ok := names[m[1]]
	if !ok {
		return fmt.Errorf("nobody is called %s", m[1])
	}
	chat := who
	if m[2] != "" {
		if chat, ok = p.chats[dauys.OfficeID(m[2])]; !ok {
			return fmt.Errorf("there is no office %s", m[2])
		}
	}
	what := strings.ReplaceAll(m[4], "{code}", p.code)
	if m[3] == " >" {
		last, ok := p.sim.Last(chat)
		if !ok {
			return fmt.Errorf("the bot has said nothing there")
		}
		if thing := things.FindStringSubmatch(what); thing != nil {
			switch thing[1] {
			case "place":
				_, err := p.sim.ReplyLocation(who, chat, last.ID, 43.238949, 76.889709)
				return err
			case "contact":
				of := who
				if thing[2] == "" {
					of, thing[2] = zarina, "+77010000000"
				}
				_, err := p.sim.ReplyContact(who, chat, last.ID, thing[2], of)
				return err
			}
			f, err := fileOf(thing[1], thing[2])
			if err == nil {
				_, err = p.sim.ReplyFile(who, chat, last.ID, f)
			}
			return err
		}
		_, err := p.sim.Reply(who, chat, last.ID, what)
		return err
	}
	if label, ok := strings.CutPrefix(what, "["); ok && strings.HasSuffix(what, "]") {
		return p.sim.PressLast(who, chat, strings.TrimSuffix(label, "]"))
	}
	if thing := things.FindStringSubmatch(what); thing != nil {
		return p.thing(who, chat, thing[1], thing[2])
	}
	_, err := p.sim.Say(who, chat, what)
	return err
}

// thing is something other than words.
func (p *player) thing(who, chat int64, kind, rest string) error {
	var err error
	switch kind {
	case "photo", "document", "video", "voice":
		f, err := fileOf(kind, rest)
		if err != nil {
			return err
		}
		_, err = p.sim.SendFile(who, chat, f)
		return err
	case "album":
		for i, name := range strings.Fields(rest) {
			kind := "photo"
			if strings.HasSuffix(name, ".mp4") {
				kind = "video"
			}
			if _, err = p.sim.SendFile(who, chat, simulator.File{Kind: kind, Name: name, Data: []byte(name), Album: fmt.Sprint("album of ", p.seen[chat] == nil, len(p.sim.Messages(chat))-i)}); err != nil {
				return err
			}
		}
	case "contact":
		of := who
		if rest == "" {
			of, rest = zarina, "+77010000000"
		}
		_, err = p.sim.ShareContact(who, chat, rest, of)
	case "place":
		_, err = p.sim.ShareLocation(who, chat, 43.238949, 76.889709)
	case "follow": // a link that somebody has passed on
		link := ""
		for _, person := range cast {
			for _, m := range p.sim.Messages(person.ID) {
				if found := startLink.FindStringSubmatch(m.Text); m.FromBot && found != nil {
					link = found[1]
				}
			}
		}
		_, err = p.sim.Start(who, link)
	case "student":
		p.isStudent(who, rest)
	case "sticker":
		_, err = p.sim.SendFile(who, chat, simulator.File{Kind: "sticker", Data: []byte("sticker")})
	case "forward":
		from, words, _ := strings.Cut(rest, ": ")
		_, err = p.sim.Forward(who, chat, from, words)
	case "edit":
		begins, words, found := strings.Cut(rest, " => ") // a message that begins so; else the last one
		if !found {
			begins, words = "", rest
		}
		for _, m := range slices.Backward(p.sim.Messages(chat)) {
			if m.From == who && strings.HasPrefix(m.Text, begins) {
				return p.sim.Edit(who, chat, m.ID, words)
			}
		}
		return fmt.Errorf("nothing to edit")
	case "long":
		n, _ := strconv.Atoi(rest)
		_, err = p.sim.Say(who, chat, strings.Repeat("слово ", n/6))
	case "blank":
		_, err = p.sim.Say(who, chat, strings.Repeat("\u0301", 5))
	case "forum":
		p.sim.SetForum(chat, true)
		p.sim.Promote(chat, p.sim.BotID())
		p.sim.Promote(chat, who)
	case "plain":
		p.sim.SetForum(chat, false)
	case "topic", "close", "open", "delete":
		all := p.sim.Topics(chat)
		if len(all) == 0 {
			return fmt.Errorf("there is no topic")
		}
		topic := all[len(all)-1].ID
		switch kind {
		case "topic":
			_, err = p.sim.SayInTopic(who, chat, topic, rest)
		case "close":
			err = p.sim.CloseTopic(who, chat, topic)
		case "open":
			err = p.sim.ReopenTopic(who, chat, topic)
		case "delete":
			err = p.sim.DeleteTopic(who, chat, topic)
		}
	case "leave":
		p.sim.Leave(chat, who)
	case "join":
		p.sim.Join(chat, who)
	case "kick": // the bot
		p.sim.KickBot(chat, who)
	case "invite":
		p.sim.AddBotToGroup(chat, who)
	case "file": // without the form
		which, whose, _ := strings.Cut(rest, " ")
		if slices.ContainsFunc(p.app.university.Schemes, func(s dauys.Scheme) bool { return s.ID == which }) {
			name, words, _ := strings.Cut(whose, ": ")
			p.fileFor(who, dauys.Draft{Scheme: which, Text: words, Applicant: dauys.Applicant{Name: name}})
		} else {
			p.fileFor(who, dauys.Draft{Group: rest})
		}
	case "second": // as if the structure file said so of these offices
		offices := slices.Clone(p.app.university.Offices)
		for i := range offices {
			offices[i].Second = offices[i].Second || string(offices[i].ID.Kind()) == rest
		}
		p.app.university.Offices = offices
	case "named": // the same
		offices := slices.Clone(p.app.university.Offices)
		for i := range offices {
			offices[i].ByName = offices[i].ByName || string(offices[i].ID.Kind()) == rest
		}
		p.app.university.Offices = offices
	case "block":
		p.sim.Block(who)
	case "unblock":
		p.sim.Unblock(who)
	default:
		return fmt.Errorf("nobody knows how to send %s", kind)
	}
	return err
}

// fileOf is a file as a line describes it.
func fileOf(kind, rest string) (simulator.File, error) {
	if name, ok := strings.CutPrefix(rest, "registrar/"); ok { // with what is in it
		data, err := os.ReadFile(filesOfKinds + name)
		return simulator.File{Kind: kind, Name: name, MIME: "text/csv", Data: data}, err
	}
	m := fileForm.FindStringSubmatch(rest)
	if m == nil {
		return simulator.File{}, fmt.Errorf("%s needs a name", kind)
	}
	size, _ := strconv.ParseInt(m[2], 10, 64)
	return simulator.File{Kind: kind, Name: m[1], MIME: "application/octet-stream", Data: []byte(m[1]), Size: size << 20, Caption: m[3]}, nil
}

// news is what the bot has said, changed and shown at buttons since the last time.
func (p *player) news() string {
	var out strings.Builder
	if p.toasts == nil {
		p.toasts = map[int64]int{}
	}
	for _, person := range cast {
		all := p.sim.Toasts(person.ID)
		for _, toast := range all[p.toasts[person.ID]:] {
			fmt.Fprintf(&out, "  at the button: %s\n", toast)
		}
		p.toasts[person.ID] = len(all)
	}
	type place struct {
		name string
		id   int64
	}
	var places []place
	for name, id := range names {
		places = append(places, place{name, id})
	}
	for office, id := range p.chats {
		places = append(places, place{string(office), id})
	}
	places = append(places, place{"blog", blogChannel})
	slices.SortFunc(places, func(a, b place) int { return int(a.id>>40-b.id>>40) + strings.Compare(a.name, b.name)*2 })
	slices.SortStableFunc(places, func(a, b place) int { // people first
		return strings.Compare(fmt.Sprint(a.id < 0, a.name), fmt.Sprint(b.id < 0, b.name))
	})
	for _, at := range places {
		seen := p.seen[at.id]
		if seen == nil {
			seen = map[int64]string{}
			p.seen[at.id] = seen
		}
		names := map[int64]string{}
		for i, topic := range p.sim.Topics(at.id) {
			names[topic.ID] = fmt.Sprintf(" in topic %d", i+1)
			if p.topics[at.id] == nil {
				if p.topics == nil {
					p.topics = map[int64]map[int64]simulator.Topic{}
				}
				p.topics[at.id] = map[int64]simulator.Topic{}
			}
			if was, old := p.topics[at.id][topic.ID]; old && was == topic {
				continue
			}
			p.topics[at.id][topic.ID] = topic
			state := map[bool]string{true: ", closed"}[topic.Closed] + map[bool]string{true: ", deleted"}[topic.Deleted]
			fmt.Fprintf(&out, "  # %s, topic %d: %s%s\n", at.name, i+1, topic.Name, state)
		}
		for _, m := range p.sim.Messages(at.id) {
			if !m.FromBot || m.Service != "" {
				continue
			}
			look := names[m.ThreadID] + look(m)
			was, old := seen[m.ID]
			if found := codeLink.FindStringSubmatch(m.Text); found != nil && !old {
				p.code = found[1]
			}
			seen[m.ID] = look
			switch {
			case !old:
				fmt.Fprintf(&out, "  → %s%s\n", at.name, look)
			case was != look:
				fmt.Fprintf(&out, "  ✎ %s%s\n", at.name, look)
			}
		}
	}
	return out.String()
}

// look is a message as a person sees it.
func look(m simulator.Message) string {
	var b strings.Builder
	if m.Deleted {
		return " (deleted)"
	}
	if m.ReplyTo != 0 {
		b.WriteString(" (an answer)")
	}
	if m.Protected {
		b.WriteString(" (protected)")
	}
	b.WriteString(":\n")
	if m.File != nil {
		fmt.Fprintf(&b, "      {%s %s}\n", m.File.Kind, m.File.Name)
	}
	if m.Location != nil {
		fmt.Fprintf(&b, "      {place %.4f, %.4f}\n", m.Location.Latitude, m.Location.Longitude)
	}
	text := codeForm.ReplaceAllStringFunc(startLink.ReplaceAllString(m.Text, "https://t.me/…?start=…"), func(code string) string {
		if code == codeExample {
			return code
		}
		return codeHidden
	})
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" {
			b.WriteString("  \n") // as part of what the bot says, so that -update replaces it
			continue
		}
		b.WriteString("      " + line + "\n")
	}
	for _, row := range m.Keyboard {
		b.WriteString("     ")
		for _, k := range row {
			b.WriteString(" [" + k.Text + "]")
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func telegramAddress(id int64) dauys.Address {
	return dauys.AddressOf("telegram", strconv.FormatInt(id, 10))
}
