// Package simulator is a Telegram Bot API server in a box: a bot talks to it
// over HTTP exactly as it talks to api.telegram.org, and a test, or a person
// in front of its web page, acts as the people on the other side.
//
// It is strict where the real server is strict. Markup is parsed as TDLib
// parses it, errors carry the real texts, an update stays in the queue until
// it is confirmed, two pollers disturb each other, a person who never pressed
// Start cannot be written to. What a correct bot would never do is collected
// by [Server.Misuse]; what the network does to a correct bot is switched on
// with [Server.Fail], [Server.Duplicate] and [Server.Shuffle].
//
// Everything that is known about the world is one value, state, behind one
// lock; a message is stored once and shown in three ways: to the bot
// (wire.go), to tests (look.go) and to the page (page.go).
//
// Dates, ages and expiry go by [Options.Clock], which tests and the page move.
// Waiting (long polls, rate limits, webhook retries, delays) goes by real time,
// which nobody moves.
//
// The package knows nothing of the bot it serves, and imports the standard
// library only. README.md in its folder lists the ids that a browser test can
// take hold of in the page.
package simulator

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Clock is the wall clock of the simulated world. The demo hands the same one
// to the bot.
type Clock interface {
	Now() time.Time
	Advance(d time.Duration)
}

// Options say what the server is like. Only Token is required.
type Options struct {
	Token    string // the bot's token, such as "1:TEST"; the number is the bot's id
	Username string // the bot's user name without @; "dauys_demo_bot" if empty
	Name     string // the bot's name; "Dauys" if empty
	Clock    Clock  // nil: the system's clock, to which Advance adds
	Limits   Limits // the zero value refuses nothing
	File     string // where the state is kept, uploads in a folder beside it; empty: in memory only
	ReadsAll bool   // privacy mode is off: the bot reads everything said in its groups

	// Hosts are names besides those of the loopback interface under which the
	// page may be opened.
	Hosts []string

	// WebhookClient delivers webhooks. nil: a client that speaks to this machine
	// only.
	WebhookClient *http.Client

	Logf func(string, ...any) // optional
}

// Server is one Telegram with one bot. Its methods may be called from many
// goroutines.
type Server struct {
	o       Options
	clock   Clock
	botID   int64
	methods map[string]method

	mu      sync.Mutex
	w       state         // all that File keeps
	changed chan struct{} // closed and made anew at every change
	closed  bool

	soonest    time.Time // when the next update or press expires
	poller     *poller   // the getUpdates call that waits, if one does
	lastPoll   lastPoll
	hook       *webhook
	faults     []*Fault
	faultTimes int // changes of faults, so that a waiting poll notices one
	duplicate  int
	shuffle    bool
	random     *rand.Rand
	calls      ring[Call]
	misuse     []string
	misused    map[string]bool
	pace       pace
	lastHook   time.Time // of the last setWebhook, real time
	worldRev   int64     // grows with every change of people and chats
	touched    ring[touch]

	closing chan struct{}
	work    sync.WaitGroup
	saver   saver
}

// New makes a server, with the state kept in o.File if there is one.
func New(o Options) (*Server, error) {
	number, _, ok := strings.Cut(o.Token, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || id <= 0 {
		return nil, fmt.Errorf("simulator: a token looks like 1:TEST, not %q", o.Token)
	}
	if o.Username == "" {
		o.Username = "dauys_demo_bot"
	}
	if o.Name == "" {
		o.Name = "Dauys"
	}
	s := &Server{
		o:       o,
		clock:   o.Clock,
		botID:   id,
		methods: make(map[string]method, len(methods)),
		w:       newState(),
		changed: make(chan struct{}),
		random:  rand.New(rand.NewPCG(1, uint64(id))),
		calls:   ring[Call]{most: 20_000},
		misused: make(map[string]bool),
		pace:    newPace(o.Limits),
		touched: ring[touch]{most: 5_000},
		closing: make(chan struct{}),
	}
	if s.clock == nil {
		s.clock = &offsetClock{}
	}
	for _, m := range methods {
		s.methods[strings.ToLower(m.name)] = m
	}
	if o.File != "" {
		if err := s.load(); err != nil {
			return nil, err
		}
		s.work.Go(s.keepSaving)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.w.Hook != nil {
		s.startHook()
	}
	return s, nil
}

// Close ends waiting calls and webhook deliveries, waits for them, and saves
// the state a last time.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.closing)
	if s.hook != nil {
		s.hook.stop()
	}
	s.note()
	s.mu.Unlock()
	s.work.Wait()
	if s.o.File == "" {
		return nil
	}
	return s.save()
}

// BotID is the bot's user id: the number in its token.
func (s *Server) BotID() int64 { return s.botID }

// Handler serves the Bot API under /bot<token>/, files under /file/bot<token>/,
// the page at / and what the page asks under /sim/.
func (s *Server) Handler() http.Handler {
	page := s.pageHandler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/bot"):
			s.serveAPI(w, r)
		case strings.HasPrefix(r.URL.Path, "/file/bot"):
			s.serveFile(w, r)
		default:
			page.ServeHTTP(w, r)
		}
	})
}

