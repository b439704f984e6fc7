package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys/registrar"
)

// TestSample: a file for each kind of import, a second set where it is asked for, as CSV or as spreadsheets.
func TestSample(t *testing.T) {
	dir := t.TempDir()
	text, err := told(t, nil, "sample", "--students", "60", "--out", dir, "--year", "2026-2027", "--change", "5", "--seed", "3")
	if err != nil || !strings.Contains(text, "60 students of 2026-2027, semester 1") {
		t.Fatal(text, err)
	}
	if text, err = told(t, nil, "sample", "--students", "60", "--out", dir, "--year", "2026-2027", "--xlsx"); err != nil {
		t.Fatal(text, err)
	}
	for _, k := range registrar.KindNames() {
		for name, beginning := range map[string]string{
			string(k) + ".csv": "\ufeff", filepath.Join("next", string(k)+".csv"): "\ufeff", string(k) + ".xlsx": "PK",
		} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || !bytes.HasPrefix(data, []byte(beginning)) {
				t.Errorf("%s: %d bytes, %v", name, len(data), err)
			}
		}
	}
	first, err := os.ReadFile(filepath.Join(dir, "marks.csv"))
	second, err2 := os.ReadFile(filepath.Join(dir, "next", "marks.csv"))
	if err != nil || err2 != nil || bytes.Equal(first, second) {
		t.Errorf("no mark is another one (%v, %v)", err, err2)
	}

	for _, tt := range []struct{ args, want string }{
		{"--students 60", "write a folder"}, {"--out x --change 101", "from 0 to 100"}, {"--out x --change NaN", "from 0 to 100"},
		{"--students 2 --out " + dir, "12 to 200000 students"}, {"--out " + dir + " --year 26/27", "2026-2027"}, {"--out " + dir + " --semester 3", "1 or 2"},
	} {
		if text, err := told(t, nil, append([]string{"sample"}, strings.Fields(tt.args)...)...); err == nil || !strings.Contains(text+err.Error(), tt.want) {
			t.Errorf("sample %s: %s, %v", tt.args, text, err)
		}
	}
	for day, want := range map[string]string{"2026-11-22": "2026-2027", "2027-07-31": "2026-2027", "2027-08-01": "2027-2028"} {
		at, _ := time.Parse(time.DateOnly, day)
		if got := academicYear(at); got != want {
			t.Errorf("%s is in %s", day, got)
		}
	}
}
