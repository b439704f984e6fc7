package ask

import "time"

// StateVersion is the version of the stored form of a [State]. A stored state of another
// version is not understood: its text is shown back to the person and they begin again.
const StateVersion = 1

// State is all that is remembered of one person's dialogue in one chat, between two
// things that they do: the conversation in focus, drafts put aside, and what was
// answered but perhaps not sent yet. It is small, and it is stored as a whole.
type State struct {
	Version int                  `json:"v"`
	Rev     int64                `json:"rev"` // counts the writes; a write succeeds only on the one it was made from
	Lang    string               `json:"lang,omitempty"`
	Focus   *Session             `json:"focus,omitempty"`
	Drafts  []Session            `json:"drafts,omitempty"`  // put aside or interrupted, the last one last
	Bin     []Session            `json:"bin,omitempty"`     // deleted a short while ago
	Sent    []Sent               `json:"sent,omitempty"`    // messages that became part of a case, newest last
	Handled []string             `json:"handled,omitempty"` // ids of the last updates handled, newest last
	Replies []Reply              `json:"replies,omitempty"` // what the last turns answered
	Turn    string               `json:"turn,omitempty"`    // the place in a queue of who comes online: when they are called, what they write outside of a conversation is for the officer
	Start   string               `json:"start,omitempty"`   // of the link with which the person came, until it can be followed
	Mine    map[string]string    `json:"mine,omitempty"`    // answers that the university knows of the person, by the key of the question: how a form begins
	Consent string               `json:"consent,omitempty"` // version of the text that was agreed to
	Agreed  time.Time            `json:"agreed,omitzero"`
	Shown   []string             `json:"shown,omitempty"`   // data of the buttons under the last answer, unless they are those of the conversation
	Offered int                  `json:"offered,omitempty"` // so many of them stand first because the person may have meant them
	Alarms  map[string]time.Time `json:"alarms,omitempty"`  // when words of danger were answered, by conversation and kind
	Wake    time.Time            `json:"wake,omitzero"`     // when the person is to be told something by themselves; by the clock that can be moved
}

// Sent is a message that became part of a case, and where its words stand there: the words themselves
// are with the case.
type Sent struct {
	Message string `json:"m"`
	Case    string `json:"c"`
	Of      string `json:"o,omitempty"` // the cause of the event of which they are a part; empty: what was filed
	At      int    `json:"a,omitempty"` // from which character of its text
	Len     int    `json:"n,omitempty"` // how many; 0: it is not known where they stand
	Sum     uint32 `json:"s,omitempty"` // what they add up to, so that others are not taken for them
}

// OldStateError says that a stored state is not understood. Rev is what a new one has to
// be written over; Texts is what could still be read of what the person wrote.
type OldStateError struct {
	Rev   int64
	Texts []string
}

func (e *OldStateError) Error() string {
	return "the stored dialogue is of a version that is not understood"
}

// Reply is one message to a person, in no messenger's terms.
type Reply struct {
	Text      string     `json:"text"`              // a small HTML: b, i, code, blockquote; what people wrote is escaped
	Buttons   [][]Button `json:"buttons,omitempty"` // under the message
	Edit      string     `json:"edit,omitempty"`    // the message that it replaces, where possible
	Mends     bool       `json:"mends,omitempty"`   // it is not sent anew where the message that it replaces is gone
	To        string     `json:"to,omitempty"`      // the message that it answers
	Force     string     `json:"force,omitempty"`   // open an answer field with this hint
	Files     []File     `json:"files,omitempty"`
	Silent    bool       `json:"silent,omitempty"`    // it makes no sound where it arrives
	Loud      bool       `json:"loud,omitempty"`      // it does, even at night
	Protected bool       `json:"protected,omitempty"` // it cannot be passed on or saved, where the messenger knows that
	Group     string     `json:"group,omitempty"`     // of answers of one group that follow one another, only the last needs to be seen
}

// Button is a button in words. Data comes back when it is pressed; a messenger may limit
// it to 64 bytes.
type Button struct {
	Text string `json:"text"`
	Data string `json:"data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// File is something a person attached, in no messenger's terms: Ref is the messenger's own
// name for it. Or the bot has made it: Made is the id of its content then, which is stored.
type File struct {
	Ref     string `json:"ref"`
	Made    string `json:"made,omitempty"`
	Kind    string `json:"kind"`
	Name    string `json:"name,omitempty"`
	Size    int64  `json:"size,omitempty"` // bytes
	MIME    string `json:"mime,omitempty"`
	Caption string `json:"caption,omitempty"` // words sent with it
	Message string `json:"message,omitempty"` // in which it came
	Album   string `json:"album,omitempty"`   // several files that were sent as one
	Item    string `json:"item,omitempty"`    // of a list, for which it was sent; empty: for none of them
}

// spoken are the kinds of file that can stand for words.
var spoken = []string{"voice", "audio", "video", "video_note"}

// handledKept is how many update ids a state remembers: more than a person can send
// within the time in which a messenger repeats an update that was not acknowledged.
const handledKept = 50

// Knows tells whether an update was handled.
func (s *State) Knows(update string) bool {
	for _, id := range s.Handled {
		if id == update {
			return true
		}
	}
	return false
}

// Remember notes an update as handled.
func (s *State) Remember(update string) {
	s.Handled = append(s.Handled, update)
	if n := len(s.Handled) - handledKept; n > 0 {
		s.Handled = s.Handled[n:]
	}
}