// offsetClock is the system's clock, moved forward.
type offsetClock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *offsetClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *offsetClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// note tells everybody who waits that something changed, and that there is
// something to save. The lock is held.
func (s *Server) note() {
	s.saver.dirty = true
	s.wake()
}

// wake lets everybody who waits look again. The lock is held.
func (s *Server) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) unix() int64 { return s.clock.Now().Unix() }

func (s *Server) logf(format string, args ...any) {
	if s.o.Logf != nil {
		s.o.Logf(format, args...)
	}
}

// A method is one line of what the bot can ask for.
type method struct {
	name  string
	needs string // parameters without which a call is misuse
	do    func(*Server, *request) (any, error)
}

// methods are all that the server knows, except getUpdates, which waits.
var methods = []method{
	{"getMe", "", (*Server).getMe},
	{"logOut", "", always},
	{"close", "", always},

	{"getUpdates", "", nil},
	{"setWebhook", "", (*Server).setWebhook},
	{"deleteWebhook", "", (*Server).deleteWebhook},
	{"getWebhookInfo", "", (*Server).getWebhookInfo},

	{"sendMessage", "chat_id text", (*Server).sendMessage},
	{"sendPhoto", "chat_id photo", sendMedia(photo)},
	{"sendDocument", "chat_id document", sendMedia(document)},
	{"sendVideo", "chat_id video", sendMedia(video)},
	{"sendAnimation", "chat_id animation", sendMedia(animation)},
	{"sendAudio", "chat_id audio", sendMedia(audio)},
	{"sendVoice", "chat_id voice", sendMedia(voice)},
	{"sendVideoNote", "chat_id video_note", sendMedia(videoNote)},
	{"sendSticker", "chat_id sticker", sendMedia(sticker)},
	{"sendMediaGroup", "chat_id media", (*Server).sendMediaGroup},
	{"sendLocation", "chat_id latitude longitude", (*Server).sendLocation},
	{"sendVenue", "chat_id latitude longitude title address", (*Server).sendVenue},
	{"sendContact", "chat_id phone_number first_name", (*Server).sendContact},
	{"sendChatAction", "chat_id action", (*Server).sendChatAction},
	{"copyMessage", "chat_id from_chat_id message_id", (*Server).copyMessage},
	{"copyMessages", "chat_id from_chat_id message_ids", (*Server).copyMessages},
	{"forwardMessage", "chat_id from_chat_id message_id", (*Server).forwardMessage},
	{"forwardMessages", "chat_id from_chat_id message_ids", (*Server).forwardMessages},

	{"editMessageText", "chat_id message_id text", editMessage(editText)},
	{"editMessageCaption", "chat_id message_id", editMessage(editCaption)},
	{"editMessageMedia", "chat_id message_id media", editMessage(editMedia)},
	{"editMessageReplyMarkup", "chat_id message_id", editMessage(editMarkup)},
	{"deleteMessage", "chat_id message_id", (*Server).deleteMessage},
	{"deleteMessages", "chat_id message_ids", (*Server).deleteMessages},
	{"answerCallbackQuery", "callback_query_id", (*Server).answerCallbackQuery},
	{"setMessageReaction", "chat_id message_id", (*Server).setMessageReaction},
	{"pinChatMessage", "chat_id message_id", (*Server).pinChatMessage},
	{"unpinChatMessage", "chat_id", (*Server).unpinChatMessage},
	{"unpinAllChatMessages", "chat_id", (*Server).unpinAllChatMessages},
	{"unpinAllForumTopicMessages", "chat_id message_thread_id", (*Server).unpinTopic},
	{"unpinAllGeneralForumTopicMessages", "chat_id", (*Server).unpinGeneral},
	{"getFile", "file_id", (*Server).getFile},

	{"getChat", "chat_id", (*Server).getChat},
	{"getChatMember", "chat_id user_id", (*Server).getChatMember},
	{"getChatAdministrators", "chat_id", (*Server).getChatAdministrators},
	{"getChatMemberCount", "chat_id", (*Server).getChatMemberCount},
	{"leaveChat", "chat_id", (*Server).leaveChat},
	{"setChatTitle", "chat_id title", (*Server).setChatTitle},
	{"setChatDescription", "chat_id", (*Server).setChatDescription},
	{"banChatMember", "chat_id user_id", (*Server).banChatMember},
	{"restrictChatMember", "chat_id user_id permissions", (*Server).restrictChatMember},
	{"unbanChatMember", "chat_id user_id", (*Server).unbanChatMember},
	{"getUserProfilePhotos", "user_id", (*Server).getUserProfilePhotos},

	{"createForumTopic", "chat_id name", (*Server).createForumTopic},
	{"editForumTopic", "chat_id message_thread_id", (*Server).editForumTopic},
	{"closeForumTopic", "chat_id message_thread_id", (*Server).closeForumTopic},
	{"reopenForumTopic", "chat_id message_thread_id", (*Server).reopenForumTopic},
	{"deleteForumTopic", "chat_id message_thread_id", (*Server).deleteForumTopic},

	{"editGeneralForumTopic", "chat_id name", changeGeneral(renameGeneral)},
	{"closeGeneralForumTopic", "chat_id", changeGeneral(openGeneral(true))},
	{"reopenGeneralForumTopic", "chat_id", changeGeneral(openGeneral(false))},
	{"hideGeneralForumTopic", "chat_id", changeGeneral(hideGeneral(true))},
	{"unhideGeneralForumTopic", "chat_id", changeGeneral(hideGeneral(false))},
	{"getForumTopicIconStickers", "", (*Server).getTopicIcons},

	{"setMyCommands", "commands", (*Server).setMyCommands},
	{"getMyCommands", "", (*Server).getMyCommands},
	{"deleteMyCommands", "", (*Server).deleteMyCommands},
	{"setMyName", "", setProfile("name", 64)},
	{"getMyName", "", getProfile("name")},
	{"setMyDescription", "", setProfile("description", 512)},
	{"getMyDescription", "", getProfile("description")},
	{"setMyShortDescription", "", setProfile("short_description", 120)},
	{"getMyShortDescription", "", getProfile("short_description")},
	{"setChatMenuButton", "", (*Server).setChatMenuButton},
	{"getChatMenuButton", "", (*Server).getChatMenuButton},
	{"setMyDefaultAdministratorRights", "", (*Server).setDefaultRights},
	{"getMyDefaultAdministratorRights", "", (*Server).getDefaultRights},
}

