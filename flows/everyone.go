package flows

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Everyone is how an answer that one applicant has got is given to all whose cases are joined with
// theirs: in which language it is, and the same in the other languages, as far as somebody writes it.
// Which of them nobody reads is known, and not asked.
var Everyone = func() ask.Flow {
	written := ask.OneOf("written", dauys.Langs...)
	f := ask.Flow{Name: "everyone", Version: 1, Steps: []ask.Step{written}, Before: []string{"everyone"}}
	for _, l := range dauys.Langs {
		f.Steps = append(f.Steps, ask.Text(string(l), 20, 3000).If(written.IsNot(string(l))).OrSkip().ShownAbove())
	}
	return f
}()
