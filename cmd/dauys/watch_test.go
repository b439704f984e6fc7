package main

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

const watchWords = "на что обратить внимание"

// at moves the clock to a time of the university.
func (s *stage) at(when string) {
	s.t.Helper()
	to, err := time.ParseInLocation("2006-01-02 15:04", when, dauys.Builtin().Calendar.Zone())
	if err != nil {
		s.t.Fatal(err)
	}
	s.later(to.Sub(s.clock.Now()))
}

// watched are the alarms in the chat of the registrar's office so far.
func (s *stage) watched() (all []string) {
	for _, text := range s.said(s.chats["registrar"]) {
		if strings.Contains(text, watchWords) {
			all = append(all, text)
		}
	}
	return all
}

// What does not come is told on the next working day, once however many processes look: files that wait or
// have mistakes, a kind that is late, a way by which nothing comes any more. What came again the same counts
// as having come.
func TestSilenceIsNews(t *testing.T) {
	t.Parallel()
	s := newStageWith(t, withJobs)
	s.record("watch")
	s.settle()
	bring := func(kind registrar.Kind, words string) registrar.Import {
		t.Helper()
		im, err := s.app.handlers.BringFile(t.Context(), strings.NewReader(words), int64(len(words)), kind, string(kind)+".csv", registrar.ByFolder)
		if err != nil && !errors.Is(err, registrar.ErrSameFile) {
			t.Fatal(err)
		}
		s.settle()
		return im
	}
	told := len(s.watched())
	newest := func(when string, want []string, not ...string) {
		t.Helper()
		s.at(when)
		all := s.watched()
		if len(all) != told+1 {
			t.Fatalf("%s: %d alarms, want %d: %q", when, len(all), told+1, all[min(told, len(all)):])
		}
		told++
		text := all[told-1]
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: nothing of %q in %s", when, w, text)
			}
		}
		for _, w := range not {
			if strings.Contains(text, w) {
				t.Errorf("%s: %q in %s", when, w, text)
			}
		}
	}
	const groups = "group,programme,institute,course\nИС-21-1,6B06101,itc,3\nИС-22-1,6B06101,itc,2\nИС-23-1,6B06101,itc,1\n"
	s.at("2026-11-23 12:00")
	told = len(s.watched())
	waits := bring(registrar.Groups, groups)
	s.at("2026-11-23 17:00")
	if n := len(s.watched()); n != told {
		t.Fatalf("%d alarms on the day on which a file came, had %d", n, told)
	}
	newest("2026-11-24 09:00", []string{"группы, groups.csv (23 ноября 2026 г.): проверен, но не опубликован"}, "перестали", "оценки")
	s.stop()
	s.start()
	s.settle()
	s.app.ticker.Look()
	s.settle()
	if n := len(s.watched()); n != told {
		t.Fatalf("%d alarms after a restart, want %d", n, told)
	}

	if _, err := s.app.db.Settle(t.Context(), waits.ID, registrar.Published, "telegram:1", s.clock.Now(), nil); err != nil {
		t.Fatal(err)
	}
	bring(registrar.Roster, "student,name,programme,group\n20230001,,6B06101,ИС-21-1\n")
	newest("2026-11-25 09:00", []string{"список студентов, roster.csv (24 ноября 2026 г.): в файле были ошибки"}, "не опубликован", "перестали")

	bring(registrar.Groups, groups) // nothing new, and a sign of life
	newest("2026-12-02 09:00", nil, "перестали")
	bring(registrar.Groups, "group,programme\nИС-21-1,6B06101\nИС-22-1,6B06101\nИС-23-1,6B06101\n")
	if said := s.said(s.chats["registrar"]); !strings.Contains(said[len(said)-1], "Нет столбцов, которые были в прошлом файле: institute, course") {
		t.Errorf("of columns that are missing it says %q", said[len(said)-1])
	}
	newest("2026-12-09 09:00", []string{"группы, groups.csv (2 декабря 2026 г.): проверен"}, "перестали")
	newest("2026-12-10 09:00", []string{"перестали приходить сами", "Последний пришёл 2 декабря 2026 г."})
	newest("2026-12-11 09:00", []string{"оценки: файл нужен хотя бы раз в 14 дн. Последний пришёл 23 ноября 2026 г."})
	s.at("2026-12-12 09:00") // a Saturday
	if n := len(s.watched()); n != told {
		t.Errorf("%d alarms on a day off, want %d", n, told)
	}
}

// A teacher hears of a sheet the day before its day and the day after, and then once a week, also when the
// program was off on that very day. Of one that is closed meanwhile nothing is said.
func TestSheetsAreRemembered(t *testing.T) {
	t.Parallel()
	s := newStageWith(t, withJobs)
	s.record("small")
	sheet := func(number, until, status string) registrar.Entry {
		return registrar.EntryOf(registrar.Sheets, registrar.Fields{"sheet": number, "year": "2026-2027", "semester": "1", "discipline": "ALG201", "group": "ИС-21-1",
			"teacher": "T200", "status": status, "until": until})
	}
	s.publish("sheets", sheet("11", "2026-12-03", "open"))
	s.linked(gulnar, "T200")
	s.speak(gulnar, "Русский")
	s.settle()
	told := func() (all []string) {
		for _, text := range s.said(gulnar) {
			if strings.Contains(text, "№ 11") {
				all = append(all, strings.SplitN(text, "\n", 2)[0])
			}
		}
		return all
	}
	check := func(when string, want ...string) {
		t.Helper()
		if when != "" {
			s.at(when)
		}
		got := told()
		if !slices.EqualFunc(got, want, strings.Contains) {
			t.Fatalf("%s: %q, want %q", when, got, want)
		}
	}
	const soon, late, fresh = "остался один день", "не закрыта в срок", "новая ведомость"
	check("")
	check("2026-12-01 10:00")
	check("2026-12-02 09:29")
	check("2026-12-02 09:30", soon)
	check("2026-12-03 17:00", soon)
	s.stop() // on the day after
	s.clock.Advance(3 * 24 * time.Hour)
	s.start()
	check("2026-12-07 09:30", soon, late)
	check("2026-12-10 12:00", soon, late)
	check("2026-12-11 09:30", soon, late, late)
	s.publish("sheets2", sheet("11", "2026-12-03", "closed"))
	s.settle()
	check("2026-12-18 10:00", soon, late, late)
	s.publish("sheets3", sheet("11", "2026-12-22", "open")) // for another look
	s.settle()
	check("", soon, late, late, fresh)
}
