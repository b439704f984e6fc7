package dauys

import (
	"fmt"
	"time"
)

// Notification is something that a person or an office must be told, once. It is stored
// with what caused it, in the same transaction, and carries no words and no personal
// data where these can be worked out from the case when it is sent.
type Notification struct {
	ID     int64
	Key    string   // unique for ever: the cause and the reader
	To     Address  // the reader, or empty when it is the chat of Office
	Office OfficeID // the reader is whatever chat is bound to this office when it is sent
	What   What
	Case   string    // number, if it is about a case
	Event  int       // which event of the case, counted from 1
	Body   string    // a ready message, for notices that no case stands behind
	Direct bool      // an answer to what somebody just did: not paced, not held
	After  time.Time // not before; zero: at once
	Tries  int
	Blobs  []Blob // content that its message sends: stored with it, and not read with it
}

// Blob is content that the bot has made itself: a document. It is stored once, under an id that
// what is sent names; other content has another id.
type Blob struct {
	ID   string
	Name string // of the document, with its extension
	MIME string
	Data []byte
	At   time.Time
}

// MostBlob is how many bytes a blob may have: a little less than what messengers take.
const MostBlob = 45 << 20

// What is the kind of a notification.
type What string

// The kinds.
const (
	Receipt    What = "receipt"    // to the applicant: registered, number, due date
	Told       What = "told"       // to the applicant: an event of the case
	Asked      What = "asked"      // to the applicant: a question, or when to come; that it did not arrive is told to the office
	Answered   What = "answered"   // to the applicant: the answer; that it arrived closes the case
	Passed     What = "passed"     // to an office: an event of the case that is not on its card alone
	Papers     What = "papers"     // to an office: the long text and the files of a case, after its card
	Convened   What = "convened"   // to a member of a body: a meeting; Body is which, and when it was to be
	Content    What = "content"    // to one of the staff: a restricted case, in their own chat
	Handed     What = "handed"     // to one of the staff: a colleague has handed them a case
	ToSigner   What = "signer"     // to who has signed a request: an event of it; that it arrives changes nothing
	Ready      What = "ready"      // Body as it stands
	Leaving    What = "leaving"    // to a chat that is no office's: nothing is said, the bot goes
	Lapsed     What = "lapsed"     // to who wrote a request down for somebody else, who has not said yes; Body is its id
	Tenure     What = "tenure"     // to who serves for an office, or an administrator: Body says what became of a right
	Danger     What = "danger"     // to the office on duty or an administrator: Body is the alert
	InQueue    What = "queue"      // to who has a place in a queue: Body says which, what, and for which time
	Soon       What = "soon"       // to the applicant: they are received before long; nothing when that holds no more
	Visitors   What = "visitors"   // to an office: whom it receives on the day in Body
	Post       What = "post"       // to a channel: the wording of an answer that its author lets be published
	Daily      What = "daily"      // to an office: Body is a message that says nothing any more when its day is over
	WrongCodes What = "wrongcodes" // to the office that keeps the record: Body is since when codes were wrong, for an hour
	// SessionFigures goes to who has asked how a session went; Body says which. It takes a while to be made.
	SessionFigures What = "session"
	Wording        What = "wording" // to an office: a question or preview of a staff act; Body says which
	// Letterbox stands for all news of the record that wait for a reader.
	Letterbox What = "news"
)

// notice makes a notification about an event of a case.
func notice(c *Case, what What, event int, to Address, office OfficeID) Notification {
	reader := string(to)
	if reader == "" {
		reader = string(office)
	}
	return Notification{
		Key:  fmt.Sprintf("%s/%d/%s/%s", c.ID, event, what, reader),
		To:   to,
		What: what, Office: office, Event: event,
	}
}