func always(*Server, *request) (any, error) { return true, nil }

// apiError is an answer that is not ok.
type apiError struct {
	Code       int
	Text       string
	RetryAfter int
	MigrateTo  int64
}

func (e *apiError) Error() string { return e.Text }

func badRequest(format string, args ...any) error {
	return &apiError{Code: 400, Text: "Bad Request: " + lowered(fmt.Sprintf(format, args...))}
}

func forbidden(text string) error {
	return &apiError{Code: 403, Text: "Forbidden: " + lowered(text)}
}

func conflict(text string) error { return &apiError{Code: 409, Text: "Conflict: " + text} }

var errRestart = &apiError{Code: 500, Text: "Internal Server Error: restart"}

// lowered makes the first letter small, unless the text begins like an error
// code (TOPIC_CLOSED): the rule of the real server.
func lowered(s string) string {
	if len(s) < 2 || s[1] == '_' || 'A' <= s[1] && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// A request is a call with its parameters, wherever they stood.
type request struct {
	method string
	params map[string]string // objects are JSON text
	files  map[string]*upload

	ignored []string // parameters that the method does not know
}

type upload struct {
	name string
	mime string
	data []byte
}

func (r *request) text(name string) string { return r.params[name] }

func (r *request) has(name string) bool {
	if _, ok := r.params[name]; ok {
		return true
	}
	_, ok := r.files[name]
	return ok
}

// yes reads a truth value as the real server does.
func (r *request) yes(name string) bool {
	switch strings.ToLower(strings.TrimSpace(r.params[name])) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// number reads an integer; absent is fallback, nonsense is 0, and both are
// brought into the range.
func (r *request) number(name string, fallback, least, most int64) int64 {
	n := fallback
	if text, ok := r.params[name]; ok {
		n, _ = strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	}
	return min(max(n, least), most)
}

func (r *request) id(name string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(r.params[name]), 10, 64)
	return n
}

const (
	mostParams = 1 << 20
	mostUpload = 50 << 20
	mostHeader = 256 << 10
)

var errTooLarge = &apiError{Code: 413, Text: "Request Entity Too Large"}

// parseRequest gathers the parameters from the address and the body.
func parseRequest(r *http.Request, name string) (*request, error) {
	q := &request{method: name, params: map[string]string{}, files: map[string]*upload{}}
	put := func(values url.Values) {
		for key, value := range values {
			q.params[key] = value[len(value)-1]
		}
	}
	put(r.URL.Query())
	var body io.Reader = r.Body
	if r.Body == nil {
		body = bytes.NewReader(nil)
	}
	if strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
		unzipped, err := gzip.NewReader(body)
		if err != nil {
			return nil, badRequest("can't decompress the body")
		}
		body = unzipped
	}
	raw, err := io.ReadAll(io.LimitReader(body, mostUpload+4*mostParams))
	if err != nil {
		return nil, badRequest("can't read the body")
	}
	if len(raw) >= mostUpload+4*mostParams {
		return nil, errTooLarge
	}
	kind, attrs, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		// A form without a body is a call without parameters: libraries send it.
	case kind == "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(raw))
		if err != nil {
			return nil, badRequest("can't parse parameters")
		}
		put(values)
	case kind == "application/json":
		if err := q.parseJSON(raw); err != nil {
			return nil, err
		}
	case kind == "multipart/form-data":
		if err := q.parseForm(raw, attrs["boundary"]); err != nil {
			return nil, err
		}
	}
	size := 0
	for key, value := range q.params {
		size += len(key) + len(value)
		if !utf8.ValidString(value) {
			return nil, badRequest("strings must be encoded in UTF-8")
		}
	}
	if size > mostParams {
		return nil, errTooLarge
	}
	return q, nil
}

