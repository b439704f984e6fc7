package dauys

import "time"

// Recount gives the open terms of the case as many working days from now on as they had left
// while the days were those of before, and tells whether either of them ends at another time
// now. The terms of a case that waits for its applicant stand still: there it is from the moment
// on at which they stopped.
func (c *Case) Recount(before, after Calendar, now time.Time) (moved bool) {
	if c.Status.Final() {
		return false
	}
	if since, waits := c.Waits(); waits {
		now = since
	}
	rung, whole := after.Recounted(before, now, c.RungDue), after.Recounted(before, now, c.Due)
	moved = !rung.Equal(c.RungDue) || !whole.Equal(c.Due)
	c.RungDue, c.Due = rung, whole
	return moved
}
