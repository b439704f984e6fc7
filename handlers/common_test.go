package handlers

import (
	"context"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
)

// What two people write about the same cause is alike, whichever endings and letters they use, and what
// they write about different things is not.
func TestSameCause(t *testing.T) {
	request := func(text string) *dauys.Case {
		return &dauys.Case{Institute: "itc", Topic: "dormitory", Text: text}
	}
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"В доме студентов третий день нет горячей воды, душ не работает.", "Горячей воды нет третий день, в душе только холодная.", true},
		{"Горячая вода пропала три дня назад, душ холодный.", "Третьи сутки без горячей воды, в душевой холодно.", false}, // two words are too few: rather a case left out than one too many
		{"Студенттер үйінде үш күннен бері ыстық су жоқ, жуынатын бөлме жабық.", "Жуынатын болмеде ыстык су берилмейди, уш куннен бери жабык тур.", true},
		{"Ыстық су жоқ, жуынатын бөлме жабық тұр.", "Жуынатын бөлмеде ыстық сусыз отырмыз, есігі жабылған.", true},
		{"There has been no hot water in the shower for three days.", "No hot water in the showers for three days already.", true},
		{"Нет горячей воды в душе третий день.", "Расписание пересдачи не опубликовали вовремя.", false},
		{"Прошу пожалуйста рассмотреть: нет горячей воды.", "Прошу пожалуйста рассмотреть: сломан лифт.", false},
		{"Прошу Вас, студенты нашей группы не могут попасть в спортзал.", "Прошу Вас, студенты нашей группы не получили пропуск.", false},
		{"Ыстық су жоқ, жуынатын бөлме жабық.", "Көрші бөлмеде түнде музыка қатты ойнайды, ұйықтай алмаймыз.", false},
		{"The projector in room 312 is broken.", "The lift in the dormitory is broken.", false},
		{"", "Нет горячей воды.", false},
		{"Помогите!", "Горячей воды нет третий день.", false},
	} {
		if got := sameCause(request(tt.a))(request(tt.b)); got != tt.same {
			t.Errorf("%q and %q: %v (%d of a hundred)", tt.a, tt.b, got, inCommonOf(locales.Telling(tt.a), locales.Telling(tt.b)))
		}
		if there, back := sameCause(request(tt.a))(request(tt.b)), sameCause(request(tt.b))(request(tt.a)); there != back {
			t.Errorf("%q and %q: %v, and the other way round %v", tt.a, tt.b, there, back)
		}
	}
	a, b := request("Горячей воды нет третий день."), request("Горячей воды нет третий день.")
	for name, change := range map[string]func(){
		"another institute": func() { b.Institute = "ilb" },
		"another topic":     func() { b.Topic = "rooms" },
		"no topic":          func() { a.Topic, b.Topic = "", "" },
	} {
		if !sameCause(a)(b) {
			t.Fatal("the same words are not alike")
		}
		x, y := *a, *b
		if change(); sameCause(a)(b) {
			t.Errorf("%s: the same cause", name)
		}
		*a, *b = x, y
	}
}

// linkedStorage has one case.
type linkedStorage struct {
	Storage
	c *dauys.Case
}

func (s linkedStorage) Case(context.Context, string) (*dauys.Case, error) { return s.c, nil }

// A card says of a linked case where it stands, and of a restricted one nothing but the number.
func TestLinkedOnCard(t *testing.T) {
	other := &dauys.Case{Number: "ALT-2026-000124", Status: dauys.Registered}
	h := finder(t)
	h.Storage = linkedStorage{c: other}
	c := &dauys.Case{Number: "ALT-2026-000123", Events: []dauys.Event{{Seq: 1, Act: dauys.Link, Other: other.Number}}}
	for _, restricted := range []bool{false, true} {
		other.Terms.Restricted = restricted
		lines, err := h.linked(t.Context(), c, "deputy@itc")
		if err != nil || len(lines) != 1 {
			t.Fatalf("%v, %v", lines, err)
		}
		text := h.Book.Plain(dauys.English, lines[0])
		if !strings.Contains(text, other.Number) || strings.Contains(text, "registered") == restricted {
			t.Errorf("restricted %v: %q", restricted, text)
		}
	}
}

// An applicant is told nothing of another's case: not even its number.
func TestOthersStayUnknown(t *testing.T) {
	h := finder(t)
	now := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
	for _, act := range []dauys.Act{dauys.Link, dauys.Unlink, dauys.Gather, dauys.Together, dauys.Apart} {
		e := dauys.Event{Seq: 1, At: now, Act: act, Office: "deputy@itc", Other: "ALT-2026-000777"}
		c := &dauys.Case{Number: "ALT-2026-000123", Kind: dauys.Complaint, Status: dauys.Registered, Ladder: dauys.Ladder{{Office: "deputy@itc"}}, Events: []dauys.Event{e}}
		for _, l := range dauys.Langs {
			said := h.Book.Lines(l, append(locales.Told(c, e, ""), locales.CaseView(c, now)...)...)
			if strings.Contains(said, "777") {
				t.Errorf("%s: the applicant reads\n%s", act, said)
			}
		}
	}
}