func (r *request) parseJSON(raw []byte) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(raw, &values); err != nil {
		return badRequest("can't parse JSON object: %s", err)
	}
	for key, value := range values {
		var text string
		switch {
		case string(value) == "null":
		case json.Unmarshal(value, &text) == nil:
			r.params[key] = text
		default:
			r.params[key] = string(value)
		}
	}
	return nil
}

func (r *request) parseForm(raw []byte, boundary string) error {
	parts := multipart.NewReader(bytes.NewReader(raw), boundary)
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return badRequest("can't parse the form: %s", err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return badRequest("can't parse the form: %s", err)
		}
		if part.FileName() == "" {
			r.params[part.FormName()] = string(data)
			continue
		}
		if len(data) > mostUpload {
			return errTooLarge
		}
		r.files[part.FormName()] = &upload{part.FileName(), part.Header.Get("Content-Type"), data}
	}
}

// serveAPI answers /bot<token>/<method>.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	token, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	var q *request
	var err error
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		err = &apiError{Code: 501, Text: "Not Implemented"}
	case headerSize(r.Header) > mostHeader:
		err = &apiError{Code: 431, Text: "Request Header Fields Too Large"}
	case !ok:
		err = &apiError{Code: 404, Text: "Not Found"}
	case token != s.o.Token:
		err = unauthorized(token)
	default:
		q, err = parseRequest(r, name)
	}
	if err != nil {
		s.reject(name, err)
		answer(w, nil, err)
		return
	}
	var record Call
	result, err := s.serve(r.Context(), q, &record)
	if record.cut {
		panic(http.ErrAbortHandler)
	}
	if page, ok := err.(*htmlError); ok {
		page.write(w)
		return
	}
	answer(w, result, err)
}

func headerSize(h http.Header) int {
	size := 0
	for name, values := range h {
		for _, value := range values {
			size += len(name) + len(value) + 4
		}
	}
	return size
}

func unauthorized(token string) error {
	number, secret, ok := strings.Cut(token, ":")
	if _, err := strconv.ParseUint(number, 10, 63); err != nil || !ok || secret == "" {
		return &apiError{Code: 401, Text: "Unauthorized: invalid token specified"}
	}
	return &apiError{Code: 401, Text: "Unauthorized"}
}

// reject writes down a request that never became a call.
func (s *Server) reject(name string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	record := Call{Method: name, At: s.clock.Now()}
	if failed, ok := errors.AsType[*apiError](err); ok {
		record.Status, record.Description = failed.Code, failed.Text
	}
	s.calls.add(record)
	if record.Status == http.StatusUnauthorized {
		s.blame("a call used a wrong token")
		return
	}
	s.blame("%s: %s", cmp.Or(name, "a call without a method"), strings.TrimPrefix(err.Error(), "Bad Request: "))
}

