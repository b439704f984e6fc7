package main

import (
	"os"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
)

// Why somebody asks for support, with what papers and in what words is read by its applicant and, in
// their own chats, by members of the Council: whatever happens to the case, nobody else is ever sent
// a word of it, nor is any group, that of the Council included.
func TestSupportIsReadByTheCouncilAlone(t *testing.T) {
	t.Parallel()
	u := dauys.Builtin()
	book, err := locales.New(u.Calendar.Zone(), handlers.Names(u))
	if err != nil {
		t.Fatal(err)
	}
	more := []string{ // and it goes higher, is added to and withdrawn
		"Amina: [Open the request]", "Amina: [Add details]", "Amina: The flat is cold.", "Amina: [Done]", "Amina: [Skip]", "Amina: [Send]",
		"… 300h", "… 300h", "… 300h",
		"Amina: [Open the request]", "Amina: [Withdraw]", "Amina: My uncle pays now.", "Amina: [Send]",
	}
	for _, tc := range []struct {
		lang, who, ground, aim string
		words                  []string
		more                   []string
	}{
		{"kk", "Aigerim", "low-income", "aid", []string{"жұмыссыз", "Айгерім Сәрсенова"}, nil},
		{"ru", "Dima", "low-income", "discount", []string{"без работы", "Дмитрий Ким"}, nil},
		{"en", "Amina", "orphan", "dormitory", []string{"my aunt", "The flat is cold", "My uncle pays", "Amina Yusuf"}, more},
	} {
		t.Run(tc.lang, func(t *testing.T) {
			t.Parallel()
			secret := append([]string{"card.jpg", "proof.pdf"}, tc.words...)
			for _, l := range dauys.Langs {
				for _, key := range []string{"support.ground." + tc.ground, "support.aim." + tc.aim} {
					secret = append(secret, book.Plain(l, ask.Line{Key: key}))
				}
				for _, item := range u.Papers {
					secret = append(secret, item.In(l))
				}
			}
			lines, err := os.ReadFile("testdata/plays/support-" + tc.lang + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			p := &player{stage: newStage(t), seen: map[int64]map[int64]string{}}
			for _, line := range append(strings.Split(string(lines), "\n"), tc.more...) {
				if line == "" || strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "#") {
					continue
				}
				if err := p.act(line); err != nil {
					t.Fatalf("%s: %v\n%s", line, err, p.news())
				}
				p.settle()
			}
			read := map[string]bool{} // who has read all
			look := func(where string, id int64, allowed bool) {
				for _, m := range p.sim.Messages(id) {
					said := m.Text
					if m.File != nil {
						said += "\n" + m.File.Name
					}
					for _, row := range m.Keyboard {
						for _, k := range row {
							said += "\n" + k.Text
						}
					}
					for _, s := range secret {
						switch found := strings.Contains(strings.ToLower(said), strings.ToLower(s)); {
						case found && allowed:
							read[where] = true
						case found && m.FromBot:
							t.Errorf("%s is sent %q:\n%s", where, s, said)
						}
					}
				}
			}
			for name, id := range names {
				look(name, id, name == tc.who || name == "Gulnar")
			}
			for office, id := range p.chats {
				look(string(office), id, false)
			}
			if !read[tc.who] || !read["Gulnar"] {
				t.Errorf("it was read by %v, and should be by its applicant and the member of the Council", read)
			}
		})
	}
}
