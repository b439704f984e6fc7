package handlers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// marked are the kinds of marks on a picture of a course, as they come about.
var marked = []string{registrar.Current1, registrar.Control1, registrar.Current2, registrar.Control2, registrar.OfAdmission, registrar.OfExam, registrar.OfFinal}

const (
	mostCourses  = 12 // on buttons: the latest
	courseDigits = 12 // of a hash name a course
	courseLetter = 60 // on a button
	wideSteps    = 4  // so many semesters have room for the whole name of a year
)

// gpaChart shows how the GPA went from semester to semester.
func (h *Handlers) gpaChart(ctx context.Context, t *Turn, s scholar) error {
	l, a := t.Lang(), h.University.Academic
	plain := func(line ask.Line) string { return h.Book.Plain(l, line) }
	courses := h.graded(s)
	c := documents.Chart{Title: plain(locales.GPAChart()), Under: []string{s.nameIn(l)}, Curve: documents.Curve{Most: 4}}
	all := spans(courses)
	for _, in := range all {
		g, ok := registrar.GPAOf(a, courses, in)
		if !ok {
			continue
		}
		year := strings.ReplaceAll(in.Year, "-", "–")
		term := plain(locales.GPAStep(in.Semester))
		if len(all) > wideSteps {
			year, _, _ = strings.Cut(in.Year, "-")
			if term = fmt.Sprint(in.Semester); in.Semester > 2 {
				term = plain(locales.GPAStep(in.Semester))
			}
		}
		c.Curve.Steps = append(c.Curve.Steps, documents.Step{Name: year + "\n" + term, Value: float64(g.Value) / 100, Words: h.decimal(l, g.Value, 2)})
	}
	if len(c.Curve.Steps) == 0 {
		return h.paperMenu(ctx, t, locales.PaperEmpty())
	}
	if least, ok := a.Threshold(registrar.DefaultTrack, all[len(all)-1].Year, s.roster.Int("course")); ok {
		c.Curve.Least, c.Curve.Under = float64(least.GPA)/100, plain(locales.GPALeast(places(least.GPA, 2)))
	}
	return h.showChart(ctx, t, c, locales.GPANow(h.gpaOf(courses, registrar.Span{})))
}

// courseID names a course on a button.
func courseID(c registrar.Course) string {
	return documents.Hash([]byte(fmt.Sprint(c.Year, "|", c.Semester, "|", c.Key())))[:courseDigits]
}

// marksChart asks for a course, the latest first, or shows its marks.
func (h *Handlers) marksChart(ctx context.Context, t *Turn, s scholar, which string) error {
	l := t.Lang()
	plain := func(line ask.Line) string { return h.Book.Plain(l, line) }
	i := slices.IndexFunc(s.courses, func(c registrar.Course) bool { return courseID(c) == which })
	if i < 0 {
		latest := slices.Clone(s.courses)
		slices.SortStableFunc(latest, func(x, y registrar.Course) int {
			return cmp.Or(cmp.Compare(y.Year, x.Year), cmp.Compare(y.Semester, x.Semester))
		})
		r := ask.Reply{Text: h.Book.Say(l, locales.MarksWhich())}
		for _, c := range latest[:min(len(latest), mostCourses)] {
			r.Buttons = append(r.Buttons, []ask.Button{{Text: locales.Shorten(c.Name(l), courseLetter), Data: paperPress + ":marks:" + courseID(c)}})
		}
		r.Buttons = append(r.Buttons, h.paperButtons(l, "menu"))
		t.Say(t.Here(r))
		return nil
	}
	course := s.courses[i]
	result := course.Result(h.University.Academic)
	c := documents.Chart{Title: course.Name(l), Under: []string{plain(locales.PaperTerm(strings.ReplaceAll(course.Year, "-", "–"), course.Semester))}, Marks: documents.Marks{Most: 100}}
	for _, control := range marked {
		m := documents.Rated{Name: plain(locales.MarkOf(control)), Whole: control == registrar.OfAdmission || control == registrar.OfFinal}
		score, known := scoreOf(course, result, control)
		if !known {
			m.Absent, m.Words = true, plain(locales.MarkNone())
		} else {
			m.Value, m.Words = float64(score)/100, h.decimal(l, score, 0)
			if a := h.University.Academic; a != nil && m.Whole {
				least := a.Admission.Least
				if control == registrar.OfFinal {
					least = a.Least()
				}
				m.Alarm = score < 100*least
			}
		}
		c.Marks.Lines = append(c.Marks.Lines, m)
	}
	return h.showChart(ctx, t, c, locales.MarksCaption())
}

// scoreOf is a percent of a course in hundredths: as the registrar has it, or as it comes of the others.
func scoreOf(c registrar.Course, r registrar.Result, control string) (hundredths int, ok bool) {
	if m := c.Mark(control); m.Scored {
		return m.Score, true
	}
	for _, s := range r.Steps {
		if s.Of == control && s.Known {
			return s.Score.Hundredths(), true
		}
	}
	return 0, false
}

// showChart sends a picture to whose marks it shows: it cannot be passed on.
func (h *Handlers) showChart(ctx context.Context, t *Turn, c documents.Chart, caption ask.Line) error {
	data, err := c.PNG()
	if err != nil {
		return fmt.Errorf("draw marks: %w", err)
	}
	b := dauys.Blob{ID: "marks-" + documents.Hash(data), Name: locales.Shorten(c.Title, courseLetter) + ".png", MIME: "image/png", Data: data, At: h.Now()}
	if err := h.Storage.PutBlob(ctx, b); err != nil {
		return fmt.Errorf("keep a picture of marks: %w", err)
	}
	t.Say(ask.Reply{Files: []ask.File{Picture(b, h.Book.Say(t.Lang(), caption))}, Protected: true})
	return nil
}
