package simulator

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kinds of reply_markup.
const (
	inline      = "inline"
	replyButton = "reply"
	removeKeys  = "remove"
	forceReply  = "force_reply"
)

const (
	mostButtons  = 100
	mostData     = 64
	mostKeyboard = 10 << 10 // bytes
	mostCopyText = 256
)

// Button is one button of either kind of keyboard.
type Button struct {
	Text            string    `json:"text"`
	Data            string    `json:"callback_data,omitempty"`
	URL             string    `json:"url,omitempty"`
	Style           string    `json:"style,omitempty"`
	CopyText        *CopyText `json:"copy_text,omitempty"`
	WebApp          *WebApp   `json:"web_app,omitempty"`
	LoginURL        *WebApp   `json:"login_url,omitempty"`
	SwitchInline    *string   `json:"switch_inline_query,omitempty"`
	SwitchHere      *string   `json:"switch_inline_query_current_chat,omitempty"`
	Pay             bool      `json:"pay,omitempty"`
	RequestContact  bool      `json:"request_contact,omitempty"`
	RequestLocation bool      `json:"request_location,omitempty"`

	Icon           string           `json:"icon_custom_emoji_id,omitempty"`
	SwitchToChosen *json.RawMessage `json:"switch_inline_query_chosen_chat,omitempty"`
	Game           *struct{}        `json:"callback_game,omitempty"`
	Disabled       *struct{}        `json:"disabled,omitempty"`
}

// kinds is how many things the button would do; a button can do one only.
// Nothing to copy does not count: some libraries always send it along.
func (b Button) kinds() int {
	n := 0
	for _, is := range []bool{
		b.Data != "", b.URL != "", b.CopyText != nil && b.CopyText.Text != "", b.WebApp != nil, b.LoginURL != nil, b.SwitchInline != nil, b.SwitchHere != nil,
		b.SwitchToChosen != nil, b.Game != nil, b.Pay, b.Disabled != nil, b.RequestContact, b.RequestLocation,
	} {
		if is {
			n++
		}
	}
	return n
}

// buttonStyles are the colours of buttons.
var buttonStyles = set("danger success primary")

// CopyText is what a button puts on the clipboard.
type CopyText struct {
	Text string `json:"text"`
}

// WebApp is an address that a button opens.
type WebApp struct {
	URL string `json:"url"`
}

// keyboard is a parsed reply_markup. nil is none.
type keyboard struct {
	Kind        string
	Rows        [][]Button `json:",omitempty"`
	Placeholder string     `json:",omitempty"`
	OneTime     bool       `json:",omitempty"`
	Persistent  bool       `json:",omitempty"`
	Resize      bool       `json:",omitempty"`
	Selective   bool       `json:",omitempty"`
}

// find is the first button with a label.
func (k *keyboard) find(label string) (Button, bool) {
	for _, row := range k.Rows {
		if i := slices.IndexFunc(row, func(b Button) bool { return b.Text == label }); i >= 0 {
			return row[i], true
		}
	}
	return Button{}, false
}

// links are the buttons that stay under a message that is forwarded: those
// that ask the bot nothing.
func (k *keyboard) links() *keyboard {
	if k == nil || k.Kind != inline {
		return nil
	}
	out := &keyboard{Kind: inline}
	for _, row := range k.Rows {
		row = slices.DeleteFunc(slices.Clone(row), func(b Button) bool { return b.URL == "" })
		if len(row) > 0 {
			out.Rows = append(out.Rows, row)
		}
	}
	if len(out.Rows) == 0 {
		return nil
	}
	return out
}

func (k *keyboard) labels() []string {
	var out []string
	for _, row := range k.Rows {
		for _, b := range row {
			out = append(out, b.Text)
		}
	}
	return out
}

// fits checks what only some chats may have.
func (k *keyboard) fits(c *chat) error {
	if k == nil || c.private() {
		return nil
	}
	for _, row := range k.Rows {
		for _, b := range row {
			switch {
			case b.RequestContact:
				return badRequest("phone number can be requested in private chats only")
			case b.RequestLocation:
				return badRequest("location can be requested in private chats only")
			case b.WebApp != nil:
				return badRequest("web App buttons can be used in private chats only")
			}
		}
	}
	return nil
}

// markup reads reply_markup of a call. What is taken without a word but cannot
// be meant is misuse.
func (s *Server) markup(r *request) (*keyboard, error) {
	k, err := parseKeyboard(r.text("reply_markup"))
	if err != nil || k == nil {
		return nil, err
	}
	for _, row := range k.Rows {
		for _, b := range row {
			if b.kinds() > 1 {
				s.blame("%s: the button %q is to do more than one thing", r.method, b.Text)
			}
			if b.Style != "" && !buttonStyles[b.Style] {
				s.blame("%s: the button %q has the style %q", r.method, b.Text, b.Style)
			}
		}
	}
	return k, nil
}

