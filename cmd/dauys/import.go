package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// byCommand is who brings what comes by the command line.
const byCommand = "command"

// importer is what the commands about imports need.
type importer struct {
	*app
	lang dauys.Lang
	out  io.Writer
}

// say writes a text of the catalogue, without markup.
func (i importer) say(lines ...ask.Line) {
	for n, line := range lines {
		if n > 0 && (!strings.HasSuffix(line.Key, ".item") || !strings.HasSuffix(lines[n-1].Key, ".item")) {
			fmt.Fprintln(i.out)
		}
		fmt.Fprintln(i.out, i.book.Plain(i.lang, line))
	}
}

// importing opens what a command about imports needs. A bot may run beside it: each waits for its turn.
func importing(ctx context.Context, environ []string, lang string, out io.Writer, do func(importer) error) (err error) {
	c, err := readConfig(environ)
	if err != nil {
		return err
	}
	i := importer{app: &app{config: c}, out: out}
	defer func() { err = errors.Join(err, i.close()) }()
	if i.university, err = university(c); err != nil {
		return err
	}
	i.lang = dauys.Russian
	for _, o := range i.university.Offices {
		if slices.Contains(o.Powers, dauys.Registry) {
			i.lang = o.Lang
			break
		}
	}
	if lang != "" {
		known := false
		if i.lang, known = dauys.LangOf(lang); !known {
			return fmt.Errorf("there are texts in kk, ru and en, not in %q", lang)
		}
	}
	if i.book, err = locales.New(i.university.Calendar.Zone(), handlers.Names(i.university)); err != nil {
		return err
	}
	if _, err := openDatabase(ctx, c, slog.New(slog.DiscardHandler), false, i.app); err != nil {
		return err
	}
	if err := i.migrate(ctx); err != nil {
		return err
	}
	if err := i.db.CheckKey(ctx); err != nil {
		return err
	}
	return do(i)
}

// kindOf is the kind of import that a word names.
func kindOf(word string) (registrar.Kind, error) {
	k := registrar.Kind(strings.ToLower(word))
	if _, ok := registrar.LayoutOf(k); !ok {
		return "", fmt.Errorf("there is no kind of import %q; these are: %s", word, kindList())
	}
	return k, nil
}

func kindList() string {
	var all []string
	for _, k := range registrar.KindNames() {
		all = append(all, string(k))
	}
	return strings.Join(all, ", ")
}

