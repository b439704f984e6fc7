package simulator

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed page
var pageFiles embed.FS

// zone is where the page's clock hangs; the clock's own if it is unknown here.
const zone = "Asia/Almaty"

const (
	shownMessages = 200 // of each chat, when the page opens
	mostPageBody  = mostUpload + 1<<20
)

// A touch is something that the page is to show: a message that is new or
// changed, an answer to a press, or what the bot is doing.
type touch struct {
	chat, message int64
	person        int64
	answer        *Answer
	action        string
}

// touch tells everybody who looks that a message is new or changed.
func (s *Server) touch(c *chat, m *message) {
	s.touched.add(touch{chat: c.ID, message: m.ID})
	s.note()
}

func (s *Server) toast(person int64, a Answer) { s.touched.add(touch{person: person, answer: &a}) }

// typing shows what the bot does in a chat; "" is nothing more.
func (s *Server) typing(chat int64, action string) {
	s.touched.add(touch{chat: chat, action: action})
	s.wake()
}

func (s *Server) worldChanged() {
	s.worldRev++
	s.note()
}

// pageHandler serves the page and what it asks for.
func (s *Server) pageHandler() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err)
	}
	static := http.FileServerFS(files)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "+
			"media-src 'self' blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		static.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /sim/events", s.serveEvents)
	mux.HandleFunc("GET /sim/commands", s.serveCommands)
	mux.HandleFunc("GET /sim/file/{id}", s.servePageFile)
	mux.HandleFunc("POST /sim/file", s.serveUpload)
	mux.HandleFunc("POST /sim/{act}", s.serveAct)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if why := s.foreign(r); why != "" {
			http.Error(w, why, http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// foreign tells why a request does not come from the page: another site must
// neither read the chats (by giving its own name this machine's address) nor
// act in them.
func (s *Server) foreign(r *http.Request) string {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if !loopback(host) && !slices.Contains(s.o.Hosts, host) {
		return "the simulator's page is opened as localhost"
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		if r.Method != http.MethodGet || strings.HasPrefix(r.URL.Path, "/sim/") {
			return "another site may not use the simulator"
		}
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if u, err := url.Parse(origin); err != nil || u.Host != r.Host {
			return "another site may not use the simulator"
		}
	}
	return ""
}

// act is what the page asks a person to do.
type pageAct struct {
	Person    int64   `json:"person"`
	Chat      int64   `json:"chat"`
	Message   int64   `json:"message"`
	Reply     int64   `json:"reply"`
	Thread    int64   `json:"thread"`
	Text      string  `json:"text"`
	Data      string  `json:"data"`
	Anonymous bool    `json:"anonymous"`
	Lat       float64 `json:"lat"`
	Lon       float64 `json:"lon"`
	FirstName string  `json:"first_name"`
	LastName  string  `json:"last_name"`
	Username  string  `json:"username"`
	Language  string  `json:"language"`
	Members   []int64 `json:"members"`
	Seconds   int64   `json:"seconds"`
}

// where is a message that is yet to get its words: what it answers, the topic
// it stands in, and whether its author is shown.
func (a pageAct) where() message {
	return message{ReplyTo: a.Reply, Thread: a.Thread, InTopic: a.Thread != 0, Anonymous: a.Anonymous}
}

// pageActs are what can be asked, and whether it needs somebody or a group.
var pageActs = map[string]struct {
	person, group bool
	do            func(*Server, pageAct) (int64, error)
}{
	"say": {true, false, func(s *Server, a pageAct) (int64, error) {
		m := a.where()
		m.Text = a.Text
		return s.say(a.Person, a.Chat, m)
	}},
	"edit": {true, false, func(s *Server, a pageAct) (int64, error) {
		return a.Message, s.Edit(a.Person, a.Chat, a.Message, a.Text)
	}},
	"delete": {true, false, func(s *Server, a pageAct) (int64, error) {
		return a.Message, s.Delete(a.Person, a.Chat, a.Message)
	}},
	"press": {true, false, func(s *Server, a pageAct) (int64, error) {
		return 0, s.PressData(a.Person, a.Chat, a.Message, a.Data)
	}},
	"contact": {true, false, func(s *Server, a pageAct) (int64, error) {
		m := a.where()
		m.Contact = s.contact(a.Person, s.phone(a.Person), a.Person)
		return s.act(a.Person, a.Chat, &m)
	}},
	"location": {true, false, func(s *Server, a pageAct) (int64, error) {
		m := a.where()
		m.Location = &Location{a.Lat, a.Lon}
		return s.act(a.Person, a.Chat, &m)
	}},
	"start":   {true, false, func(s *Server, a pageAct) (int64, error) { return s.Start(a.Person, a.Data) }},
	"block":   {true, false, func(s *Server, a pageAct) (int64, error) { s.Block(a.Person); return 0, nil }},
	"unblock": {true, false, func(s *Server, a pageAct) (int64, error) { s.Unblock(a.Person); return 0, nil }},
	"join":    {true, true, func(s *Server, a pageAct) (int64, error) { s.Join(a.Chat, a.Person); return 0, nil }},
	"leave":   {true, true, func(s *Server, a pageAct) (int64, error) { s.Leave(a.Chat, a.Person); return 0, nil }},
	"addbot":  {true, true, func(s *Server, a pageAct) (int64, error) { s.AddBotToGroup(a.Chat, a.Person); return 0, nil }},
	"kickbot": {true, true, func(s *Server, a pageAct) (int64, error) { s.KickBot(a.Chat, a.Person); return 0, nil }},
	"promote": {true, true, func(s *Server, a pageAct) (int64, error) { s.Promote(a.Chat, s.botID); return 0, nil }},
	"demote":  {true, true, func(s *Server, a pageAct) (int64, error) { s.Demote(a.Chat, s.botID); return 0, nil }},
	"startgroup": {true, true, func(s *Server, a pageAct) (int64, error) {
		return s.StartInGroup(a.Person, a.Chat, a.Data)
	}},
	"forum":       {true, true, func(s *Server, a pageAct) (int64, error) { return 0, s.turnForum(a.Chat, true) }},
	"plain":       {true, true, func(s *Server, a pageAct) (int64, error) { return 0, s.turnForum(a.Chat, false) }},
	"topic":       {true, true, func(s *Server, a pageAct) (int64, error) { return s.CreateTopic(a.Person, a.Chat, a.Text) }},
	"closetopic":  {true, true, func(s *Server, a pageAct) (int64, error) { return 0, s.CloseTopic(a.Person, a.Chat, a.Thread) }},
	"reopentopic": {true, true, func(s *Server, a pageAct) (int64, error) { return 0, s.ReopenTopic(a.Person, a.Chat, a.Thread) }},
	"deletetopic": {true, true, func(s *Server, a pageAct) (int64, error) { return 0, s.DeleteTopic(a.Person, a.Chat, a.Thread) }},

	"person": {false, false, (*Server).newcomer},
	"group":  {false, false, (*Server).newGroup},
	"clock":  {false, false, (*Server).moveClock},
}

// newcomer adds a person with the next free id.
func (s *Server) newcomer(a pageAct) (int64, error) {
	name := strings.TrimSpace(a.FirstName)
	if name == "" {
		return 0, errors.New("simulator: a person has a name")
	}
	s.mu.Lock()
	id := int64(1001)
	for s.w.People[id] != nil || id == s.botID {
		id++
	}
	s.mu.Unlock()
	s.AddPerson(Person{
		ID: id, FirstName: name, LastName: strings.TrimSpace(a.LastName),
		Username: strings.TrimPrefix(strings.TrimSpace(a.Username), "@"), LanguageCode: a.Language,
	})
	return id, nil
}

// newGroup makes a group of people, into which the first then brings the bot.
func (s *Server) newGroup(a pageAct) (int64, error) {
	title := strings.TrimSpace(a.Text)
	if title == "" || len(a.Members) == 0 {
		return 0, errors.New("simulator: a group has a name and somebody in it")
	}
	s.mu.Lock()
	for _, p := range a.Members {
		if s.w.People[p] == nil {
			s.mu.Unlock()
			return 0, fmt.Errorf("simulator: nobody has the id %d", p)
		}
	}
	id := int64(-1_001_000_000_001)
	for s.w.Chats[id] != nil {
		id--
	}
	s.mu.Unlock()
	s.AddGroupWithoutBot(id, title, a.Members...)
	s.AddBotToGroup(id, a.Members[0])
	return id, nil
}

// turnForum gives topics to a supergroup, or takes them away; other groups
// have none.
func (s *Server) turnForum(chat int64, on bool) error {
	s.mu.Lock()
	basic := s.group(chat).Type != "supergroup"
	s.mu.Unlock()
	if basic {
		return errors.New("simulator: only a supergroup has topics")
	}
	s.SetForum(chat, on)
	return nil
}

const mostSeconds = 366 * 24 * 3600

func (s *Server) moveClock(a pageAct) (int64, error) {
	if a.Seconds <= 0 || a.Seconds > mostSeconds {
		return 0, errors.New("simulator: the clock goes forward, by a year at most")
	}
	s.clock.Advance(time.Duration(a.Seconds) * time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropExpired()
	s.note()
	return 0, nil
}

// serveAct does one of pageActs.
func (s *Server) serveAct(w http.ResponseWriter, r *http.Request) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		http.Error(w, "simulator: acts are JSON", http.StatusUnsupportedMediaType)
		return
	}
	act, ok := pageActs[r.PathValue("act")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	var a pageAct
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&a); err != nil {
		http.Error(w, "simulator: "+err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	person, group := s.w.People[a.Person], s.w.Chats[a.Chat]
	s.mu.Unlock()
	switch {
	case act.person && person == nil:
		http.Error(w, fmt.Sprintf("simulator: nobody has the id %d", a.Person), http.StatusBadRequest)
		return
	case act.group && (group == nil || group.private()):
		http.Error(w, fmt.Sprintf("simulator: there is no group %d", a.Chat), http.StatusBadRequest)
		return
	}
	id, err := act.do(s, a)
	respond(w, id, err)
}

func respond(w http.ResponseWriter, id int64, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"id":%d}`, id)
}

// serveUpload lets a person send the files of a form, several as albums of ten
// at most.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostPageBody)
	if err := r.ParseMultipartForm(mostPageBody); err != nil {
		http.Error(w, "simulator: "+err.Error(), http.StatusBadRequest)
		return
	}
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(r.FormValue(name), 10, 64)
		return n
	}
	a := pageAct{
		Person: number("person"), Chat: number("chat"), Reply: number("reply"), Thread: number("thread"),
		Anonymous: r.FormValue("anonymous") == "true",
	}
	files := r.MultipartForm.File["file"]
	album := ""
	var last int64
	for i, head := range files {
		if len(files) > 1 && i%mostAlbum == 0 {
			s.mu.Lock()
			album = s.albumID()
			s.mu.Unlock()
		}
		file, err := head.Open()
		if err != nil {
			respond(w, 0, err)
			return
		}
		data, err := io.ReadAll(file)
		_ = file.Close()
		if err != nil {
			respond(w, 0, err)
			return
		}
		f := File{Kind: r.FormValue("kind"), Name: head.Filename, MIME: head.Header.Get("Content-Type"), Data: data, Album: album}
		if i == 0 {
			f.Caption = r.FormValue("caption")
		}
		if last, err = s.sendFile(a.Person, a.Chat, f, a.where()); err != nil {
			respond(w, 0, err)
			return
		}
	}
	respond(w, last, nil)
}

// shownInline are types that a browser may show; all else is a download.
var shownInline = []string{
	"image/jpeg", "image/png", "image/gif", "image/webp", "audio/ogg", "audio/mpeg", "audio/wave", "audio/mp4",
	"video/mp4", "video/webm", "application/ogg",
}

// servePageFile shows a file to the page. What people send is never served as
// something that could run in the page's name.
func (s *Server) servePageFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	b := s.file(r.PathValue("id"))
	s.mu.Unlock()
	if b == nil {
		http.NotFound(w, r)
		return
	}
	kind := http.DetectContentType(b.Data)
	disposition := "inline"
	if !slices.Contains(shownInline, kind) {
		kind, disposition = "application/octet-stream", "attachment"
	}
	if b.Kind == document {
		disposition = "attachment"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": b.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b.Data))
}

func (s *Server) serveCommands(w http.ResponseWriter, r *http.Request) {
	person, _ := strconv.ParseInt(r.FormValue("person"), 10, 64)
	chat, _ := strconv.ParseInt(r.FormValue("chat"), 10, 64)
	list := s.CommandsFor(person, chat)
	if list == nil {
		list = []Command{}
	}
	body, err := marshal(list)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

type pageWorld struct {
	Bot    wireUser     `json:"bot"`
	About  string       `json:"about,omitempty"`
	People []pagePerson `json:"people"`
	Chats  []pageChat   `json:"chats"`
}

type pagePerson struct {
	Person
	Started bool `json:"started"`
	Blocked bool `json:"blocked"`
	Gone    bool `json:"gone,omitempty"`
}

type pageChat struct {
	ID      int64             `json:"id"`
	Type    string            `json:"type"`
	Title   string            `json:"title"`
	Forum   bool              `json:"forum,omitempty"`
	Members map[string]string `json:"members,omitempty"` // id → status
	Topics  []pageTopic       `json:"topics,omitempty"`
	Pins    []int64           `json:"pins,omitempty"`
	MovedTo int64             `json:"moved_to,omitempty"`
}

type pageTopic struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Closed bool   `json:"closed,omitempty"`
}

type pageMessage struct {
	ID          int64            `json:"id"`
	Chat        int64            `json:"chat"`
	From        int64            `json:"from"`
	Author      int64            `json:"author"`
	Name        string           `json:"name"`
	Bot         bool             `json:"bot,omitempty"`
	Date        int64            `json:"date"`
	Edited      bool             `json:"edited,omitempty"`
	Deleted     bool             `json:"deleted,omitempty"`
	Text        string           `json:"text,omitempty"`
	Entities    []Entity         `json:"entities,omitempty"`
	Markup      string           `json:"markup,omitempty"`
	Keyboard    [][]Button       `json:"keyboard,omitempty"`
	Placeholder string           `json:"placeholder,omitempty"`
	OneTime     bool             `json:"one_time,omitempty"`
	Reply       *pageReply       `json:"reply,omitempty"`
	Forwarded   string           `json:"forwarded,omitempty"`
	File        *pageFile        `json:"file,omitempty"`
	Album       string           `json:"album,omitempty"`
	Contact     *Contact         `json:"contact,omitempty"`
	Location    *Location        `json:"location,omitempty"`
	Venue       *Venue           `json:"venue,omitempty"`
	Thread      int64            `json:"thread,omitempty"`
	Service     *pageService     `json:"service,omitempty"`
	Silent      bool             `json:"silent,omitempty"`
	Protected   bool             `json:"protected,omitempty"`
	Reactions   map[string]int64 `json:"reactions,omitempty"` // emoji → how many
}

type pageReply struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Text string `json:"text"`
}

type pageFile struct {
	ID     string   `json:"id"`
	Kind   fileKind `json:"kind"`
	Name   string   `json:"name,omitempty"`
	MIME   string   `json:"mime,omitempty"`
	Size   int64    `json:"size"`
	Width  int      `json:"width,omitempty"`
	Height int      `json:"height,omitempty"`
}

type pageService struct {
	Kind string   `json:"kind"`
	Who  []string `json:"who,omitempty"`
	Text string   `json:"text,omitempty"`
}

type pageClock struct {
	Now    int64 `json:"now"`    // milliseconds
	Offset int   `json:"offset"` // minutes east of UTC
}

// pageClock is the time that the page shows.
func (s *Server) pageClock() pageClock {
	now := s.clock.Now()
	if place, err := time.LoadLocation(zone); err == nil {
		now = now.In(place)
	}
	_, seconds := now.Zone()
	return pageClock{now.UnixMilli(), seconds / 60}
}

func (s *Server) pageWorld() pageWorld {
	out := pageWorld{Bot: s.user(s.botID), About: s.w.Profile["short_description"][""], People: []pagePerson{}, Chats: []pageChat{}}
	for _, id := range sorted(s.w.People) {
		p := s.w.People[id]
		out.People = append(out.People, pagePerson{p.Person, p.Started, p.Blocked, p.Gone})
	}
	for _, id := range sorted(s.w.Chats) {
		c := s.w.Chats[id]
		if c.Gone {
			continue
		}
		chat := pageChat{ID: id, Type: c.Type, Title: c.Title, Forum: c.Forum, Pins: slices.Clone(c.Pins), MovedTo: c.MigratedTo}
		if c.private() {
			if s.w.People[id].Bot {
				continue
			}
			chat.Title = s.w.People[id].Name()
		}
		for _, p := range sorted(c.Members) {
			if c.Members[p].in() {
				if chat.Members == nil {
					chat.Members = map[string]string{}
				}
				chat.Members[strconv.FormatInt(p, 10)] = c.Members[p].Status
			}
		}
		for _, t := range sorted(c.Topics) {
			if !c.Topics[t].Deleted {
				chat.Topics = append(chat.Topics, pageTopic{t, c.Topics[t].Name, c.Topics[t].Closed})
			}
		}
		out.Chats = append(out.Chats, chat)
	}
	return out
}

func (s *Server) pageMessage(c *chat, m *message) pageMessage {
	out := pageMessage{
		ID: m.ID, Chat: c.ID, From: m.From, Author: m.Author, Name: s.nameOf(m.From), Bot: m.From == s.botID,
		Date: m.Date * 1000, Edited: m.EditDate > 0, Deleted: m.Deleted, Album: m.Album, Thread: m.Thread,
		Silent: m.Silent, Protected: m.Protected,
	}
	if m.Deleted {
		return out
	}
	if m.Anonymous {
		out.Name = c.Title
	}
	out.Text, out.Entities = m.Text, m.Entities
	out.Contact, out.Location, out.Venue = m.Contact, m.Location, m.Venue
	if k := m.Keyboard; k != nil {
		out.Markup, out.Keyboard, out.Placeholder, out.OneTime = k.Kind, k.Rows, k.Placeholder, k.OneTime
	}
	if to := c.message(m.ReplyTo); to != nil {
		out.Reply = &pageReply{to.ID, s.nameOf(to.From), s.summary(to)}
	}
	if m.Forward != nil {
		if out.Forwarded = m.Forward.Name; out.Forwarded == "" {
			out.Forwarded = s.nameOf(m.Forward.From)
		}
	}
	if b := s.w.Files[m.File]; b != nil {
		out.File = &pageFile{b.ID, b.Kind, b.Name, b.MIME, b.Size, b.Width, b.Height}
	}
	if e := m.Service; e != nil {
		out.Service = &pageService{Kind: e.Kind, Text: e.Text}
		for _, id := range e.Who {
			out.Service.Who = append(out.Service.Who, s.nameOf(id))
		}
		if pinned := c.message(e.Message); pinned != nil {
			out.Service.Text = s.summary(pinned)
		}
	}
	for _, emoji := range m.Reactions {
		if out.Reactions == nil {
			out.Reactions = map[string]int64{}
		}
		out.Reactions[emoji]++
	}
	return out
}

// summary is a line about a message.
func (s *Server) summary(m *message) string {
	text := strings.Join(strings.Fields(m.Text), " ")
	if text == "" && m.File != "" {
		text = s.w.Files[m.File].Name
	}
	if runes := []rune(text); len(runes) > 100 {
		text = string(runes[:100]) + "…"
	}
	return text
}

// stream is what one open page has been told.
type stream struct {
	seen     int // of touched, counted from the beginning
	worldRev int64
	minute   int64
}

// serveEvents tells an open page of everything that happens: at first all,
// then what is new. A page that lost its connection asks anew.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	flusher, ok := w.(http.Flusher)
	if !ok {
		http.Error(w, "simulator: events need a connection that can be flushed", http.StatusNotImplemented)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	at := &stream{seen: -1}
	for {
		s.mu.Lock()
		events := s.news(at)
		changed, closed := s.changed, s.closed
		s.mu.Unlock()
		if closed {
			return
		}
		for _, e := range events {
			body, err := marshal(e.body)
			if err != nil {
				return
			}
			if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", e.name, body); err != nil {
				return
			}
		}
		if len(events) > 0 {
			flusher.Flush()
		}
		select {
		case <-changed:
		case <-tick.C:
		case <-s.closing:
		case <-r.Context().Done():
			return
		}
	}
}

type event struct {
	name string
	body any
}

// news is what a page does not know yet.
func (s *Server) news(at *stream) []event {
	var out []event
	end := s.touched.lost + len(s.touched.items)
	behind := at.seen < s.touched.lost
	if behind {
		messages := []pageMessage{}
		for _, id := range sorted(s.w.Chats) {
			c := s.w.Chats[id]
			for _, m := range c.Messages[max(0, len(c.Messages)-shownMessages):] {
				if !m.Deleted {
					messages = append(messages, s.pageMessage(c, m))
				}
			}
		}
		out = append(out, event{"all", map[string]any{"world": s.pageWorld(), "messages": messages, "clock": s.pageClock()}})
	} else {
		if at.worldRev != s.worldRev {
			out = append(out, event{"world", s.pageWorld()})
		}
		told := map[[2]int64]bool{}
		var messages []pageMessage
		for _, t := range s.touched.items[at.seen-s.touched.lost:] {
			c := s.w.Chats[t.chat]
			switch {
			case t.answer != nil:
				out = append(out, event{"answer", map[string]any{
					"person": t.person, "text": t.answer.Text, "alert": t.answer.Alert, "url": t.answer.URL,
				}})
			case t.message == 0:
				out = append(out, event{"action", map[string]any{"chat": t.chat, "action": t.action}})
			case c != nil && !told[[2]int64{t.chat, t.message}]:
				told[[2]int64{t.chat, t.message}] = true
				if m := c.message(t.message); m != nil {
					messages = append(messages, s.pageMessage(c, m))
				}
			}
		}
		if len(messages) > 0 {
			out = append(out, event{"messages", messages})
		}
	}
	if clock := s.pageClock(); !behind && clock.Now/60_000 != at.minute {
		out = append(out, event{"clock", clock})
	}
	*at = stream{end, s.worldRev, s.clock.Now().UnixMilli() / 60_000}
	return out
}
