package main

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// mailing is a notice for all students, written by somebody of the registrar's office.
func (s *stage) mailing(id string, state notices.MailingState) notices.Mailing {
	s.t.Helper()
	b := notices.Mailing{ID: id, Office: "registrar", State: state, At: s.clock.Now(), By: telegramAddress(sergey), Name: "Сергей Волков", Chat: telegramAddress(s.chats["registrar"]),
		Texts: dauys.Names{dauys.Russian: "СЕКРЕТНЫЙТЕКСТ: завтра занятия онлайн."}, Whom: notices.Whom{}}
	if state == notices.Pending {
		b.Round = 1
	}
	s.do(s.app.db.AddBulletin(s.t.Context(), b, telegramAddress(sergey), s.clock.Now()))
	return s.mailed(id)
}

func (s *stage) mailed(id string) notices.Mailing {
	s.t.Helper()
	b, err := s.app.db.Bulletin(s.t.Context(), id)
	s.do(err)
	return b
}

// heard tells whether the words of the notice have come to somebody.
func (s *stage) heard(who int64) bool {
	return slices.ContainsFunc(s.sim.Messages(who), func(m simulator.Message) bool {
		return m.FromBot && strings.Contains(m.Text, "СЕКРЕТНЫЙТЕКСТ")
	})
}

// A notice for many is a matter of its office: whoever presses what, where and with which data, it neither
// changes nor leaves but by two who may, and one of them alone is not enough.
func TestForgedMailing(t *testing.T) {
	s := newStage(t)
	s.record("student")
	s.linked(dima, "20230002")
	for _, who := range []int64{dima, zarina, saltanat, sergey, ainur} {
		s.enter(who, "Русский")
	}
	s.grant(sergey, "Сергей Волков", "registrar")
	s.grant(saltanat, "Салтанат Омарова", "deputy@itc")
	office, deputy := s.chats["registrar"], s.chats["deputy@itc"]
	s.mailing("DRAFT", notices.Draft)
	s.mailing("ASKED", notices.Pending)
	acts := []string{"c", "w", "t", "v", "m", "o", "e", "d", "q", "y", "n", "g", "s", "r", "a", "x", "?"}
	tails := []string{"", ":1", ":0:0", ":99:99", ":0:abcdef01"}
	for _, from := range []struct{ who, chat int64 }{
		{zarina, zarina}, {dima, dima}, {zarina, office}, {saltanat, office}, {saltanat, deputy}, {saltanat, saltanat}, {zarina, deputy}, {sergey, deputy}, {sergey, sergey},
	} {
		for _, id := range []string{"DRAFT", "ASKED"} {
			before := s.mailed(id)
			for _, act := range acts {
				for _, tail := range tails {
					s.inject(from.who, from.chat, 1, "qb:"+act+":"+id+tail)
				}
			}
			s.settle()
			if now := s.mailed(id); !reflect.DeepEqual(now, before) {
				t.Errorf("%d in %d has made of %s %+v", from.who, from.chat, id, now)
			}
			if s.heard(from.who) || s.heard(deputy) {
				t.Errorf("%d in %d has read the notice", from.who, from.chat)
			}
		}
	}
	if toast := s.forge(sergey, office, 1, "qb:y:ASKED:1"); !strings.Contains(toast, "сам его не одобряет") {
		t.Errorf("who has written it approves it: %q", toast)
	}
	for _, round := range []string{"0", "2", "", "x"} { // as it was put before them, and no other time
		if s.forge(ainur, office, 1, "qb:y:ASKED:"+round); s.mailed("ASKED").State != notices.Pending {
			t.Fatalf("approved as of round %q", round)
		}
	}
	if s.forge(ainur, office, 1, "qb:y:ASKED:1"); s.mailed("ASKED").State != notices.Running {
		t.Fatal("a colleague cannot approve it")
	}
	s.later(notices.Grace + time.Minute)
	if !s.heard(dima) || s.mailed("ASKED").State != notices.Over {
		t.Errorf("it has not come, or has not ended: %s", s.mailed("ASKED").State)
	}
}

// What has not left when a notice is stopped does not leave any more, and the report says so.
func TestMailingStopped(t *testing.T) {
	s := newStage(t)
	s.record("student")
	s.linked(dima, "20230002")
	s.linked(aigerim, "20230001")
	for _, who := range []int64{dima, aigerim, sergey} {
		s.enter(who, "Русский")
	}
	s.grant(sergey, "Сергей Волков", "registrar")
	s.do(s.app.db.SaveWish(t.Context(), notices.Wish{Who: telegramAddress(aigerim), QuietFrom: 9 * 60, QuietTo: 18 * 60}))
	office := s.chats["registrar"]
	s.mailing("ASKED", notices.Pending)
	s.forge(ainur, office, 1, "qb:y:ASKED:1")
	s.later(notices.Grace + time.Minute)
	if !s.heard(dima) || s.heard(aigerim) {
		t.Fatalf("Dima has it: %v, Aigerim, who sleeps: %v", s.heard(dima), s.heard(aigerim))
	}
	if err := soon(t.Context(), "it is shown by itself that half of it is sent", func() (bool, error) { return s.mailed("ASKED").Step == 10, nil }); err != nil {
		t.Error(err)
	}
	s.settle()
	s.forge(sergey, office, 1, "qb:g:ASKED")
	if said := s.last(office).Text; !strings.Contains(said, "50 %") || !strings.Contains(said, "Ждёт отправки: 1") {
		t.Errorf("half of it is shown as %q", said)
	}
	s.forge(sergey, office, 1, "qb:s:ASKED")
	s.forge(sergey, office, 1, "qb:s:ASKED") // again
	s.later(24 * time.Hour)
	if s.heard(aigerim) {
		t.Error("what was stopped has come")
	}
	if b := s.mailed("ASKED"); b.State != notices.Withheld {
		t.Errorf("it is %s", b.State)
	}
	s.forge(sergey, office, 1, "qb:r:"+notices.NoticePlan("ASKED"))
	if said := s.last(office).Text; !strings.Contains(said, "Отправлено: 1") || !strings.Contains(said, "Остановлено: 1") || !strings.Contains(said, "Из них не подключили аккаунт: 1") {
		t.Errorf("the report says %q", said)
	}
}

