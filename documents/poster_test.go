package documents

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

func poster(t *testing.T) Poster {
	t.Helper()
	link := "https://t.me/alt_dauys_bot?start=q_reception_door"
	code, err := QR(link)
	if err != nil {
		t.Fatal(err)
	}
	return Poster{Made: time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC), Code: code, Link: strings.TrimPrefix(link, "https://"), Author: "ALT", Parts: []PosterPart{
		{dauys.Kazakh, "Қоғамдық қабылдау бөлмесі", "Қабылдау уақыты: 09:00–17:00. Үзіліс: 13:00–14:00", "Телефон камерасын осы кодқа бағыттаңыз. Бот нөмір береді, алдыңызда қанша адам барын айтады және кезегіңіз келгенде шақырады. Телефоныңыз болмаса, нөмірді қызметкерден сұраңыз. Жеке басыңызды куәландыратын құжатты дайындап қойыңыз."},
		{dauys.Russian, "Общественная приёмная", "Часы приёма: 09:00–17:00. Перерыв: 13:00–14:00", "Наведите камеру телефона на код. Бот даст номер, покажет, сколько человек перед Вами, и позовёт Вас. Если телефона нет, попросите номер у сотрудника. Приготовьте документ, удостоверяющий личность."},
		{dauys.English, "Public Reception Office", "Reception hours: 09:00–17:00. Break: 13:00–14:00", "Point your phone's camera at the code. The bot gives you a number, shows how many people are ahead of you and calls you. No phone? Ask the officer for a number. Please have an identity document ready."},
	}}
}

// A code is a square picture that is the same for the same link; a poster is one page, and the same
// bytes for the same words.
func TestPoster(t *testing.T) {
	p := poster(t)
	img, err := png.Decode(bytes.NewReader(p.Code))
	if err != nil || img.Bounds().Dx() != codeSide || img.Bounds().Dy() != codeSide {
		t.Errorf("the code is %v: %v", img.Bounds(), err)
	}
	first, err := PosterPDF(p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := PosterPDF(poster(t))
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("the same poster has other bytes: %v", err)
	}
	if n := bytes.Count(first, []byte("/Type /Page\n")); n != 1 {
		t.Errorf("the poster has %d pages", n)
	}
	if where := os.Getenv("KEEP_PAPERS"); where != "" { // to look at them
		for name, data := range map[string][]byte{"poster.pdf": first, "code.png": p.Code} {
			if err := os.WriteFile(filepath.Join(where, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.Parts[1].How = strings.Repeat(p.Parts[1].How, 4)
	if _, err := PosterPDF(p); err == nil || !strings.Contains(err.Error(), "fit") {
		t.Errorf("words that do not fit: %v", err)
	}
	if _, err := PosterPDF(Poster{}); err == nil {
		t.Error("an empty poster")
	}
	if _, err := QR(strings.Repeat("x", 5000)); err == nil {
		t.Error("a code for too much")
	}
}
