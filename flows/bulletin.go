package flows

import "alt.edu.kz/dauys/flows/ask"

// Bulletin is how an office writes to many at once: the words in as many languages as it likes, whether
// they can wait for the morning, and from when they are sent. To whom is chosen afterwards, beside the count.
var Bulletin = func() ask.Flow {
	when := ask.OneOf("when", "now", "later")
	return ask.Flow{
		Name:    "bulletin",
		Version: 1,
		Steps: []ask.Step{
			ask.Text("kk", 10, mostBulletin).OrSkip(),
			ask.Text("ru", 10, mostBulletin).OrSkip(),
			ask.Text("en", 10, mostBulletin).OrSkip(),
			ask.OneOf("urgent", "no", "yes"),
			when,
			ask.Date("day").If(when.Is("later")),
			ask.Number("hour", 7, 22).If(when.Is("later")),
		},
	}
}()

// mostBulletin is how long a notice may be in one language: what the second person approves stands whole before them.
const mostBulletin = 800
