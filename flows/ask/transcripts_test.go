package ask_test

import (
	"flag"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/flows/ask/asktest"
	"alt.edu.kz/dauys/locales"
)

var update = flag.Bool("update", false, "write what the bot says into the transcripts")

// names are the words of a list of papers.
var names = map[string]dauys.Names{
	"id":     {dauys.Kazakh: "Жеке куәлік", dauys.Russian: "Удостоверение личности", dauys.English: "Identity card"},
	"proof":  {dauys.Kazakh: "Жетім екенін растайтын құжат", dauys.Russian: "Документ о сиротстве", dauys.English: "Proof of orphanhood"},
	"income": {dauys.Kazakh: "Отбасы табысы туралы анықтама", dauys.Russian: "Справка о доходах семьи", dauys.English: "Certificate of the family’s income"},
	"orphan": {dauys.Kazakh: "Жетім", dauys.Russian: "Сирота", dauys.English: "Orphan"},
	"family": {dauys.Kazakh: "Көпбалалы отбасы", dauys.Russian: "Многодетная семья", dauys.English: "Large family"},
}

// Support has the kinds of question of which no conversation of the bot has all yet. The words of its own
// questions are their keys; all else is as people see it.
var support = func() ask.Flow {
	kind := ask.Given("kind", "kind")
	return ask.Flow{Name: "trial", Version: 1, Steps: []ask.Step{
		kind, ask.Date("since"), ask.Number("mark", 0, 100).Fraction(1).OrSkip(), ask.Checklist("papers", "paper").By(kind),
	}}
}()

// The new questions as people see them, in three languages.
func TestTranscripts(t *testing.T) {
	book, err := locales.New(time.FixedZone("Asia/Almaty", 5*60*60), func(_, id string) dauys.Names { return names[id] })
	if err != nil {
		t.Fatal(err)
	}
	asktest.Player{Book: book, Flows: []ask.Flow{support}, Given: map[string][]string{
		"kind": {"orphan", "family"}, "papers:orphan": {"id", "proof"}, "papers:family": {"id", "income"}, "since:to": {ask.Today}, "since:from": {"2020-09-01"},
	}}.Files(t, "testdata/*.txt", *update)
}

// All keys of the flow but those of its own questions have words.
func TestSupportKeys(t *testing.T) {
	for _, key := range support.Keys() {
		if !strings.HasPrefix(key, "trial.") {
			t.Errorf("%s is no key of the flow", key)
		}
	}
	if err := support.Check(); err != nil {
		t.Error(err)
	}
}
