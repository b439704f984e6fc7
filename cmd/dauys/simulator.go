package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"alt.edu.kz/dauys/bot/simulator"
)

func simulatorCommand(out io.Writer) *cobra.Command {
	var listen, token, file string
	cmd := &cobra.Command{
		Use: "simulator", Short: "Run the Telegram simulator alone", Args: cobra.NoArgs,
		Long: `simulator is a Telegram Bot API server for this machine alone, with a page in the browser
on which one is everybody else. Any bot can talk to it, this one with:

  TELEGRAM_API_URL=http://127.0.0.1:8091 TELEGRAM_TOKEN=1:TEST dauys run`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			sim, err := simulator.New(simulator.Options{Token: token, Limits: simulator.DefaultLimits(), File: file})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, sim.Close()) }()
			server, address, err := serve(listen, sim.Handler())
			if err != nil {
				return err
			}
			defer server.stop()
			fmt.Fprintf(out, "The page: http://%[1]s\nThe Bot API: TELEGRAM_API_URL=http://%[1]s TELEGRAM_TOKEN=%[2]s\nCtrl-C ends it.\n", address, token)
			<-cmd.Context().Done()
			return nil
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8091", "address; if it is taken, another port is used")
	cmd.Flags().StringVar(&token, "token", "1:TEST", "the only token that is accepted")
	cmd.Flags().StringVar(&file, "file", "", "file that keeps people, chats and messages; without it they are forgotten")
	return cmd
}
