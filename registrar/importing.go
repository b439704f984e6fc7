package registrar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar/table"
)

// Store is what an import needs to remember and look up.
type Store interface {
	BeginImport(ctx context.Context, im Import) (Import, error)
	Stage(ctx context.Context, im *Import, entries []Entry) (twice []int, err error)
	StageFlaws(ctx context.Context, id string, from int, flaws []Flaw) error
	StageGone(ctx context.Context, im *Import, scopes []string) error
	FinishImport(ctx context.Context, im *Import) error
	DropReading(ctx context.Context, id string, now time.Time) error
	// Holding is the import of a kind that was published last and still holds; the error is dauys.ErrNotFound without one.
	Holding(ctx context.Context, k Kind) (Import, error)
	EachRecord(ctx context.Context, k Kind, do func(Entry) error) error
}

// ErrSameFile: the file is the one that was published last, to the byte.
var ErrSameFile = errors.New("the file is the one that holds already")

// staged is how many entries are staged at once.
const staged = 500

// told is after how many rows who waits is told how far it is.
const told = 2000

// Run reads a file of the registrar into an import and compares it with what holds: then it waits for
// somebody to publish it. im has the id, the kind, the name of the file, who brought it and when. What is
// in memory is who and what the file refers to and the rows at hand. Who ends the context drops the
// import. The error is [ErrSameFile] when there is nothing to read; the import is that one then.
func Run(ctx context.Context, s Store, file io.ReaderAt, size int64, im Import, progress func(rows int)) (Import, error) {
	l, ok := LayoutOf(im.Kind)
	if !ok {
		return im, fmt.Errorf("no kind of import %q", im.Kind)
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(file, 0, size)); err != nil {
		return im, fmt.Errorf("read the file: %w", err)
	}
	im.Hash = hex.EncodeToString(hash.Sum(nil))
	last, err := LastPublished(ctx, s, im.Kind)
	if err != nil {
		return im, fmt.Errorf("what holds: %w", err)
	}
	if last.Hash == im.Hash {
		return last, ErrSameFile
	}
	if im, err = s.BeginImport(ctx, im); err != nil {
		return im, fmt.Errorf("begin an import: %w", err)
	}
	if err := read(ctx, s, l, file, size, &im, last, progress); err != nil {
		if drop := s.DropReading(context.WithoutCancel(ctx), im.ID, im.At); drop != nil {
			return im, errors.Join(err, drop)
		}
		return im, err
	}
	return im, nil
}

// LastPublished is the import of a kind that was published last and still holds; empty when there is none.
func LastPublished(ctx context.Context, s Store, k Kind) (last Import, err error) {
	if last, err = s.Holding(ctx, k); errors.Is(err, dauys.ErrNotFound) {
		return Import{}, nil
	}
	return last, err
}

// reading is an import while its rows are read.
type reading struct {
	Store
	im      *Import
	entries []Entry
	rows    []int  // of the file, of each of the entries
	flaws   []Flaw // that are not kept yet
	kept    int
	bad     map[int]bool
	scopes  map[string]bool
}

func read(ctx context.Context, s Store, l *Layout, file io.ReaderAt, size int64, im *Import, last Import, progress func(rows int)) error {
	r := &reading{Store: s, im: im, bad: map[int]bool{}, scopes: map[string]bool{}}
	t, err := table.Open(file, size, im.File, table.Limits{})
	if err == nil {
		err = t.Spread()
	}
	flaw := table.Flaw{}
	switch {
	case errors.As(err, &flaw):
		if err := r.wrong(ctx, Flaw{Row: flaw.Row, Code: codeOf(flaw.Kind), Value: flaw.Value}); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		d, err := directory(ctx, s, l)
		if err != nil {
			return fmt.Errorf("who and what the file refers to: %w", err)
		}
		if err := r.all(ctx, Read(l, t, d), progress); err != nil {
			return err
		}
		for _, sheet := range t.Sheets() {
			if sheet.Name != t.Sheet() && !sheet.Hidden {
				im.Notes = append(im.Notes, Note{OtherSheets, short(sheet.Name), 1})
			}
		}
	}
	im.Notes = append(im.Notes, otherShape(l, last, *im)...)
	if err := r.keep(ctx); err != nil {
		return err
	}
	if !l.Anew && im.Counts.Flaws == 0 { // else what is gone is not known: what was not read would be
		var scopes []string
		for sc := range r.scopes {
			scopes = append(scopes, sc)
		}
		slices.Sort(scopes)
		if err := s.StageGone(ctx, im, scopes); err != nil {
			return fmt.Errorf("find what is gone: %w", err)
		}
	}
	if err := s.FinishImport(ctx, im); err != nil {
		return fmt.Errorf("end an import: %w", err)
	}
	return nil
}

