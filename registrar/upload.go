package registrar

import "time"

// Upload is a file that somebody has sent to the chat of the registrar's office. It is read in the
// background, and again from the beginning when the process that read it is gone.
type Upload struct {
	ID      string
	State   UploadState
	Chat    string // where it came
	Message string // in which
	By      string // who has sent it: an address
	ByName  string
	Ref     string // by which the messenger knows the file
	File    string // its name
	Size    int64
	Kind    Kind   // what is in it; empty: nobody has said yet
	Import  string // what it is being read into
	At      time.Time
	Version int64 `json:"-"`
}

// UploadState is how far an upload is.
type UploadState string

// The states of an upload.
const (
	Came   UploadState = "came"   // nobody has looked at it
	Asked  UploadState = "asked"  // somebody is asked what is in it
	Wanted UploadState = "wanted" // it is to be read
	Over   UploadState = "over"   // it was read, or nobody wants it
)
