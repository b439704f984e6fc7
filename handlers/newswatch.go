package handlers

import (
	"alt.edu.kz/dauys/notices"
)

// Digests for advisors, teachers and the administration.

var (
	staffJobs  = map[string]jobNews{}
	staffCards = map[notices.Card]newsCard{}
)
