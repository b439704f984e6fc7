package ask

import (
	"strconv"
	"strings"
)

// dataPrefix marks the buttons of a conversation among all others.
const dataPrefix = "a"

// Data is what a button of a view carries: which conversation, which turn, what it does.
func Data(v View, o Option) string {
	return strings.Join([]string{dataPrefix, short(v.Session), strconv.Itoa(v.Turn), string(o.Do), o.Value}, ":")
}

// Pressed reads what a button carried: the input, and the short id of its conversation. It
// is not ok for data of another kind or from nowhere.
func Pressed(data string) (session string, in Input, ok bool) {
	p := strings.SplitN(data, ":", 5)
	if len(p) != 5 || p[0] != dataPrefix {
		return "", Input{}, false
	}
	turn, err := strconv.Atoi(p[2])
	if err != nil || turn <= 0 || p[3] == "" {
		return "", Input{}, false
	}
	return p[1], Input{Do: Do(p[3]), Value: p[4], Turn: turn}, true
}

// IsOf tells whether a short id belongs to a conversation.
func (s Session) IsOf(id string) bool { return short(s.ID) == id }

// Short is the id that [Session.IsOf] knows.
func (s Session) Short() string { return short(s.ID) }

// short is the part of an id that fits into a button.
func short(id string) string { return id[max(0, len(id)-10):] }
