package registrar

import (
	"regexp"
	"slices"
	"testing"
)

// One word above a column means one thing in a kind of import.
func TestHeads(t *testing.T) {
	for _, l := range Layouts {
		meant := map[string]string{}
		for _, c := range l.Columns {
			here := map[string]bool{}
			for _, head := range append([]string{c.Name}, c.Also...) {
				f := fold(head)
				switch other, taken := meant[f]; {
				case f == "":
					t.Errorf("%s: the head %q of %s folds to nothing", l.Kind, head, c.Name)
				case taken && other != c.Name:
					t.Errorf("%s: %q stands for %s and for %s", l.Kind, head, other, c.Name)
				case here[head]:
					t.Errorf("%s: %q stands twice at %s", l.Kind, head, c.Name)
				}
				meant[f], here[head] = c.Name, true
			}
		}
	}
}

func TestLayouts(t *testing.T) {
	word := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	for _, l := range Layouts {
		required, keys := 0, 0
		names := map[string]bool{}
		for i := range l.Columns {
			c := &l.Columns[i]
			if !word.MatchString(c.Name) || names[c.Name] {
				t.Errorf("%s: the column %q is no word, or stands twice", l.Kind, c.Name)
			}
			names[c.Name] = true
			if l.Must(c) {
				required++
			}
			if c.Key {
				keys++
			}
			if (c.Type == Choice) != (len(c.Choices) > 0) {
				t.Errorf("%s: %s is a choice without choices, or the other way round", l.Kind, c.Name)
			}
			if c.Spread != "" && (l.Column("control") == nil || l.Column("score") == nil) {
				t.Errorf("%s: %s is spread, but there is no column for what it says", l.Kind, c.Name)
			}
			meant := map[string]string{}
			for _, o := range c.Choices {
				for _, w := range append([]string{o.Word}, o.Also...) {
					if other, taken := meant[fold(w)]; taken && other != o.Word {
						t.Errorf("%s: %s: %q is %s and %s", l.Kind, c.Name, w, other, o.Word)
					}
					meant[fold(w)] = o.Word
				}
			}
		}
		if required == 0 || keys == 0 {
			t.Errorf("%s has %d columns that are required and %d of a key", l.Kind, required, keys)
		}
		if l.Owner == nil {
			t.Errorf("%s: nobody owns an entry", l.Kind)
		}
		// What is whose must not depend on what may be missing.
		if slices.ContainsFunc(l.Columns, func(c Column) bool { return c.Name == "iin" && c.Key }) {
			t.Errorf("%s: an IIN is no key", l.Kind)
		}
	}
}
