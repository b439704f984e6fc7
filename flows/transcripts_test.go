package flows_test

import (
	"flag"
	"slices"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/flows/ask/asktest"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
)

var update = flag.Bool("update", false, "write what the bot says into the transcripts")

// monday is a working Monday morning in Almaty.
var monday = time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)

// The conversations as people see them. Read a changed one aloud before you commit it.
func TestTranscripts(t *testing.T) { player(t).Files(t, "testdata/*.txt", *update) }

func player(t testing.TB) asktest.Player {
	u := dauys.Builtin()
	book, err := locales.New(u.Calendar.Zone(), handlers.Names(u))
	if err != nil {
		t.Fatal(err)
	}
	return asktest.Player{Book: book, Flows: flows.All, Given: given(u), Carries: flows.CarriesOn, Notices: func(name string, l dauys.Lang, s ask.Session) []ask.Line {
		return notices[name](u, book, s)
	}}
}

// given is what handlers hand in to a conversation.
func given(u *dauys.University) map[string][]string {
	out := map[string][]string{"asked": {"4", ""}} // a question asked by voice
	out["against"] = []string{"advisor-curator", "deputy", "director", "vr-academic", "rector"}
	out["addressee"] = []string{"deputy", "director", "vr-academic"}
	out["papers"] = []string{"id", "income-proof"} // that were missing
	for _, b := range u.Bodies {
		out["body"] = append(out["body"], b.ID)
	}
	for _, s := range u.Schemes {
		for ground, items := range s.Documents {
			out["papers:"+ground] = items
		}
	}
	out["published:from"], out["published:to"] = []string{"2026-09-24"}, []string{ask.Today}
	for _, i := range u.Institutes {
		out["institute"] = append(out["institute"], i.ID)
	}
	return out
}

// notices are what flows show above a question, as handlers fill it in.
var notices = map[string]func(*dauys.University, *locales.Book, ask.Session) []ask.Line{
	"way": func(u *dauys.University, _ *locales.Book, s ask.Session) []ask.Line {
		q := dauys.Request{Kind: flows.Kind(s), From: dauys.Standing(s.Value("standing")), Institute: s.Value("institute"), Topic: s.Value("topic"), Against: about(s)}
		if flows.ForAnother(s) {
			q.From = dauys.AsStudent
		}
		way, err := u.Route(q)
		if err != nil {
			return []ask.Line{locales.NoOffice()}
		}
		return locales.Way(way, u.Calendar.Due(u.Calendar.Registered(monday), way.Days(u, flows.Kind(s))))
	},
	"way-now": func(_ *dauys.University, _ *locales.Book, s ask.Session) []ask.Line {
		for _, id := range about(s) {
			return []ask.Line{locales.WayWithout(id)}
		}
		return nil
	},
	"preview": func(u *dauys.University, book *locales.Book, s ask.Session) []ask.Line {
		to := dauys.Lang(s.Given["lang"][0])
		e := dauys.Event{Act: acts[s.Flow], Outcome: dauys.Outcome(s.Value("outcome")), Note: s.Value("words")}
		if b, ok := u.Body(s.Value("body")); ok {
			e.Body, e.Note = b.ID, s.Value("remark")
			for question, said := range map[string]dauys.Names{locales.BodyName: b.Names, locales.BodyAbout: b.About, locales.BodyWhere: b.Where, locales.BodyHow: b.How, locales.BodyTerm: b.Term} {
				e.Details = append(e.Details, dauys.Detail{Question: question, Text: said.In(to)})
			}
		}
		for _, f := range s.Answers["words"].Files {
			e.Files = append(e.Files, dauys.File{Ref: f.Ref, Spoken: true})
		}
		text := book.Say(to, locales.Written(e))
		return []ask.Line{locales.Preview(to, ask.Markup(text))}
	},
	"window": func(u *dauys.University, _ *locales.Book, s ask.Session) []ask.Line {
		day, _ := time.ParseInLocation(time.DateOnly, s.Value(flows.Published), u.Calendar.Zone())
		scheme := u.Schemes[slices.IndexFunc(u.Schemes, func(s dauys.Scheme) bool { return s.ID == "appeal" })]
		if until, _ := u.Window(scheme, day); !monday.Before(until) {
			return []ask.Line{locales.WindowOver(until)}
		} else {
			return []ask.Line{locales.WindowOpen(until)}
		}
	},
	"receives": func(u *dauys.University, _ *locales.Book, _ ask.Session) []ask.Line {
		return []ask.Line{locales.ReceptionNext(u.Slots("rector", monday, 1)[0])}
	},
	"invited": func(u *dauys.University, book *locales.Book, s ask.Session) []ask.Line {
		to := dauys.Lang(s.Given["lang"][0])
		at, _ := locales.Moment(s.Value("slot"))
		slot, _ := u.Slot("rector", at)
		return []ask.Line{locales.Preview(to, ask.Markup(book.Lines(to, locales.InvitedToReception(s.Given["case"][0], "rector", slot, false)...)))}
	},
	"post": func(_ *dauys.University, book *locales.Book, s ask.Session) []ask.Line {
		to := dauys.Lang(s.Given["lang"][0])
		text := book.Say(to, locales.Post(s.Value("question"), s.Value("answer"), monday))
		lines := []ask.Line{locales.PostPreview(to, ask.Markup(text))}
		if found := dauys.PersonalIn(s.Value("question")+"\n"+s.Value("answer"), s.Given["author"][0]); len(found) > 0 {
			lines = append(lines, locales.PostPersonal(found)...)
		}
		return lines
	},
	"asked": func(_ *dauys.University, _ *locales.Book, s ask.Session) []ask.Line {
		return []ask.Line{locales.Asked(s.Given["case"][0], s.Given["asked"][1])}
	},
}

func about(s ask.Session) []dauys.OfficeID {
	if a := s.Value("against"); a != "" && a != flows.AboutNobody {
		return []dauys.OfficeID{dauys.OfficeID(a)}
	}
	return nil
}

// acts are what the conversations of staff with a preview lead to.
var acts = map[string]dauys.Act{flows.Reply.Name: dauys.Answer, flows.Question.Name: dauys.Ask, flows.Transcript.Name: dauys.Transcribe, flows.Referral.Name: dauys.Redirect}
