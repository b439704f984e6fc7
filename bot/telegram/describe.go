package telegram

import (
	"context"
	"strconv"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
)

// describeTime is how long a start may wait for it.
const describeTime = 15 * time.Second

// Describe tells Telegram which commands there are, in each language and for each kind of
// chat, and what the bot is for. It is a courtesy to people's menus: what fails is logged.
func (t *Telegram) Describe(ctx context.Context, book *locales.Book, admins []dauys.Address) {
	ctx, cancel := context.WithTimeout(ctx, describeTime)
	defer cancel()
	note := func(what string, err error) {
		if err != nil {
			t.log.Warn("describe the bot to Telegram", "what", what, "error", t.client.redact(err))
		}
	}
	list := func(l dauys.Lang, names []string) (out []models.BotCommand) {
		for _, n := range names {
			out = append(out, models.BotCommand{Command: n, Description: book.Plain(l, locales.Command(n))})
		}
		return out
	}
	both := append(append([]string(nil), handlers.Commands...), handlers.AdminCommands...)
	for _, l := range append([]dauys.Lang{""}, dauys.Langs...) { // without a language: for all others
		words := l
		if l == "" {
			words = dauys.English
		}
		set := func(scope models.BotCommandScope, names []string) {
			_, err := t.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: list(words, names), Scope: scope, LanguageCode: string(l)})
			note("commands", err)
		}
		set(&models.BotCommandScopeAllPrivateChats{}, handlers.Commands)
		set(&models.BotCommandScopeAllGroupChats{}, handlers.OfficeCommands)
		for _, a := range admins {
			if id, err := strconv.ParseInt(a.ID(), 10, 64); err == nil && a.Messenger() == Name {
				set(&models.BotCommandScopeChat{ChatID: id}, both)
			}
		}
		_, err := t.api.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: book.Plain(words, locales.About()), LanguageCode: string(l)})
		note("description", err)
	}
}

// Forget takes a webhook away that an earlier run may have left, without dropping updates;
// Telegram gives updates to nobody who asks while there is one.
func (t *Telegram) Forget(ctx context.Context) error {
	if _, err := t.api.DeleteWebhook(ctx, &tg.DeleteWebhookParams{}); err != nil {
		return t.client.redact(err)
	}
	return nil
}

// Close ends the idle connections.
func (t *Telegram) Close() { t.client.close() }
