package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"
)

func migrateCommand(environ []string, out io.Writer) *cobra.Command {
	long := `migrate brings the database to the form that this version of Dauys needs. run does the
same when it starts; the command is for those who want to do it beforehand. It only goes
forward, and it may run while others start.`
	cmd := &cobra.Command{
		Use: "migrate", Short: "Bring the database up to date, or tell how it stands", Long: long,
		Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }, // else any word after it would do
	}
	with := func(do func(cmd *cobra.Command, a *app) error) func(*cobra.Command, []string) error {
		return func(cmd *cobra.Command, _ []string) (err error) {
			c, err := readConfig(environ)
			if err != nil {
				return err
			}
			a := &app{config: c}
			defer func() { err = errors.Join(err, a.close()) }()
			if _, err := openDatabase(cmd.Context(), c, slog.New(slog.DiscardHandler), false, a); err != nil {
				return err
			}
			return do(cmd, a)
		}
	}
	status := func(cmd *cobra.Command, a *app) error {
		list, err := a.db.Migrations(cmd.Context())
		if err != nil {
			return err
		}
		for _, m := range list {
			state := "to do"
			if !m.Applied.IsZero() {
				state = "done"
			}
			fmt.Fprintf(out, "%-6s %s\n", state, m.Name)
		}
		return nil
	}
	cmd.AddCommand(
		&cobra.Command{Use: "up", Short: "Bring the database up to date", Long: long, Args: cobra.NoArgs, RunE: with(func(cmd *cobra.Command, a *app) error {
			if err := a.migrate(cmd.Context()); err != nil {
				return err
			}
			return status(cmd, a)
		})},
		&cobra.Command{Use: "status", Short: "Tell which steps are done", Args: cobra.NoArgs,
			Long: "status lists the steps of the database's form, oldest first: done, or to do.", RunE: with(status)},
	)
	return cmd
}
