package ask

// Session is one conversation on its way: which flow, the answers so far, and where the
// person is. Everything else is worked out.
type Session struct {
	ID      string              `json:"id"` // of the draft
	Flow    string              `json:"flow"`
	Version int                 `json:"version"`
	Turn    int                 `json:"turn"` // counts what was shown; a button carries the turn it belongs to
	Phase   Phase               `json:"phase"`
	Asked   string              `json:"asked,omitempty"`   // the question that is open
	Changed bool                `json:"changed,omitempty"` // the open question was reopened from the review
	Answers map[string]Answer   `json:"answers,omitempty"`
	Given   map[string][]string `json:"given,omitempty"` // options handed in at the start
}

// Phase is how far a conversation is.
type Phase string

// The phases.
const (
	Asking    Phase = "asking"
	Reviewing Phase = "review"
	Leaving   Phase = "leaving" // asked whether to cancel
	Sending   Phase = "sending" // answers frozen
	Done      Phase = "done"
	Cancelled Phase = "cancelled"
)

// Answer is what a person answered to one question.
type Answer struct {
	Values  []string `json:"values,omitempty"`
	Files   []File   `json:"files,omitempty"`
	Skipped bool     `json:"skipped,omitempty"`
}
