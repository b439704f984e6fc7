package fault

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestPoint(t *testing.T) {
	n := 0
	off := On("a", 2, func() { n++ })
	for i, want := range []int{0, 1, 1} {
		Point("a")
		Point("b")
		if n != want {
			t.Errorf("after %d times it went off %d times, want %d", i+1, n, want)
		}
	}
	off()
	if armed.Load() {
		t.Error("points are still armed")
	}
	off = On("a", 1, func() { n = 9 })
	off()
	if Point("a"); n == 9 {
		t.Error("it went off after it was taken away")
	}
}

func TestWatch(t *testing.T) {
	stop := Watch()
	Point("b")
	Point("a")
	Point("b")
	if got := stop(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("reached %q", got)
	}
	if Point("c"); armed.Load() {
		t.Error("points are still armed")
	}
}

func TestParse(t *testing.T) {
	for v, want := range map[string]int{"a": 1, "a:1": 1, "a:12": 12, "a:0": 0, "a:x": 0, ":1": 0, "a:": 0} {
		name, n, err := parse(v)
		if n != want || (err == nil) != (want > 0) || err == nil && name != "a" {
			t.Errorf("parse(%q) = %q, %d, %v", v, name, n, err)
		}
	}
}

// TestTable asks that the table in the package comment names the points that stand in the sources,
// and no others.
func TestTable(t *testing.T) {
	source, err := os.ReadFile("fault.go")
	if err != nil {
		t.Fatal(err)
	}
	comment, _, _ := strings.Cut(string(source), "\npackage fault")
	var listed, used []string
	for _, m := range regexp.MustCompile(`(?m)^//\t([a-z-]+) {1,40}\S`).FindAllStringSubmatch(comment, -1) {
		listed = append(listed, m[1])
	}
	point := regexp.MustCompile(`fault\.Point\("([^"]+)"\)`)
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range point.FindAllStringSubmatch(string(b), -1) {
			used = append(used, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(listed)
	slices.Sort(used)
	used = slices.Compact(used)
	if !slices.Equal(listed, used) {
		t.Errorf("the table lists\n%s\nand the sources have\n%s", strings.Join(listed, "\n"), strings.Join(used, "\n"))
	}
}

func BenchmarkPointThatIsOff(b *testing.B) {
	for b.Loop() {
		Point("nothing")
	}
}
