package telegram

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	tg "github.com/go-telegram/bot"
)

// WebhookPath is where Telegram's updates are received on our server.
const WebhookPath = "/telegram"

// maxUpdate is the largest update that is read; Telegram drops those over 64 KB itself.
const maxUpdate = 128 << 10

// Webhook receives updates that Telegram brings. It answers 200 when the effects of an
// update are stored, and asks for it again (503) only when nothing can be stored: an
// update that keeps being refused holds up everybody's. Without the secret nothing is read.
func (t *Telegram) Webhook(intake Intake, secret string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
		if secret == "" || subtle.ConstantTimeCompare([]byte(given), []byte(secret)) != 1 || len(r.Header.Values("X-Telegram-Bot-Api-Secret-Token")) != 1 {
			http.Error(w, "", http.StatusUnauthorized)
			return
		}
		if r.Method != http.MethodPost {
			http.Error(w, "", http.StatusMethodNotAllowed)
			return
		}
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
		if err != nil {
			status := http.StatusBadRequest
			if _, large := errors.AsType[*http.MaxBytesError](err); large {
				status = http.StatusRequestEntityTooLarge
			}
			http.Error(w, "", status)
			return
		}
		// The effects are stored to the end even if Telegram hangs up meanwhile.
		if _, err := t.handle(context.WithoutCancel(r.Context()), intake, intake.Handle, t.sort([]json.RawMessage{raw}).lines); err != nil {
			t.log.Error("update waits: its effects cannot be stored", "error", err)
			w.Header().Set("Retry-After", "5")
			http.Error(w, "", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusOK)
	})
}

// Hook tells Telegram where to bring updates, with the secret that proves them to be its.
// What waits in its queue is kept.
func (t *Telegram) Hook(ctx context.Context, address, secret string) error {
	_, err := t.api.SetWebhook(ctx, &tg.SetWebhookParams{
		URL: strings.TrimSuffix(address, "/") + WebhookPath, SecretToken: secret, AllowedUpdates: received, MaxConnections: 40,
	})
	return t.client.redact(err)
}
