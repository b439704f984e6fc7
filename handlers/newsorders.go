package handlers

import (
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// The news about orders, exams, plans, debts and the rest of the record but marks.

var (
	ordersNews = map[registrar.Kind]changeNews{}
	orderCards = map[notices.Card]newsCard{}
)
