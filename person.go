package dauys

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Lang is a language that Dauys speaks: a two-letter code as in ISO 639-1.
type Lang string

// The languages, in the order in which they are offered: the state language first.
const (
	Kazakh  Lang = "kk"
	Russian Lang = "ru"
	English Lang = "en"
)

// Langs lists every language that Dauys speaks.
var Langs = []Lang{Kazakh, Russian, English}

// LangOf turns what a messenger says of its user ("ru", "kk-KZ", "") into a language
// of ours; ok is false when it is none of them and a guess had to be made.
func LangOf(code string) (lang Lang, ok bool) {
	code, _, _ = strings.Cut(strings.ToLower(code), "-")
	for _, l := range Langs {
		if string(l) == code {
			return l, true
		}
	}
	return Russian, false
}

// Names is a name in every language. The structure file is refused when one is missing.
type Names map[Lang]string

// In is the name in a language.
func (n Names) In(l Lang) string { return n[l] }

// Address is where a person or a chat is reached: the messenger and its own id for it,
// "telegram:77" or, for one topic of a group, "telegram:-100123/12". Only the messenger's
// adapter looks behind the colon.
type Address string

// AddressOf joins a messenger's name and its id of somebody.
func AddressOf(messenger, id string) Address { return Address(messenger + ":" + id) }

// Messenger is the part before the colon.
func (a Address) Messenger() string {
	m, _, _ := strings.Cut(string(a), ":")
	return m
}

// ID is the part after the colon.
func (a Address) ID() string {
	_, id, _ := strings.Cut(string(a), ":")
	return id
}

var wellFormed = regexp.MustCompile(`^[a-z]+:[^\s:]+$`)

// Check refuses what is not of the form messenger:id.
func (a Address) Check() error {
	if !wellFormed.MatchString(string(a)) {
		return fmt.Errorf("%q is not an address; write it as telegram:-1001234567890 or telegram:-1001234567890/12", string(a))
	}
	return nil
}

// Standing is what a person is to the university when they file.
type Standing string

// Who may file. The words are answers of the conversation, too.
const (
	AsStudent Standing = "student"
	AsFaculty Standing = "faculty" // teaches
	AsCurator Standing = "curator"
	AsCitizen Standing = "citizen" // from outside the university
)

// Standings lists them in the order in which they are offered.
var Standings = []Standing{AsStudent, AsFaculty, AsCurator, AsCitizen}

// Applicant is the person whose case it is.
type Applicant struct {
	Address   Address // empty: they can only be met, called or written to
	Name      string  // as the person gave it; empty when not asked
	Standing  Standing
	Confirmed bool // identity confirmed by the university's side
	Lang      Lang // the language in which the person is told of the case
}

// Staff is the right of one person to act for one office. It is the only authority
// there is: being in a chat, or knowing what a button sends, gives none.
type Staff struct {
	ID      int64
	Address Address
	Name    string
	Office  OfficeID
	ViaChat bool      // given because the person is a member of the office's chat, and taken with it
	From    time.Time // active from
	Until   time.Time // and until; zero: open
	Head    bool      // of the office: may change who acts for it, see [MayManage]
	// Suspended is until when the right is held back; zero or past: it is not. Endless: until somebody ends it.
	Suspended time.Time
	Removed   bool       // taken away by a head or an administrator, who can let them in again
	Also      []OfficeID // for which else they may act, where that was asked
}

// Active tells whether the right holds at a time.
func (s Staff) Active(now time.Time) bool {
	return s.ID != 0 && !s.Removed && !now.Before(s.From) && (s.Until.IsZero() || now.Before(s.Until)) && !s.Held(now)
}

// Held tells whether the right is held back at a time.
func (s Staff) Held(now time.Time) bool { return now.Before(s.Suspended) }

// Endless is the end of what has none.
var Endless = time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC)

// Absence is somebody of the staff being away for some days.
type Absence struct {
	ID         string
	Who        Address
	Name       string
	From       time.Time // the beginning of the first day
	Until      time.Time // the end of the last
	Deputy     Address   // who answers for them; empty: nobody in particular
	DeputyName string
	Begun      bool // their offices were told, and what they had was passed on
}

// Appointment is what a one-time link stands for: who opens it first may act for an office.
type Appointment struct {
	Office  OfficeID
	Group   string    // of a person of the procedure, as it was written: whose curator they are
	Name    string    // as who appoints wrote it; empty: as the messenger shows them
	Until   time.Time // end of the term of office; zero: open
	By      Address   // who appoints
	Made    time.Time // the link: who was removed since does not come back with it
	Expires time.Time // of the link
}
