package handlers

import (
	"slices"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
)

func finder(t testing.TB) *Handlers {
	t.Helper()
	book, err := locales.New(time.UTC, func(_, id string) dauys.Names { return dauys.Names{dauys.Russian: id} })
	if err != nil {
		t.Fatal(err)
	}
	return &Handlers{Book: book}
}

// How one word fits another: letters that many phones do not have are as good as those typed in their
// place, capitals and endings do not matter, and what only begins alike does not fit.
func TestFolding(t *testing.T) {
	h := finder(t)
	for _, tt := range []struct {
		typed, stands string
		want          int
	}{
		{"касымова", "Қасымова", sameWord},
		{"Қасымова", "Касымова", sameWord},
		{"алия", "ӘЛИЯ", sameWord},
		{"Ғани", "гани", sameWord},
		{"нан", "ңан", sameWord},
		{"омир", "өмір", sameWord},
		{"улан", "Ұлан", sameWord},
		{"журек", "жүрек", sameWord},
		{"кауhар", "каухар", 0}, // a Latin h is no Kazakh letter
		{"кауһар", "каухар", sameWord},
		{"Пётр", "петр", sameWord},
		{"ЕЛКИНА", "ёлкина", sameWord},
		{"стипенд", "Стипендия", beginsWith},
		{"жатакхана", "жатақханада", beginsWith},
		{"стипендию", "стипендия", sameStem},
		{"жатақханадағы", "жатақхана", 0}, // two endings more: write less
		{"проекторды", "проектор", sameStem},
		{"экзамены", "экзаменов", sameStem},
		{"ким", "Кимова", beginsWith},
		{"парк", "паркетный", beginsWith},
		{"экзамен", "экран", 0},
		{"кот", "ток", 0},
		{"дом", "домна", beginsWith},
		{"дома", "дому", 0}, // too short to tell an ending
	} {
		q := h.sought(tt.typed)
		if len(q.words) != 1 {
			t.Fatalf("%q is %+v", tt.typed, q.words)
		}
		if got := likeness(q.words[0].fold, locales.Fold(tt.stands)); got != tt.want {
			t.Errorf("%q fits %q: %d, want %d", tt.typed, tt.stands, got, tt.want)
		}
	}
}

// TestFind: which cases are found, the best first.
func TestFind(t *testing.T) {
	h := finder(t)
	filed := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	cases := []*dauys.Case{
		{Number: "ALT-2026-000007", Kind: dauys.Complaint, Topic: "dormitory", Text: "Горячей воды нет третий день.", Applicant: dauys.Applicant{Name: "Қасымова Әлия"}},
		{Number: "ALT-2026-000017", Kind: dauys.Complaint, Topic: "payment", Text: "Касымова сказала, что стипендию перечислят позже.", Applicant: dauys.Applicant{Name: "Ким Дмитрий"}},
		{Number: "ALT-2026-000123", Kind: "support", Topic: "aid", Text: "Нужна помощь: Касымова Алия, стипендия.", Applicant: dauys.Applicant{Name: "Касымова Алия"}, Terms: dauys.Terms{Restricted: true}},
		{Number: "ALT-2026-000200", Kind: dauys.Suggestion, Topic: "misc", Applicant: dauys.Applicant{Name: "Ахметов Ұлан"},
			Events: []dauys.Event{{Act: dauys.Transcribe, Note: "Прошу поставить велопарковку"}, {Act: dauys.Answer, Note: "Отказано: жираф"}}},
		{Number: "ALT-2026-000201", Kind: dauys.Suggestion, Topic: "misc", Text: "Аты-жөнім", Details: []dauys.Detail{{Question: "q", Text: "кабинет 305"}, {Question: "iin", Text: "050312345678", As: dauys.DetailSecret}}},
	}
	for i, c := range cases {
		c.Filed = filed.Add(time.Duration(i) * time.Minute)
	}
	for _, tt := range []struct {
		words string
		want  []string
	}{
		{"касымова", []string{"ALT-2026-000007", "ALT-2026-000017"}}, // a name before a word of the text
		{"касымова алия", []string{"ALT-2026-000007", "ALT-2026-000017"}},
		{"стипендия ким", []string{"ALT-2026-000017"}},
		{"общежитие", []string{"ALT-2026-000007"}}, // by the name of the topic
		{"7", []string{"ALT-2026-000007"}},
		{"000017", []string{"ALT-2026-000017"}},
		{"alt-2026-000123", []string{"ALT-2026-000123"}},
		{"№123", []string{"ALT-2026-000123"}},
		{"123", []string{"ALT-2026-000123"}},
		{"помощь", nil}, // restricted: by its number alone
		{"123 помощь", []string{"ALT-2026-000123"}},
		{"велопарковка", []string{"ALT-2026-000200"}}, // what was said by voice and written down
		{"жираф", nil},                                // of the answer nobody is found
		{"улан", []string{"ALT-2026-000200"}},
		{"305", []string{"ALT-2026-000201"}},
		{"050312345678", nil},
		{"и", nil},
		{"   ", nil},
		{"%_'\"<b>", nil},
		{"suggestion", []string{"ALT-2026-000201", "ALT-2026-000200"}}, // by the words of any language, the newest first
		{"ұсыныс улан", []string{"ALT-2026-000200", "ALT-2026-000201"}},
	} {
		q := h.sought(tt.words)
		var hits []hit
		for _, c := range cases {
			part := dauys.ItsWords
			if c.Terms.Restricted {
				part = dauys.ItsWay
			}
			if fit, ok := q.fits(c, part); ok {
				hits = append(hits, hit{c, fit})
			}
		}
		slices.SortFunc(hits, better)
		var got []string
		for _, x := range hits {
			got = append(got, x.c.Number)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q finds %q, want %q", tt.words, got, tt.want)
		}
	}
	if n := len(h.sought("a1 b2 c3 d4 e5 f6 g7 h8 i9 j10 k11").words); n != mostSought {
		t.Errorf("%d words are looked for", n)
	}
}

// The last digits mean the case that has them as its number, and only without one every number that ends so.
func TestMeant(t *testing.T) {
	all := []string{"ALT-2026-000112", "ALT-2026-000012", "SOC-2026-000012", "ALT-2026-000112"}
	for digits, want := range map[string][]string{
		"12":     {"ALT-2026-000012", "SOC-2026-000012"},
		"000012": {"ALT-2026-000012", "SOC-2026-000012"},
		"112":    {"ALT-2026-000112"},
		"2":      {"ALT-2026-000012", "ALT-2026-000112", "SOC-2026-000012"},
	} {
		if got := meant(slices.Clone(all), digits); !slices.Equal(got, want) {
			t.Errorf("%s means %q, want %q", digits, got, want)
		}
	}
}
