package dauys

import "slices"

// A second person's yes: in some offices an answer leaves only when a colleague of the one who has
// written it has read and approved it.

// Submission is the answer that waits for the yes of a colleague. When the case moves on in any other
// way, it waits no more.
func (c *Case) Submission() (e Event, waits bool) {
	e, returned := c.submitted()
	return e, e.Seq > 0 && !returned
}

// Unsent is the answer that was written last and has not left: it waits, or a colleague has returned it.
func (c *Case) Unsent() (e Event, ok bool) {
	e, _ = c.submitted()
	return e, e.Seq > 0
}

func (c *Case) submitted() (e Event, returned bool) {
	for _, e := range slices.Backward(c.Events) {
		switch {
		case e.Act == Submit:
			return e, returned
		case e.From != e.To, e.Next != "":
			return Event{}, false
		case e.Act == Return:
			returned = true
		}
	}
	return Event{}, false
}

// approved tells whether a colleague has just said yes to an answer in these words, which leaves with that.
func (c *Case) approved(m Move) bool {
	e, waits := c.Submission()
	return waits && c.Events[len(c.Events)-1].Act == Approve &&
		e.Staff == m.Staff.ID && e.Note == m.Note && e.Outcome == m.Outcome && len(e.Files) == len(m.Files)
}

// Approve says the second yes and sends the answer as it was submitted, in the name of who has written
// it. It is one step: there is no yes without an answer.
func (c *Case) Approve(m Move, cal *Calendar) error {
	e, _ := c.Submission()
	m.Act = Approve
	if err := c.Do(m, cal); err != nil {
		return err
	}
	answer := Move{Act: Answer, By: TheOffice, Staff: Staff{ID: e.Staff, Name: e.Name, Address: e.Who}, Note: e.Note, Details: e.Details, Outcome: e.Outcome, Files: e.Files, Cause: m.Cause, At: m.At}
	if c.Status == OnAgenda {
		answer.Act = Decide
	}
	return c.Do(answer, cal)
}
