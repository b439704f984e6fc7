package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/registrar"
	"alt.edu.kz/dauys/registrar/sample"
)

// next is the folder of the second set, in that of the first.
const next = "next"

func sampleCommand(environ []string, out io.Writer) *cobra.Command {
	s := sample.Spec{}
	var dir string
	var xlsx bool
	var change float64
	cmd := &cobra.Command{
		Use: "sample", Short: "Make up files of the registrar, to try imports with", Args: cobra.NoArgs,
		Long: `sample makes up the record of a university: a file for each kind of import, with as many
students as asked for. Nobody in it exists, and the individual identification numbers
are none that are issued. The same seed makes the same files. With --change a second
set is written into DIR/next, in which so many percent of the marks, exams and orders
are other ones. The institutes and the rules of marks are those of the structure file.`,
		Example: "  dauys sample --students 500 --out sample\n  dauys sample --students 20000 --out sample --change 2",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := readConfig(environ)
			if err != nil {
				return err
			}
			if s.University, err = university(c); err != nil {
				return err
			}
			if dir == "" {
				return errors.New("write a folder for the files: --out sample")
			}
			if s.Year == "" {
				s.Year = academicYear(time.Now())
			}
			if math.IsNaN(change) || change < 0 || change > 100 {
				return errors.New("--change is a percent, from 0 to 100")
			}
			write := func(dir string, s sample.Spec) error {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					return fmt.Errorf("make the folder of the sample: %w", err)
				}
				to := sample.CSV(dir)
				if xlsx {
					to = spreadsheets(dir)
				}
				return sample.Write(cmd.Context(), s, to)
			}
			if err := write(dir, s); err != nil {
				return err
			}
			if s.Change = int(math.Round(change * 100)); s.Change > 0 {
				if err := write(filepath.Join(dir, next), s); err != nil {
					return err
				}
			}
			_, err = fmt.Fprintf(out, "%d students of %s, semester %d: %d files in %s\n", s.Students, s.Year, s.Semester, len(registrar.KindNames()), dir)
			return err
		},
	}
	f := cmd.Flags()
	f.IntVar(&s.Students, "students", 500, "how many students")
	f.StringVar(&dir, "out", "", "folder for the files; those of an earlier sample are written over")
	f.Uint64Var(&s.Seed, "seed", 1, "another number makes other people and marks")
	f.StringVar(&s.Year, "year", "", "academic year, as in 2026-2027; without it, the present one")
	f.IntVar(&s.Semester, "semester", 1, "1 or 2: the semester that is half over")
	f.BoolVar(&s.Finals, "finals", false, "only final marks of the semesters that are over: a tenth as many marks")
	f.BoolVar(&xlsx, "xlsx", false, "write spreadsheets instead of CSV")
	f.Float64Var(&change, "change", 0, "percent of marks, exams and orders that are other ones in a second set")
	return cmd
}

// academicYear is the one in which a day is.
func academicYear(now time.Time) string {
	first := now.Year()
	if now.Month() < time.August {
		first--
	}
	return fmt.Sprintf("%d-%d", first, first+1)
}

// spreadsheets writes tables into a folder.
func spreadsheets(dir string) sample.Sink {
	return func(kind registrar.Kind, heads []string) (sample.Table, error) {
		file, err := os.Create(filepath.Join(dir, string(kind)+".xlsx"))
		if err != nil {
			return nil, fmt.Errorf("write a table: %w", err)
		}
		t, err := documents.NewPlain(file, string(kind), heads)
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		return sheetFile{t, file}, nil
	}
}

type sheetFile struct {
	*documents.Plain
	file io.Closer
}

func (s sheetFile) Close() error { return errors.Join(s.Plain.Close(), s.file.Close()) }
