package flows

import "alt.edu.kz/dauys/flows/ask"

// Returning is how somebody gives an answer back to the colleague who has written it, and says why.
var Returning = ask.Flow{
	Name:    "returning",
	Version: 1,
	Steps:   []ask.Step{ask.Text("words", 3, 1000)},
}

// Denial is how the registrar says why a paper is not given out, or holds no more.
var Denial = ask.Flow{
	Name:    "denial",
	Version: 1,
	Steps:   []ask.Step{ask.Text("words", 3, 500)},
}
