package main

import (
	"errors"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
)

func runCommand(environ []string, _ io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "run", Short: "Run the bot against Telegram", Args: cobra.NoArgs,
		Long: `run is the bot itself. It needs a token from @BotFather in TELEGRAM_TOKEN; everything
else has a default: the database is a file in the data folder, dialogues are kept in an
embedded store beside it. Stop it with Ctrl-C or SIGTERM: it finishes what it has begun.

With PostgreSQL and Redis several of it can run at the same time; with files only one.

Settings are environment variables:

` + table(),
		Example: "  TELEGRAM_TOKEN=123456789:AAExample ADMIN_IDS=12345678 dauys run",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			c, err := readConfig(environ, "TELEGRAM_TOKEN")
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			a, err := build(ctx, c, time.Now, c.logger(os.Stderr))
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, a.close()) }()
			return a.run(ctx, nil)
		},
	}
}
