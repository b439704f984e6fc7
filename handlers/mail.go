package handlers

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"net/textproto"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
)

// Mail, for who wants it: when the messenger cannot deliver, a letter says that there is news and where. It
// never says what. An address is used when who gave it has shown that they read what is sent there.

// Mailer sends letters.
type Mailer interface {
	Send(ctx context.Context, to, subject, text string) error
	Address(typed string) (address string, ok bool)
}

const (
	mailCodeLife = time.Hour
	mailTries    = 5              // of one code
	mailCodes    = 3              // in a day
	mailEvery    = 24 * time.Hour // at most, to one account
)

// mailCommand is /mail ADDRESS, /mail CODE, /mail off, or /mail alone, which tells how it stands.
func (h *Handlers) mailCommand(ctx context.Context, t *Turn) error {
	if h.Mail == nil {
		return h.resume(t, locales.UnknownCommand())
	}
	readers, err := h.newsReaders(ctx, t.From)
	if err != nil {
		return err
	}
	if len(readers.all) == 0 {
		return h.resume(t, locales.MailNobody())
	}
	w, err := h.Storage.WishOf(ctx, t.From)
	if err != nil {
		return fmt.Errorf("how somebody wants to be told: %w", err)
	}
	line, err := h.mail(ctx, t, &w)
	if errors.Is(err, dauys.ErrConflict) {
		line, err = locales.MailAgain(), nil
	}
	if err != nil {
		return err
	}
	return h.resume(t, line)
}

// mail does what the command says, and tells what has come of it.
func (h *Handlers) mail(ctx context.Context, t *Turn, w *notices.Wish) (ask.Line, error) {
	typed, asked, now := strings.TrimSpace(t.Arg), w.Asked, h.Now()
	address, ok := h.Mail.Address(typed)
	switch {
	case typed == "" && w.Mail != "":
		return locales.MailIs(w.Mail), nil
	case typed == "":
		return locales.MailHow(), nil
	case strings.EqualFold(typed, "off"):
		w.Mail, w.Asked = "", spent(asked)
		return locales.MailOff(), h.saveMail(ctx, *w)
	case ok:
		return h.mailCode(ctx, t, w, address)
	case asked == nil || now.Sub(asked.At) > mailCodeLife || asked.Tries >= mailTries:
		return locales.MailHow(), nil
	case subtle.ConstantTimeCompare([]byte(typed), []byte(asked.Code)) != 1:
		asked.Tries++
		return locales.MailWrong(), h.saveMail(ctx, *w)
	}
	w.Mail = asked.Address
	w.Asked = spent(asked)
	return locales.MailIs(w.Mail), h.saveMail(ctx, *w)
}

// spent is a code that is good no more. That it was sent still counts.
func spent(a *notices.AskedMail) *notices.AskedMail {
	if a != nil {
		a.Address, a.Code, a.Cause, a.Tries = "", "", "", mailTries
	}
	return a
}

// mailCode sends a code to an address. The same update sends the same code.
func (h *Handlers) mailCode(ctx context.Context, t *Turn, w *notices.Wish, address string) (ask.Line, error) {
	now := h.Now()
	if w.Asked == nil || w.Asked.Cause != t.Update {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return ask.Line{}, fmt.Errorf("make a code: %w", err)
		}
		fresh := notices.AskedMail{Address: address, Code: fmt.Sprintf("%06d", n), Cause: t.Update, At: now, Codes: 1}
		if w.Asked != nil && now.Sub(w.Asked.At) < mailEvery {
			fresh.Codes += w.Asked.Codes
		}
		if fresh.Codes > mailCodes {
			return locales.MailTooOften(), nil
		}
		w.Asked = &fresh
		if err := h.saveMail(ctx, *w); err != nil {
			return ask.Line{}, err
		}
	}
	if err := h.Mail.Send(ctx, address, h.Book.Plain(t.Lang(), locales.MailCodeSubject()), h.Book.Plain(t.Lang(), locales.MailCode(w.Asked.Code))); err != nil {
		h.Log.Warn("a code could not be mailed", "error", err)
		return locales.MailFailed(), nil
	}
	return locales.MailSent(address), nil
}

func (h *Handlers) saveMail(ctx context.Context, w notices.Wish) error {
	if err := h.Storage.SaveWish(ctx, w); err != nil {
		return fmt.Errorf("keep an address of mail: %w", err)
	}
	return nil
}

// MailNews tells those by mail to whom the messenger cannot write, that news wait: once a day at most, and
// only those who have asked for it.
func (h *Handlers) MailNews(ctx context.Context) error {
	lost, err := h.Storage.LostReaders(ctx, mostLost)
	if err != nil {
		return fmt.Errorf("who cannot be reached: %w", err)
	}
	var accounts []dauys.Address
	for _, l := range lost {
		if l.News > 0 {
			accounts = append(accounts, l.Who)
		}
	}
	wishes, err := h.Storage.Wishes(ctx, accounts)
	if err != nil {
		return fmt.Errorf("how people want to be told: %w", err)
	}
	var failed error
	for _, who := range accounts {
		if w := wishes[who]; w.Mail != "" && ctx.Err() == nil {
			failed = errors.Join(failed, h.mailTo(ctx, who, w.Mail))
		}
	}
	return failed
}

// mailTo sends one such letter, if there is anything of which none has told.
func (h *Handlers) mailTo(ctx context.Context, who dauys.Address, address string) error {
	now := h.Now()
	newest, err := h.Storage.MailDue(ctx, who, now, now.Add(-mailEvery))
	if err != nil || newest == 0 {
		return err
	}
	readers, err := h.newsReaders(ctx, who)
	if err != nil || len(readers.all) == 0 { // the account is nobody's any more
		return err
	}
	l := readers.all[0].lang
	if err := h.Mail.Send(ctx, address, h.Book.Plain(l, locales.MailNewsSubject()), h.Book.Plain(l, locales.MailNews(h.Link("")))); err != nil {
		if e, ok := errors.AsType[*textproto.Error](err); ok && e.Code >= 500 { // for good: once a day is enough
			return errors.Join(err, h.Storage.MailSent(ctx, who, newest, now))
		}
		return fmt.Errorf("tell by mail that there is news: %w", err) // it is tried again
	}
	if err := h.Storage.MailSent(ctx, who, newest, now); err != nil {
		return fmt.Errorf("note a letter: %w", err)
	}
	return nil
}