// directory is who and what the rows of a kind can refer to.
func directory(ctx context.Context, s Store, l *Layout) (*Directory, error) {
	d := NewDirectory()
	has := func(name string) bool { return l.Column(name) != nil }
	needs := map[Kind]bool{
		Employees:   slices.ContainsFunc(l.Columns, func(c Column) bool { return refers(&c) }),
		Groups:      has("group") && l.Kind != Groups && l.Kind != Roster,
		Roster:      (has("student") || has("group")) && l.Kind != Groups && l.Kind != Roster,
		Disciplines: has("discipline") && l.Kind != Disciplines,
	}
	for _, k := range Referred {
		if !needs[k] {
			continue
		}
		if err := s.EachRecord(ctx, k, func(e Entry) error { d.Add(e); return nil }); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// all reads the rows and stages what they say.
func (r *reading) all(ctx context.Context, rows *FileReader, progress func(int)) error {
	for {
		got, err := rows.Next()
		if err != nil && err != io.EOF {
			return fmt.Errorf("read the file: %w", err)
		}
		if got.Row > 0 {
			r.im.Counts.Rows++
		}
		if err := r.wrong(ctx, got.Flaws...); err != nil {
			return err
		}
		for _, e := range got.Entries {
			r.entries, r.rows = append(r.entries, e), append(r.rows, got.Row)
			r.scopes[e.Scope] = true
		}
		if len(r.entries) >= staged || err == io.EOF {
			if err := r.stage(ctx); err != nil {
				return err
			}
		}
		if progress != nil && r.im.Counts.Rows%told == 0 && got.Row > 0 {
			progress(r.im.Counts.Rows)
		}
		if err == io.EOF {
			r.im.Notes, r.im.Columns = rows.Notes(), rows.Columns()
			return nil
		}
	}
}

func (r *reading) stage(ctx context.Context) error {
	if len(r.entries) == 0 {
		return nil
	}
	twice, err := r.Stage(ctx, r.im, r.entries)
	if err != nil {
		return fmt.Errorf("stage rows: %w", err)
	}
	for _, i := range twice {
		e := r.entries[i]
		if err := r.wrong(ctx, Flaw{Row: r.rows[i], Code: Twice, Value: short(strings.ReplaceAll(e.Key, "|", " · "))}); err != nil {
			return err
		}
	}
	r.entries, r.rows = r.entries[:0], r.rows[:0]
	return nil
}

// wrong counts a row with flaws, and keeps these, some at a time.
func (r *reading) wrong(ctx context.Context, flaws ...Flaw) error {
	if len(flaws) == 0 {
		return nil
	}
	if row := flaws[0].Row; !r.bad[row] {
		if len(r.bad) < 100_000 {
			r.bad[row] = true
		}
		r.im.Counts.Flaws++
	}
	if r.flaws = append(r.flaws, flaws...); len(r.flaws) < 200 {
		return nil
	}
	return r.keep(ctx)
}

func (r *reading) keep(ctx context.Context) error {
	if err := r.StageFlaws(ctx, r.im.ID, r.kept, r.flaws); err != nil {
		return fmt.Errorf("keep what is wrong: %w", err)
	}
	r.kept, r.flaws = r.kept+len(r.flaws), r.flaws[:0]
	return nil
}

// fewGone is how many entries may be gone without a question whether the file is whole.
const fewGone = 10

// ManyGone tells whether an import takes away so much that its file may not be whole.
func (c Counts) ManyGone() bool { return c.Gone >= fewGone && c.Gone*5 > c.Gone+c.Same+c.Changed }

// GuessFile tells which kinds of import a file may be, the likeliest first; none of one that is no table.
func GuessFile(file io.ReaderAt, size int64) []Kind {
	t, err := table.Open(file, size, "", table.Limits{})
	if err != nil || t.Spread() != nil {
		return nil
	}
	kinds, _ := Guess(t)
	return kinds
}

const (
	enoughRows = 20 // of a file before one can say that the next has much fewer
	mostLost   = 10 // columns that are named
)

// otherShape is in what a file differs from the last one of its kind so that its source may have changed: it
// lacks columns, or has less than half of the rows. Files that people send of a part of a kind may look as they
// like; it counts where a file is all that there is of the kind, or where both came by themselves.
func otherShape(l *Layout, last, im Import) (notes []Note) {
	alike := im.By == last.By && (im.By == ByFolder || im.By == ByHTTP)
	if whole := l.Scope == nil && !l.Anew; last.ID == "" || len(im.Columns) == 0 || !whole && !alike {
		return nil
	}
	lost := slices.DeleteFunc(slices.Clone(last.Columns), func(c string) bool { return slices.Contains(im.Columns, c) })
	if len(lost) > 0 {
		notes = append(notes, Note{LostColumns, strings.Join(lost[:min(len(lost), mostLost)], ", "), len(lost)})
	}
	if n := last.Counts.Rows; n >= enoughRows && 2*im.Counts.Rows < n {
		notes = append(notes, Note{FewerRows, strconv.Itoa(n), 1})
	}
	return notes
}

// The ways by which files come by themselves, as [Import.By] has them.
const (
	ByFolder = "folder"
	ByHTTP   = "http"
)
