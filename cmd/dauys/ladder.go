package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
)

func ladderCommand(environ []string, out io.Writer) *cobra.Command {
	var kind, from, institute, topic, scheme string
	cmd := &cobra.Command{
		Use: "ladder", Short: "Print the way that a case would go", Args: cobra.NoArgs,
		Long: `ladder prints the offices through which a request of a kind would go, how many working
days each of them has, and by when there would be an answer if it were filed now. Nothing
is stored.`,
		Example: "  dauys ladder --kind complaint --from student --institute itc",
		RunE: func(*cobra.Command, []string) error {
			c, err := readConfig(environ)
			if err != nil {
				return err
			}
			u, err := university(c)
			if err != nil {
				return err
			}
			if err := choices(u, kind, from, institute); err != nil {
				return err
			}
			q := dauys.Request{Kind: dauys.Kind(kind), From: dauys.Standing(from), Institute: institute, Topic: topic, Scheme: scheme}
			way, err := u.Route(q)
			if err != nil {
				return err
			}
			now := time.Now()
			fmt.Fprintf(out, "A %s from a %s, by the scheme %q:\n\n", kind, from, way.Scheme.ID)
			for i, s := range u.Steps(q) {
				name := string(s.Office)
				if s.Person != "" {
					name = s.Person
				}
				fmt.Fprintln(out, strings.TrimRight(fmt.Sprintf("%2d. %-16s %2d working days   %s", i+1, name, s.Days, s.Names.In(dauys.English)), " "))
				if s.Why != "" {
					fmt.Fprintf(out, "    left out: %s\n", s.Why)
				}
			}
			fmt.Fprintf(out, "\nThe whole case: %d working days. Filed now, the answer is due by %s.\n", way.Days(u, q.Kind),
				u.Calendar.Due(u.Calendar.Registered(now), way.Days(u, q.Kind)).Format("2 January 2006, 15:04"))
			if way.Scheme.Source != "" {
				fmt.Fprintf(out, "Source: %s\n", way.Scheme.Source)
			}
			if way.Scheme.Assumed {
				fmt.Fprintln(out, "The procedure gives no terms; these are assumptions.")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&kind, "kind", string(dauys.Complaint), "what is asked: "+join(flows.Kinds()))
	cmd.Flags().StringVar(&from, "from", string(dauys.AsStudent), "who asks: "+join(dauys.Standings))
	cmd.Flags().StringVar(&institute, "institute", "", "of which institute; without it, its own offices are left out")
	cmd.Flags().StringVar(&topic, "topic", "", "what it is about: "+strings.Join(flows.Topics, ", "))
	cmd.Flags().StringVar(&scheme, "scheme", "", "by which scheme; without it, the one that the request takes by itself")
	return cmd
}

// choices checks what was asked for, and says what there is.
func choices(u *dauys.University, kind, from, institute string) error {
	if !slices.Contains(flows.Kinds(), dauys.Kind(kind)) {
		return fmt.Errorf("there is no kind %q; it is one of: %s", kind, join(flows.Kinds()))
	}
	if !slices.Contains(dauys.Standings, dauys.Standing(from)) {
		return fmt.Errorf("nobody files as %q; it is one of: %s", from, join(dauys.Standings))
	}
	var ids []string
	for _, i := range u.Institutes {
		ids = append(ids, i.ID)
	}
	if institute != "" && !slices.Contains(ids, institute) {
		return fmt.Errorf("there is no institute %q; it is one of: %s", institute, strings.Join(ids, ", "))
	}
	return nil
}

func join[S ~string](list []S) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
