// Command dauys is the bot: it runs against Telegram, or against its own simulator for a
// demonstration, and it has a few commands for whoever looks after it.
//
// main builds nothing itself: each command is a file, and app.go puts the parts together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	_ "time/tzdata" // working days are counted in Asia/Almaty, wherever this runs
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Environ(), os.Stdout); err != nil {
		if !errors.Is(err, errTold) {
			fmt.Fprintln(os.Stderr, err)
		}
		stop()
		os.Exit(1)
	}
}

// errTold: the command has said itself what is wrong.
var errTold = errors.New("")

// run is the whole program; tests call it, too.
func run(ctx context.Context, args, environ []string, out io.Writer) error {
	root := rootCommand(environ, out)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil || errors.Is(err, errTold) {
		return err
	}
	if text := redacted(variables(environ))(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// rootCommand is all that Dauys can be told to do.
func rootCommand(environ []string, out io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "dauys",
		Short: "The voice of a university's students: complaints and appeals in the messenger",
		Long: `Dauys takes complaints, suggestions and appeals in Telegram, in Kazakh, Russian and
English, registers them, passes them to the right office by the university's own
procedure, and brings the answer back.

To try it, without an account and without anything to install:

  dauys demo`,
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetOut(out)
	root.SetErr(out)
	root.AddCommand(runCommand(environ, out), demoCommand(environ, out), chatCommand(environ, out), simulatorCommand(out), migrateCommand(environ, out),
		importCommand(environ, out), importsCommand(environ, out), sampleCommand(environ, out), ladderCommand(environ, out), scheduleCommand(environ, out), checkCommand(environ, out), versionCommand(out))
	return root
}

func versionCommand(out io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Tell which version this is", Args: cobra.NoArgs,
		Long: "version tells which version of Dauys this is, and with which Go it was built.\nName it when you report a mistake.",
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(out, "dauys", version())
			return err
		},
	}
}

// version is that of the module, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value
		}
	}
	if v == "" {
		v = "(devel)"
	}
	return v + " " + info.GoVersion
}
