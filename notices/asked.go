package notices

import (
	"time"

	"alt.edu.kz/dauys"
)

// Asked is an order that its student is asked to confirm having read.
type Asked struct {
	Key    string // of the entry of the record
	Person string // whose it is
	What   string // a fingerprint of what it says: another one has to be read again
	At     time.Time
	Seen   time.Time     // zero: they have not
	Who    dauys.Address // the account that has
}
