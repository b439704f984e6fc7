package handlers

import (
	"alt.edu.kz/dauys/notices"
)

// Notices that an office writes for many.

var bulletinCards = map[notices.Card]newsCard{}
