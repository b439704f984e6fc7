package dauys

// OfficeID names an office in the structure file. An office that every institute has
// for itself carries the institute behind an at sign: "deputy@itc".
type OfficeID string

// Rung is one office on the way of a case, and how long it has.
type Rung struct {
	Office OfficeID `json:"office"`
	Days   int      `json:"days"` // working days
}

// Ladder is the way of a case, frozen when it is filed: later changes of the structure
// file do not move it. The first rung receives it, the last is the top.
type Ladder []Rung
