package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"alt.edu.kz/dauys/registrar"
	"alt.edu.kz/dauys/storage/storagetest"
)

const filesOfKinds = root + "/registrar/testdata/read/"

var momentSaid = regexp.MustCompile(`\d{1,2} \p{L}+(?: \d{4})?[^,\n—]*, \d\d:\d\d|\d\d\.\d\d\.\d{4}, \d\d:\d\d|\d{4} ж\. \d+ \p{L}+, \d\d:\d\d`)

// TestImport imports the files of all kinds by the command, good ones and bad ones, on each engine.
// testdata/import.txt is what it says, to be read as a whole.
func TestImport(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			env := []string{"DATA_DIR=" + t.TempDir(), "MASTER_KEY=" + strings.Repeat("2a", 32)} // what comes first depends on the key
			if engine == "postgres" {
				database, _, ok := storagetest.Servers(t)
				if !ok {
					t.Skip("no PostgreSQL here")
				}
				env = append(env, "DATABASE_URL="+database)
			}
			var got strings.Builder
			do := func(wrong bool, args ...string) string {
				text, err := told(t, env, args...)
				if (err != nil) != wrong {
					t.Errorf("%q: %v\n%s", args, err, text)
				}
				shown := strings.ReplaceAll(strings.Join(args, " "), filesOfKinds, "")
				fmt.Fprintf(&got, "$ dauys %s\n%s\n\n", shown, strings.TrimSpace(momentSaid.ReplaceAllString(text, "…")))
				return text
			}
			do(true, "import", "marks", filesOfKinds+"marks.csv") // before there are students
			langs := []string{"kk", "ru", "en"}
			for n, k := range registrar.KindNames() {
				do(false, "import", string(k), filesOfKinds+string(k)+".csv", "--yes", "--lang", langs[n%3])
			}
			do(false, "import", "marks", filesOfKinds+"marks-sheet-1251.csv", "--yes")
			do(false, "import", "marks", filesOfKinds+"marks-sheet-1251.csv", "--yes", "--lang", "en")
			marks := strings.ReplaceAll(read(t, filesOfKinds+"marks.csv"), "87,5", "89")
			changed := filepath.Join(t.TempDir(), "changed.csv")
			if err := os.WriteFile(changed, []byte(strings.ReplaceAll(marks, ";91;А−", ";;")), 0o600); err != nil {
				t.Fatal(err)
			}
			report := filepath.Join(filepath.Dir(changed), "report.xlsx")
			text, err := told(t, env, "import", "marks", changed, "--dry-run", "--report", report, "--lang", "kk")
			fmt.Fprintf(&got, "$ dauys import marks changed.csv --dry-run --report report.xlsx --lang kk\n%s\n\n", strings.TrimSpace(strings.ReplaceAll(text, report, "report.xlsx")))
			if err != nil {
				t.Error(err)
			}
			sheet(t, &got, report)
			do(false, "import", "marks", changed) // nobody says yes
			bad, err := filepath.Glob(filesOfKinds + "bad-*.csv")
			if err != nil {
				t.Fatal(err)
			}
			for n, name := range bad {
				k, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(filepath.Base(name), "bad-"), ".csv"), "-")
				if k == "page" {
					k = "marks"
				}
				do(true, "import", k, name, "--yes", "--lang", langs[n%3])
			}
			do(false, "imports", "--lang", "en")
			do(false, "import", "undo", "orders", "--lang", "ru")
			do(true, "import", "undo", "orders", "--lang", "en")
			do(true, "import", "grades", changed)
			do(true, "import", "marks", filesOfKinds+"no-such.csv")
			list := got.String()
			list = strings.ReplaceAll(list, filepath.Dir(changed)+"/", "")
			golden(t, "import.txt", list)
		})
	}
}

// sheet writes the rows of a report.
func sheet(t *testing.T, to *strings.Builder, name string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		fmt.Fprintf(to, "  | %s\n", strings.Join(r, " | "))
	}
	to.WriteString("\n")
}
