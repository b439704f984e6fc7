package locales

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// The Public Reception Office, and what staff enter for those who do not write by themselves.

// PublicHead says what the Public Reception Office is for.
func PublicHead() ask.Line { return say("public.head") }

// IntakeHead says that a request is being entered.
func IntakeHead() ask.Line { return say("intake.head") }

// IntakeLeft says that nothing was entered.
func IntakeLeft() ask.Line { return say("intake.left") }

// IntakeNotHere says that the office does not take such a request.
func IntakeNotHere() ask.Line { return say("intake.not-here") }

// ToHandOver says that an answer is written and that no messenger brings it to the applicant.
func ToHandOver(number string) ask.Line { return say("handover.now", "Number", number) }

// Entered is the ticket of what staff have entered, to be read out or written down.
func Entered(c *dauys.Case) []ask.Line {
	lines := []ask.Line{say("intake.done", "Number", c.Number, "Date", c.Filed, "Name", c.Events[0].Name, "Due", ask.Day(c.Due))}
	if c.Applicant.Address == "" {
		return append(lines, say("intake.tell"))
	}
	return append(lines, say("intake.sent"))
}
