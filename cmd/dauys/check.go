package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

func checkCommand(environ []string, out io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "check [FILE]", Short: "Look for mistakes in the settings, the structure file and the texts", Args: cobra.MaximumNArgs(1),
		Long: `check reads the settings, the structure file (FILE, or else that of UNIVERSITY) and the
texts in the three languages, and tells every mistake with its place and what to do. It
changes nothing and talks to nobody. With a mistake the exit code is 1; warnings alone
leave it at 0.`,
		Example: "  dauys check university.yaml\n  UNIVERSITY=/etc/dauys/university.yaml dauys check",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				environ = append(slices.Clone(environ), "UNIVERSITY="+args[0])
			}
			bad := 0
			c, wrong := readConfig(environ)
			if wrong != nil {
				bad += strings.Count(wrong.Error(), "\n") + 1
				fmt.Fprintln(out, wrong)
			}
			name, data, err := structure(c)
			if err != nil && wrong != nil { // said already
				return errTold
			}
			if err != nil {
				return err
			}
			u, problems := dauys.ReadUniversity(name, data, checks...)
			if u != nil {
				problems = append(problems, u.Warnings(time.Now())...)
			}
			for _, p := range problems {
				fmt.Fprintln(out, p)
				if !p.Warning {
					bad++
				}
			}
			texts, err := locales.Check(keys())
			if err != nil {
				return err
			}
			for _, p := range texts {
				fmt.Fprintln(out, p)
			}
			if bad += len(texts); bad > 0 {
				fmt.Fprintf(out, "%d to mend\n", bad)
				return errTold
			}
			fmt.Fprintln(out, "all is well")
			return nil
		},
	}
}

// keys are the messages that the conversations need.
func keys() []string {
	out := ask.Keys()
	for _, f := range flows.All {
		out = append(out, f.Keys()...)
	}
	return out
}

// structure is the structure file of the settings.
func structure(c config) (name string, data []byte, err error) {
	if c["UNIVERSITY"] == "" {
		return dauys.BuiltinFile, dauys.BuiltinSource(), nil
	}
	data, err = os.ReadFile(c["UNIVERSITY"])
	if err != nil {
		return "", nil, fmt.Errorf("read the structure file: %w", err)
	}
	return c["UNIVERSITY"], data, nil
}

// university reads the structure file of the settings, or tells all that is wrong with it.
func university(c config) (*dauys.University, error) {
	name, data, err := structure(c)
	if err != nil {
		return nil, err
	}
	u, problems := dauys.ReadUniversity(name, data, checks...)
	if u != nil {
		return u, nil
	}
	var errs []error
	for _, p := range problems {
		errs = append(errs, errors.New(p.String()))
	}
	return nil, errors.Join(errs...)
}

// checks look at a structure file for what the domain cannot know.
var checks = []dauys.Check{
	jobsKnown, calendarEvents, kindsAreAsked, groundsAreAsked, schemesHaveTexts, chatsAreTelegrams,
}

// kindsAreAsked compares the schemes with the conversations: what is asked must lead
// somewhere, and what a scheme takes must be asked by somebody.
func kindsAreAsked(u *dauys.University) (out []dauys.Problem) {
	asked := flows.Kinds()
	for _, s := range u.Schemes {
		for i, k := range s.Kinds {
			if !slices.Contains(asked, k) {
				out = append(out, dauys.Problem{Line: u.Line(fmt.Sprintf("schemes.%s.kinds.%d", s.ID, i+1)), What: fmt.Sprintf("%q is not a kind of request", k),
					Fix: "write one of: " + join(asked)})
			}
		}
	}
	for _, s := range u.Schemes {
		for i, t := range s.Topics {
			if t == flows.Idea || !slices.Contains(flows.Topics, t) {
				out = append(out, dauys.Problem{Line: u.Line(fmt.Sprintf("schemes.%s.topics.%d", s.ID, i+1)), What: fmt.Sprintf("nobody can say that a request is about %q", t),
					Fix: "write one of: " + join(slices.DeleteFunc(slices.Clone(flows.Topics), func(t string) bool { return t == flows.Idea }))})
			}
		}
	}
	for _, k := range asked {
		if flows.OnlyIfTaken(k) && !slices.Contains(u.Kinds(), k) {
			continue
		}
		for _, from := range flows.Askers(k) {
			if len(u.Schemes) > 0 && !slices.ContainsFunc(u.Schemes, func(s dauys.Scheme) bool {
				return slices.Contains(s.Kinds, k) && slices.Contains(s.From, from)
			}) {
				out = append(out, dauys.Problem{Line: u.Line("schemes"), What: fmt.Sprintf("a %s from a %s leads nowhere: no scheme takes it", k, from), Fix: "add both to a scheme"})
			}
		}
	}
	return out
}

// groundsAreAsked compares the lists of documents with the grounds that somebody can choose.
func groundsAreAsked(u *dauys.University) (out []dauys.Problem) {
	for _, s := range u.Schemes {
		grounds, what := flows.Grounds, "nobody can ask for support on the ground %q"
		if slices.Contains(s.Kinds, dauys.Kind(flows.Registry.Name)) {
			grounds, what = flows.Matters, "nobody can ask the registrar for %q"
		}
		for ground := range s.Documents {
			if !slices.Contains(grounds, ground) {
				out = append(out, dauys.Problem{Line: u.Line("schemes." + s.ID + ".documents." + ground), What: fmt.Sprintf(what, ground),
					Fix: "write one of: " + strings.Join(grounds, ", ")})
			}
		}
	}
	return out
}

// schemesHaveTexts asks for the words of what a scheme takes, in every language.
func schemesHaveTexts(u *dauys.University) (out []dauys.Problem) {
	book, err := locales.New(time.UTC, nil)
	if err != nil {
		return []dauys.Problem{{What: err.Error()}}
	}
	for _, s := range u.Schemes {
		var needed []string
		for _, k := range s.Kinds {
			needed = append(needed, "kind."+string(k))
		}
		for _, f := range s.From {
			needed = append(needed, "standing."+string(f))
		}
		for _, key := range needed {
			for _, l := range dauys.Langs {
				if !book.Has(l, key) {
					out = append(out, dauys.Problem{Line: u.Line("schemes." + s.ID), What: fmt.Sprintf("the scheme %q has no text %s in %s.toml", s.ID, key, l),
						Fix: "add the text in every language"})
				}
			}
		}
	}
	return out
}

var telegramChat = regexp.MustCompile(`^telegram:-\d+(/\d+)?$`)

func chatsAreTelegrams(u *dauys.University) (out []dauys.Problem) {
	for _, o := range u.Offices {
		if o.Chat != "" && !telegramChat.MatchString(string(o.Chat)) {
			out = append(out, dauys.Problem{Line: u.Line("offices." + string(o.ID)), What: fmt.Sprintf("%s is no group of Telegram", o.Chat),
				Fix: "write it as telegram:-1001234567890, or with a topic telegram:-1001234567890/12"})
		}
	}
	if u.Blog != "" && !telegramChat.MatchString(string(u.Blog)) {
		out = append(out, dauys.Problem{Line: u.Line("blog"), What: fmt.Sprintf("%s is no channel of Telegram", u.Blog), Fix: "write it as telegram:-1001234567890"})
	}
	return out
}