func importCommand(environ []string, out io.Writer) *cobra.Command {
	var lang, report string
	var dry, yes bool
	long := `import reads a file that the registrar has exported, XLSX or CSV, compares it with what
the record has, and tells what it would change, or which rows are wrong. It asks before
anything is published; with a wrong row nothing is. The kinds, in the order in which they
are best imported, are:

  ` + wrapped(kindList(), 84, "\n  ") + `

docs/imports.md tells which columns each of them has. A bot may run meanwhile.`
	cmd := &cobra.Command{
		Use: "import KIND FILE", Short: "Read a file of the registrar into the record", Args: cobra.ExactArgs(2), Long: long,
		Example: "  dauys import roster students.xlsx --dry-run\n  dauys import marks marks.csv --yes",
		RunE: func(cmd *cobra.Command, args []string) error {
			k, err := kindOf(args[0])
			if err != nil {
				return err
			}
			return importing(cmd.Context(), environ, lang, out, func(i importer) error {
				sure := func() bool {
					i.say(locales.ImportSure())
					line, _ := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
					return slices.Contains([]string{"да", "д", "иә", "ия", "yes", "y"}, strings.ToLower(strings.TrimSpace(line)))
				}
				if yes {
					sure = func() bool { return true }
				}
				if dry {
					sure = nil
				}
				return i.file(cmd.Context(), k, args[1], report, sure, cmd.ErrOrStderr())
			})
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only tell what would change")
	cmd.Flags().BoolVar(&yes, "yes", false, "publish without a question if nothing is wrong")
	cmd.Flags().StringVar(&report, "report", "", "write all mistakes and changes into this XLSX file")
	cmd.PersistentFlags().StringVar(&lang, "lang", "", "language of the report: kk, ru or en; empty: that of the registrar's office")
	cmd.AddCommand(&cobra.Command{
		Use: "undo KIND", Short: "Take back the file of a kind that was published last", Args: cobra.ExactArgs(1),
		Long: `undo takes back what the file of a kind that was published last has changed: what was
there before is shown again.`,
		Example: "  dauys import undo marks",
		RunE: func(cmd *cobra.Command, args []string) error {
			k, err := kindOf(args[0])
			if err != nil {
				return err
			}
			return importing(cmd.Context(), environ, lang, out, func(i importer) error { return i.undo(cmd.Context(), k) })
		},
	})
	return cmd
}

func importsCommand(environ []string, out io.Writer) *cobra.Command {
	var lang string
	cmd := &cobra.Command{
		Use: "imports", Short: "List the last files of the registrar", Args: cobra.NoArgs,
		Long: "imports lists the files of the registrar that came last, and what became of each.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return importing(cmd.Context(), environ, lang, out, func(i importer) error {
				all, err := i.db.Imports(cmd.Context(), "", 30)
				if err != nil {
					return err
				}
				i.say(handlers.ImportList(all)...)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&lang, "lang", "", "language: kk, ru or en; empty: that of the registrar's office")
	return cmd
}

// file reads a file, tells what it would do, and publishes it if somebody is sure; sure nil: nobody is asked.
func (i importer) file(ctx context.Context, k registrar.Kind, name, report string, sure func() bool, progress io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open the file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open the file: %w", err)
	}
	if info.IsDir() {
		return fmt.Errorf("%s is a folder", name)
	}
	im := registrar.Import{ID: handlers.NewID(), Kind: k, File: filepath.Base(name), By: byCommand, At: time.Now()}
	im, err = registrar.Run(ctx, i.db, f, info.Size(), im, func(rows int) {
		if rows%20_000 == 0 {
			fmt.Fprintln(progress, rows)
		}
	})
	if errors.Is(err, registrar.ErrSameFile) {
		i.say(locales.ImportHead(string(k), filepath.Base(name)), locales.ImportSame(im.Settled))
		return nil
	}
	if err != nil {
		return fmt.Errorf("import %s: %w", name, err)
	}
	lines, err := handlers.ImportReport(ctx, i.db, im)
	if err != nil {
		return err
	}
	i.say(lines...)
	if report != "" {
		if err := i.report(ctx, im, report); err != nil {
			return err
		}
	}
	fmt.Fprintln(i.out)
	to, done := registrar.Dropped, locales.ImportDropped()
	switch {
	case im.Counts.Flaws > 0:
		done = locales.ImportDropped()
	case sure == nil:
		done = locales.ImportDry()
	case im.Counts.Changes() == 0:
		to, done = registrar.Published, ask.Line{} // so that the same file is known the next time
	case sure():
		to, done = registrar.Published, locales.ImportPublished()
	}
	_, err = i.db.Settle(context.WithoutCancel(ctx), im.ID, to, byCommand, time.Now(), nil)
	if errors.Is(err, dauys.ErrConflict) {
		i.say(locales.ImportConflict())
		return errTold
	}
	if err != nil {
		return err
	}
	if to == registrar.Dropped {
		if err := i.db.DropReading(context.WithoutCancel(ctx), im.ID, time.Now()); err != nil {
			return err
		}
	}
	if done.Key != "" {
		i.say(done)
	}
	if im.Counts.Flaws > 0 {
		return errTold
	}
	return nil
}

// report writes all that is wrong with an import and all that it changes into a file.
func (i importer) report(ctx context.Context, im registrar.Import, name string) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := handlers.ImportSheet(ctx, i.db, i.book, i.lang, im, 0).Write(f); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	i.say(locales.ImportWritten(name))
	return nil
}

// undo takes back the import of a kind that was published last.
func (i importer) undo(ctx context.Context, k registrar.Kind) error {
	last, err := registrar.LastPublished(ctx, i.db, k)
	if err != nil {
		return err
	}
	if last.ID == "" {
		i.say(locales.ImportNoUndo())
		return errTold
	}
	_, err = i.db.Settle(ctx, last.ID, registrar.Undone, byCommand, time.Now(), nil)
	if errors.Is(err, dauys.ErrConflict) {
		i.say(locales.ImportConflict())
		return errTold
	}
	if err != nil {
		return err
	}
	i.say(locales.ImportHead(string(k), last.File), locales.ImportUndone())
	return nil
}

// wrapped is a text in lines of at most so many letters.
func wrapped(s string, wide int, with string) string {
	var out strings.Builder
	at := 0
	for n, word := range strings.Fields(s) {
		if n > 0 && at+1+len(word) > wide {
			out.WriteString(with)
			at = 0
		} else if n > 0 {
			out.WriteByte(' ')
			at++
		}
		out.WriteString(word)
		at += len(word)
	}
	return out.String()
}
