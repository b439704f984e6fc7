package dauys

import (
	"slices"
	"testing"
)

func TestPersonalIn(t *testing.T) {
	const name = "Сәрсенова Айгерім"
	for _, tt := range []struct {
		words, name string
		want        []Personal
	}{
		{"Кітапхана неге кешкі сағат 8-де жабылады?", name, nil},
		{"С 1 сентября 2026 года библиотека работает до 22:00, аудитория 304, корпус 2.", name, nil},
		{"Срок: 23.11.2026, приказ № 15-2, статья 76, 2026-12-01.", name, nil},
		{"Scholarships rise by 20 % to 52,372 tenge from January.", "Amina Yusuf", nil},
		{"Please keep the library open till 22.00, as in 2025/2026.", "Amina Yusuf", nil},

		{"В 2025–2026 учебном году, в 2026-2027 тоже.", name, nil},
		{"Кітапхана 9.00–18.00, сенбіде 10:00-14:00 аралығында ашық.", name, nil},
		{"Плата 1 250 000 тенге в год, стипендия 52 372 ₸, грант 1,250,000 tenge.", name, nil},
		{"292.43.60", name, []Personal{ByTelephone}},
		{"150 000 раз", name, []Personal{ByTelephone}}, // in doubt

		{"Менің атым Айгерім.", name, []Personal{ByName}},
		{"Это предложила Сарсенова из ИС-21.", name, []Personal{ByName}},
		{"Ответ для Aigerim Sarsenova", name, []Personal{ByName}},
		{"Мы говорили с Сәрсеновамен.", name, []Personal{ByName}},
		{"Ким сказал, что это невозможно.", "Дмитрий Ким", []Personal{ByName}},
		{"Кимчи в столовой нет.", "Дмитрий Ким", nil},
		{"По словам Дмитрия, это не так.", "Дмитрий Ким", []Personal{ByName}},
		{"It was Amina's idea.", "Amina Yusuf", []Personal{ByName}},
		{"Who asks may stay unnamed — always.", "", nil},
		{"A word about everything.", "A. B.", nil},

		{"Звоните: +7 701 123-45-67", name, []Personal{ByTelephone}},
		{"Звоните 8(701)1234567", name, []Personal{ByTelephone}},
		{"87011234567", name, []Personal{ByTelephone}},
		{"тел. 292-43-60", name, []Personal{ByTelephone}},
		{"write to a.yusuf@alt.edu.kz", name, []Personal{ByEmail}},
		{"почта: приём@почта.рф", name, []Personal{ByEmail}},
		{"ЖСН 010203500123", name, []Personal{ByIIN}},
		{"ИИН 010203 500123", name, []Personal{ByIIN}},
		{"пишите @aigerim_s", name, []Personal{ByName, ByUsername}},
		{"https://t.me/alt_students", name, []Personal{ByUsername}},
		{"жолданым BLG-2026-000012", name, []Personal{ByNumber}},
		{"case blg – 2026 - 000012", name, []Personal{ByNumber}},
		{"case blg-2026-000012.", name, []Personal{ByNumber}},

		{"Айгерім, +77011234567, 010203500123, a@b.kz, @aigerim_s, BLG-2026-000012", name,
			[]Personal{ByName, ByNumber, ByEmail, ByUsername, ByTelephone, ByIIN}},
	} {
		if got := PersonalIn(tt.words, tt.name); !slices.Equal(got, tt.want) {
			t.Errorf("in %q of %q: %q, want %q", tt.words, tt.name, got, tt.want)
		}
	}
}
