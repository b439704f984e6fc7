package dauys

import (
	"testing"
	_ "time/tzdata"
)

// The file that comes with Dauys has no problem and no warning.
func TestBuiltin(t *testing.T) {
	u, problems := ReadUniversity("alt.yaml", builtin)
	for _, p := range problems {
		t.Error(p)
	}
	if u == nil {
		t.Fatal("the built-in file does not read")
	}
}
