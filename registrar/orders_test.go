package registrar_test

import (
	"slices"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// The structure file names orders as the record does.
func TestOrderKindsAreThoseOfTheStructureFile(t *testing.T) {
	var kinds []string
	for _, k := range registrar.OrderKinds {
		kinds = append(kinds, k.Word)
	}
	if !slices.Equal(kinds, dauys.OrderKinds) {
		t.Errorf("the record has %v, the structure file %v", kinds, dauys.OrderKinds)
	}
}
