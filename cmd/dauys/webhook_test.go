package main

import (
	"net"
	"testing"
)

// TestPlayByWebhook plays the main job with Telegram bringing the updates: not a word differs
// from what it is when the bot asks for them.
func TestPlayByWebhook(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			address := l.Addr().String()
			if err := l.Close(); err != nil { // the bot listens there in a moment
				t.Fatal(err)
			}
			env := append(pair.env(t), "TELEGRAM_MODE=webhook", "LISTEN_ADDR="+address, "WEBHOOK_URL=http://"+address, "WEBHOOK_SECRET=only-for-this-test")
			play(t, "testdata/plays/answer-kk.txt", env)
		})
	}
}