// parseKeyboard reads reply_markup.
func parseKeyboard(raw string) (*keyboard, error) {
	if strings.TrimSpace(raw) == "" {
		return nil, nil
	}
	var m struct {
		Inline      *json.RawMessage `json:"inline_keyboard"`
		Keyboard    *json.RawMessage `json:"keyboard"`
		Remove      bool             `json:"remove_keyboard"`
		Force       bool             `json:"force_reply"`
		OneTime     bool             `json:"one_time_keyboard"`
		Persistent  bool             `json:"is_persistent"`
		Resize      bool             `json:"resize_keyboard"`
		Selective   bool             `json:"selective"`
		Placeholder string           `json:"input_field_placeholder"`
	}
	if !json.Valid([]byte(raw)) {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	if !strings.HasPrefix(strings.TrimSpace(raw), "{") {
		return nil, badRequest("object expected as reply markup")
	}
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	if utf8.RuneCountInString(m.Placeholder) > 64 {
		return nil, badRequest("input field placeholder is too long")
	}
	k := &keyboard{Placeholder: m.Placeholder, OneTime: m.OneTime, Persistent: m.Persistent, Resize: m.Resize, Selective: m.Selective}
	switch {
	case m.Inline != nil:
		rows, err := parseRows(*m.Inline, "inline_keyboard", inlineButton)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		return &keyboard{Kind: inline, Rows: rows}, nil
	case m.Keyboard != nil:
		rows, err := parseRows(*m.Keyboard, "keyboard", keyButton)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		k.Kind, k.Rows = replyButton, rows
		return k, nil
	case m.Remove:
		k.Kind = removeKeys
		return k, nil
	case m.Force:
		k.Kind = forceReply
		return k, nil
	}
	return nil, nil
}

func parseRows(raw json.RawMessage, field string, parse func(json.RawMessage) (Button, error)) ([][]Button, error) {
	var rows [][]json.RawMessage
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, badRequest("field \"%s\" must be of type Array of Arrays", field)
	}
	var out [][]Button
	count, size := 0, 0
	for _, row := range rows {
		var buttons []Button
		for _, raw := range row {
			b, err := parse(raw)
			if err != nil {
				return nil, err
			}
			buttons = append(buttons, b)
			count++
			size += len(b.Text) + len(b.Data) + len(b.URL) + 16
		}
		if len(buttons) > 0 {
			out = append(out, buttons)
		}
	}
	if count > mostButtons || size > mostKeyboard {
		return nil, badRequest("reply markup is too long")
	}
	return out, nil
}

func inlineButton(raw json.RawMessage) (Button, error) {
	var b Button
	if json.Unmarshal(raw, &b) != nil {
		return b, badRequest("can't parse inline keyboard button: Inline keyboard button must be an Object")
	}
	switch {
	case b.Text == "":
		return b, badRequest("can't parse inline keyboard button: Button text must be non-empty")
	case len(b.Data) > mostData:
		return b, badRequest("BUTTON_DATA_INVALID")
	case b.Data != "":
	case b.URL != "":
		if checkedLink(b.URL) == "" {
			why := "Wrong HTTP URL"
			if scheme, _, ok := strings.Cut(b.URL, "://"); ok && scheme != "http" && scheme != "https" {
				why = "Unsupported URL protocol"
			}
			return b, badRequest("inline keyboard button URL '%s' is invalid: %s", b.URL, why)
		}
	case b.WebApp != nil:
		if u, err := url.Parse(b.WebApp.URL); err != nil || u.Scheme != "https" {
			return b, badRequest("inline keyboard button Web App URL '%s' is invalid: Only HTTPS links are allowed", b.WebApp.URL)
		}
	case b.CopyText != nil:
		if n := utf8.RuneCountInString(b.CopyText.Text); n < 1 || n > mostCopyText {
			return b, badRequest("BUTTON_COPY_TEXT_INVALID")
		}
	case b.LoginURL != nil, b.SwitchInline != nil, b.SwitchHere != nil, b.SwitchToChosen != nil, b.Disabled != nil:
	case b.Game != nil, b.Pay:
		return b, badRequest("BUTTON_TYPE_INVALID") // only under a game or an invoice
	default:
		return b, badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	}
	return b, nil
}

func keyButton(raw json.RawMessage) (Button, error) {
	var b Button
	if json.Unmarshal(raw, &b.Text) == nil {
		if b.Text == "" {
			return b, badRequest("can't parse keyboard button: Button text must be non-empty")
		}
		return b, nil
	}
	if json.Unmarshal(raw, &b) != nil || b.Text == "" {
		return b, badRequest("can't parse keyboard button: Button text must be non-empty")
	}
	b.Data, b.URL = "", ""
	return b, nil
}
