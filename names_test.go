package dauys

import "testing"

// Whoever may be the one who gave a mark does not decide on it.
func TestSameName(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"Ахметов С.", "Серік Ахметов", true},
		{"доцент Ахметов С. Б.", "Ахметов Серік Болатұлы", true},
		{"АХМЕТОВ СЕРИК", "Серік Ахметов", true},
		{"Ахметов", "Серік Ахметов", true},
		{"С.Ахметов", "Ахметов Серік", true},
		{"Әлиев Марат", "Алиев М.", true},
		{"professor M. Aliev", "Марат Әлиев", true},
		{"Қожахметова Гүлнар", "Кожахметова Г.", true},
		{"Ғабитов Өмір", "Габитов О.", true},
		{"Шәріпова А.", "Sharipova Aigul", true},
		{"Ким Дмитрий", "Дмитрий Ким", true},
		{"Ким", "Анна Ким", true},
		{"Ахметов С.", "Ахметов Болат", false},
		{"Ахметов Серік", "Оспанов Серік", false},
		{"Ахметов С.", "Бекова С.", false},
		{"Ахметова С.", "Ахметов С.", false},
		{"доцент Оспанов", "доцент Бекова", false},
		{"С. Б.", "С. Б.", false},
		{"", "Серік Ахметов", false},
	} {
		if got := SameName(tt.a, tt.b); got != tt.same || got != SameName(tt.b, tt.a) {
			t.Errorf("%q and %q: %v", tt.a, tt.b, got)
		}
	}
}

// An appeal is open to the end of working hours of the next working day, over days off.
func TestWindow(t *testing.T) {
	u := Builtin()
	s := Scheme{Within: 1}
	for from, want := range map[string]string{
		"2026-11-23 00:00": "2026-11-24 17:30", // Monday
		"2026-11-23 23:59": "2026-11-24 17:30",
		"2026-11-20 10:00": "2026-11-23 17:30", // Friday
		"2026-11-21 10:00": "2026-11-23 17:30", // Saturday
		"2026-12-15 10:00": "2026-12-17 17:30", // before Independence Day
		"2026-12-31 10:00": "2027-01-05 17:30", // before the New Year
	} {
		until, limited := u.Window(s, almaty(t, from))
		if got := until.In(u.Calendar.Zone()).Format("2006-01-02 15:04"); !limited || got != want {
			t.Errorf("shown %s: open until %s, not %s", from, got, want)
		}
	}
	if until, limited := u.Window(Scheme{}, almaty(t, "2026-11-23 10:00")); limited || !until.IsZero() {
		t.Errorf("a scheme without a window is open until %v", until)
	}
}

// Nobody enters a decision on their own mark, and one needs somebody else to be there.
func TestOwnMark(t *testing.T) {
	m := &Meeting{ID: "m", State: Sitting, Seats: []Seat{{Name: "Aliev", Present: true}, {Name: "Bekova"}}}
	if err := m.Put("APL-2026-000001", "Aliev"); err != nil {
		t.Fatal(err)
	}
	ruled := func(by string, r Ruling) Item {
		return Item{Case: "APL-2026-000001", Ruling: r, Reason: "it was read again", By: by}
	}
	why := func(err error) MeetingWhy {
		if no, ok := err.(*MeetingError); ok {
			return no.Why
		}
		return ""
	}
	if got := why(m.Rule(ruled("Aliev", RuledGranted))); got != OwnMark {
		t.Errorf("the examiner enters it: %q", got)
	}
	if got := why(m.Rule(ruled("Bekova", RuledRefused))); got != NobodyElse {
		t.Errorf("nobody else is there: %q", got)
	}
	if err := m.Rule(ruled("Bekova", RuledPostponed)); err != nil {
		t.Errorf("it cannot be put off: %v", err)
	}
	m.Seats[1].Present = true
	if err := m.Rule(ruled("Bekova", RuledGranted)); err != nil {
		t.Error(err)
	}
	if i, _ := m.Item("APL-2026-000001"); len(i.Abstain) != 1 {
		t.Error("it is forgotten who abstains")
	}
}
