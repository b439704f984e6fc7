// Package documents turns plain data into files that leave the chat: the agenda, the minutes and
// the extracts of a meeting as PDF, and the agenda as a spreadsheet that the secretary fills in and
// sends back.
//
// What stands in a document, in which order and under which headings, is a template: data that a
// university can replace ([Load]). Filled with a [Meeting] it is a [Document], which has nothing but
// finished words in it, and the words become a file ([PDF]). A sheet goes both ways: [XLSX] writes
// it and [Read] takes back what people made of it. The same data is always the same file, byte for
// byte, so that the [Hash] of a file that was sent can be worked out again.
//
// The package does not know what a case is, who may see an applicant's name, how a language writes
// a date or which decisions a body may take: it is handed finished words, and what it must not
// show it is not handed. It knows no storage and no messenger.
package documents

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"alt.edu.kz/dauys"
)

// Hash is the SHA-256 of a file as 64 hexadecimal digits.
func Hash(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:])
}

// Short is a hash as people read it aloud: its first 16 digits in groups of four.
func Short(hash string) string {
	var groups []string
	for ; len(hash) >= 4 && len(groups) < 4; hash = hash[4:] {
		groups = append(groups, hash[:4])
	}
	return strings.Join(groups, " ")
}

// Meeting is what a body came together for, in finished words of one language. What is empty is not
// known yet or not to be shown: its line is left out of the document.
type Meeting struct {
	Lang dauys.Lang
	Made time.Time // the moment that the files bear, not the one at which they are made

	University, Body          string
	Number, Date, Time, Place string
	Chair, Secretary          string
	Present, Absent           []string
	Quorum                    string // whether there is one, as a sentence
	Items                     []Item
	Closing                   string

	// Seal is the hash that the documents bear; empty, it is that of the meeting itself. An extract
	// of signed minutes bears theirs.
	Seal string
}

// Item is one case before the body.
type Item struct {
	No        int // on the agenda, from 1; 0 is its place in the list
	Case      string
	Asked     string
	Applicant string
	Decision  string
	Reason    string
	Next      string // what happens now, or where to go on
	Mark      string // the new mark, after an appeal
}

// Only is the meeting with the case's items alone, each with its number on the agenda: what an
// applicant may have of it. It bears the seal of the whole. It is false when the case was not on the agenda.
func (m Meeting) Only(number string) (Meeting, bool) {
	m.Seal = cmp.Or(m.Seal, m.Hash())
	var its []Item
	for i, item := range m.numbered() {
		if m.Items[i].Case == number {
			its = append(its, item)
		}
	}
	m.Items = its
	return m, len(its) > 0
}

// Hash is of what is in the meeting: it changes with every word.
func (m Meeting) Hash() string {
	m.Items, m.Seal = m.numbered(), ""
	m.Made = m.Made.UTC()
	record, err := json.Marshal(m)
	if err != nil {
		return "" // a moment that no calendar has: the PDF is refused for it as well
	}
	return Hash(record)
}

func (m Meeting) numbered() []Item {
	items := make([]Item, len(m.Items))
	for i, item := range m.Items {
		if item.No == 0 {
			item.No = i + 1
		}
		items[i] = item
	}
	return items
}

// clean is text as it can be shown: its letters in one piece, lines apart with \n, and no signs
// that are not seen.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(visible, ends.Replace(norm.NFC.String(s))))
}

var ends = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")
