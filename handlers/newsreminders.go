package handlers

import (
	"alt.edu.kz/dauys/notices"
)

// What is told because its time has come: exams, terms, windows.

// reminders are the jobs that remind of an event.
var reminders []Job

var (
	reminderJobs  = map[string]jobNews{}
	reminderCards = map[notices.Card]newsCard{}
)
