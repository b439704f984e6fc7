package locales_test

import (
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
)

func TestGuess(t *testing.T) {
	for text, want := range map[string]dauys.Lang{
		"Кесте енді бір апта бұрын жарияланады. Кафедраға тапсырма берілді.":                               dauys.Kazakh,
		"Сіздің жолданымыңыз қаралды, ескерту жасалды.":                                                    dauys.Kazakh,
		"ҚҰРМЕТТІ СТУДЕНТ! ӨТІНІШІҢІЗ ҚАНАҒАТТАНДЫРЫЛДЫ.":                                                  dauys.Kazakh,
		"Расписание теперь публикуется за неделю. Кафедре дано поручение.":                                 dauys.Russian,
		"Уважаемая Әйгерім Сәрсенова! Расписание исправлено, занятия идут по новому плану с понедельника.": dauys.Russian,
		"По словам преподавателя, занятия на Zoom прошли, запись выложена на Moodle и открыта всем.":       dauys.Russian,
		"The timetable is now published a week ahead. The department has been told.":                       dauys.English,
		"The office of Әйгерім Сәрсенова has corrected the timetable of the whole group.":                  dauys.English,

		"":                      "",
		"Иә, болады.":           "",
		"Да, конечно.":          "",
		"https://alt.edu.kz/ru": "",
		"Мы приняли меры.":      "",
		"Кесте жаңартылды, өзгерістерді көріңіз. Расписание обновлено, изменения вступают в силу в понедельник. Спасибо.": "",
		"Keste endi bir apta buryn jariıalanady. Kafedraǵa tapsyrma berildi.": "",
		"Расписание здесь: https://alt.edu.kz/timetable/2026/spring/group":    "",
	} {
		got, evident := locales.Guess(text)
		if got != want || evident != (want != "") {
			t.Errorf("%q is in %q (%v), want %q", text, got, evident, want)
		}
	}
}
