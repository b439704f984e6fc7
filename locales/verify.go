package locales

import (
	"time"

	"alt.edu.kz/dauys/flows/ask"
)

// The public page of a paper.

// VerifyTitle is its title.
func VerifyTitle() ask.Line { return say("verify.title") }

// VerifyValid, VerifyRevoked and VerifyUnknown are what it can say.
func VerifyValid() ask.Line   { return say("verify.valid") }
func VerifyRevoked() ask.Line { return say("verify.revoked") }
func VerifyUnknown() ask.Line { return say("verify.unknown") }

// VerifyCompare, VerifyVoid and VerifyWrong say what to do then.
func VerifyCompare() ask.Line { return say("verify.compare") }
func VerifyVoid() ask.Line    { return say("verify.void") }
func VerifyWrong() ask.Line   { return say("verify.wrong") }

// VerifyBusy says that somebody asks too often, VerifyFailed that nobody can look now.
func VerifyBusy() ask.Line   { return say("verify.busy") }
func VerifyFailed() ask.Line { return say("verify.failed") }

// VerifyRow names something that stands on the paper.
func VerifyRow(what string) ask.Line { return say("verify.row." + what) }

// VerifyDay is a day as it stands there.
func VerifyDay(day time.Time) ask.Line { return PaperDay(day) }