// sheets are the rows of the newest table in a chat, by sheet.
func (s *stage) sheets(chat int64) (all [][][]string) {
	s.t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(s.document(chat, ".xlsx").File.Data))
	s.do(err)
	defer f.Close()
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		s.do(err)
		all = append(all, rows)
	}
	return all
}

// The office that keeps the record reads who was told and who could not be; another one that writes to many
// reads how many of its own, and not who they are.
func TestTold(t *testing.T) {
	s := newStage(t)
	s.app.university.Offices = slices.Clone(s.app.university.Offices)
	for i, o := range s.app.university.Offices {
		if o.ID == "desw" {
			s.app.university.Offices[i].Powers = append(slices.Clone(o.Powers), dauys.Announce)
		}
	}
	s.record("student")
	s.linked(dima, "20230002")
	for _, who := range []int64{dima, sergey, gulnar} {
		s.enter(who, "Русский")
	}
	s.grant(sergey, "Сергей Волков", "registrar")
	s.grant(gulnar, "Гүлнар Бекова", "desw")
	office, desw := s.chats["registrar"], s.chats["desw"]
	s.mailing("THEIRS", notices.Pending)
	b := s.mailing("OURS", notices.Draft)
	b.ID, b.Office, b.State, b.Round, b.By, b.Chat = "DESW", "desw", notices.Pending, 1, telegramAddress(gulnar), telegramAddress(desw)
	s.do(s.app.db.AddBulletin(t.Context(), b, telegramAddress(gulnar), s.clock.Now()))
	s.forge(ainur, office, 1, "qb:y:THEIRS:1")
	s.forge(marat, desw, 1, "qb:y:DESW:1")
	s.later(notices.Grace + time.Minute)
	s.forge(sergey, office, 1, "qb:x:"+notices.NoticePlan("THEIRS"))
	book := s.sheets(office)
	if said := fmt.Sprint(book); len(book) != 2 || len(book[0]) != 2 || len(book[1]) != 3 ||
		!strings.Contains(fmt.Sprint(book[0]), "20230002 Ким Дмитрий Олегович") || !strings.Contains(fmt.Sprint(book[0]), "Отправлено") || !strings.Contains(fmt.Sprint(book[1]), "20230001") {
		t.Errorf("the table says %s", said)
	}
	s.forge(gulnar, desw, 1, "qb:x:"+notices.NoticePlan("DESW"))
	book = s.sheets(desw)
	if said := fmt.Sprint(book); len(book) != 2 || len(book[0]) != 2 || strings.Contains(said, "Ким") || strings.Contains(said, "2023000") || !strings.Contains(said, "ИС-21-1") {
		t.Errorf("another office reads %s", said)
	}
	if toast := s.forge(gulnar, desw, 1, "qb:r:"+notices.NoticePlan("THEIRS")); toast == "" {
		t.Errorf("another office reads a report that is not its own: %q", s.last(desw).Text)
	}
	if list := s.say(gulnar, desw, "/told"); len(list.Labels()) != 1 {
		t.Errorf("another office is offered %q", list.Labels())
	}
}

// The message of an import that was published leads to whom it was told to.
func TestImportTold(t *testing.T) {
	s := newStage(t)
	s.record("student")
	s.linked(dima, "20230002")
	s.enter(dima, "Русский")
	chat := s.chats["registrar"]
	file := []byte("student,group,year,semester,discipline,teacher,control,score,letter,posted\n20230002,ИС-21-1,2026-2027,1,NET1,T200,admission,55,,2026-11-21\n20230001,ИС-21-1,2026-2027,1,NET1,T200,admission,62,,2026-11-21\n")
	_, err := s.app.handlers.BringFile(t.Context(), bytes.NewReader(file), int64(len(file)), registrar.Marks, "marks.csv", "folder")
	s.do(err)
	s.settle()
	s.press(sergey, chat, "Опубликовать")
	s.press(sergey, chat, "Кому сообщено")
	if said := s.last(chat).Text; !strings.Contains(said, "оценки: marks.csv") || !strings.Contains(said, "Скольких людей касается: 2. Из них не подключили аккаунт: 1") || !strings.Contains(said, "Отправлено: 1") {
		t.Errorf("the report says %q", said)
	}
}