// serve runs a call with the faults that were asked for, and writes it down.
func (s *Server) serve(ctx context.Context, q *request, record *Call) (result any, err error) {
	*record = Call{Method: q.method, Params: q.readable(), Chat: q.id("chat_id"), At: s.clock.Now(), Webhook: record.Webhook}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.write(q, record, result, err)
	}()
	s.mu.Lock()
	fault := s.takeFault(q.method, record.Chat)
	s.mu.Unlock()
	if fault != nil {
		record.Fault = true
		if fault.Delay > 0 && !s.wait(ctx, fault.Delay) {
			record.cut = true
			return nil, errRestart
		}
		if fault.CutBefore {
			record.cut = true
			return nil, errRestart
		}
		if err := fault.err(); err != nil {
			return nil, err
		}
	}
	result, err = s.call(ctx, q)
	if fault != nil && fault.CutAfter {
		record.cut = true
	}
	return result, err
}

// call finds the method and does it.
func (s *Server) call(ctx context.Context, q *request) (any, error) {
	m, ok := s.methods[strings.ToLower(q.method)]
	if !ok {
		return nil, &apiError{Code: 404, Text: "Not Found: method not found"}
	}
	q.method = m.name
	q.ignore(m)
	if m.do == nil {
		return s.getUpdates(ctx, q)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errRestart
	}
	result, err := m.do(s, q)
	if err != nil {
		return nil, err
	}
	if d, ok := result.(described); ok {
		return d, nil
	}
	// Under the lock, because a result may show what the next call changes.
	raw, err := marshal(result)
	return json.RawMessage(raw), err
}

// described is a result with a word about it, as the webhook methods give.
type described struct {
	result any
	text   string
}

type envelope struct {
	OK          bool        `json:"ok"`
	Result      any         `json:"result,omitempty"`
	ErrorCode   int         `json:"error_code,omitempty"`
	Description string      `json:"description,omitempty"`
	Parameters  *parameters `json:"parameters,omitempty"`
}

type parameters struct {
	RetryAfter int   `json:"retry_after,omitempty"`
	MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
}

// answer writes the envelope every call ends in.
func answer(w http.ResponseWriter, result any, err error) {
	e := envelope{OK: true, Result: result}
	status := http.StatusOK
	if d, ok := result.(described); ok {
		e.Result, e.Description = d.result, d.text
	}
	var failed *apiError
	switch {
	case errors.As(err, &failed):
		status = failed.Code
		e = envelope{ErrorCode: failed.Code, Description: failed.Text}
		if failed.RetryAfter != 0 || failed.MigrateTo != 0 {
			e.Parameters = &parameters{failed.RetryAfter, failed.MigrateTo}
		}
		if failed.RetryAfter != 0 {
			w.Header().Set("Retry-After", strconv.Itoa(failed.RetryAfter))
		}
	case err != nil:
		status = http.StatusInternalServerError
		e = envelope{ErrorCode: status, Description: "Internal Server Error: " + err.Error()}
	}
	body, err := marshal(e)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// marshal is json.Marshal that leaves < and & readable.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// readable turns parameters into what a test wants to compare: numbers and
// objects instead of their text.
func (r *request) readable() map[string]any {
	out := make(map[string]any, len(r.params)+len(r.files))
	for key, text := range r.params {
		out[key] = text
		if !decoded[key] {
			continue
		}
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			out[key] = n
			continue
		}
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			out[key] = value
		}
	}
	for key, file := range r.files {
		out[key] = fmt.Sprintf("file %s, %d bytes", file.name, len(file.data))
	}
	return out
}

// decoded are the parameters that are not free text.
var decoded = set("allow_sending_without_reply allowed_updates caption_entities chat_id commands " +
	"disable_notification disable_web_page_preview drop_pending_updates entities from_chat_id icon_color " +
	"latitude limit link_preview_options longitude max_connections media menu_button message_id message_ids " +
	"message_thread_id offset protect_content reaction reply_markup reply_parameters reply_to_message_id " +
	"scope show_alert timeout user_id")

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, word := range strings.Fields(words) {
		m[word] = true
	}
	return m
}

func sorted[V any](m map[int64]V) []int64 { return slices.Sorted(maps.Keys(m)) }

// ring keeps the newest of what is added.
type ring[T any] struct {
	items []T
	most  int
	lost  int // how many are gone
}

func (r *ring[T]) add(item T) {
	if len(r.items) >= 2*r.most {
		gone := len(r.items) - r.most
		r.items = slices.Clone(r.items[gone:])
		r.lost += gone
	}
	r.items = append(r.items, item)
}
