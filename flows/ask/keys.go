package ask

// Keys lists the messages that a flow needs besides those that every flow needs: questions,
// names of answers, options, hints.
func (f Flow) Keys() []string {
	keys := []string{f.Name + ".review"}
	for _, s := range f.Steps {
		at := f.at(s) + "." + s.Key + "."
		keys = append(keys, at+"ask")
		if !s.Hidden {
			keys = append(keys, at+"name")
		}
		if s.Needs != "" {
			keys = append(keys, at+"needed")
		}
		if s.Type == TypeText && s.Min > 1 { // of one character there is never too little
			keys = append(keys, at+"hint")
		}
		if s.Type == TypeSecret {
			keys = append(keys, at+"wrong")
		}
		for _, o := range s.Options {
			keys = append(keys, at+o)
		}
	}
	return keys
}

// Keys lists the messages that every flow needs.
func Keys() []string {
	keys := []string{
		"ask.stale", "ask.choose", "ask.review.choose", "ask.review.item", "ask.review.foot",
		"ask.strange.choice", "ask.strange.text", "ask.strange.files",
		"ask.text.empty", "ask.text.short", "ask.text.long", "ask.text.noted", "ask.text.now",
		"ask.file.early", "ask.file.large", "ask.files.text", "ask.files.many", "ask.files.noted", "ask.files.cleared", "ask.files.now", "ask.files.count",
		"ask.spoken.noted", "ask.spoken.now", "ask.spoken.count", "ask.spoken.many", "ask.phone.wrong", "ask.strange.phone", "ask.amended",
		"ask.strange.secret", "ask.strange.date", "ask.date.wrong", "ask.date.early", "ask.date.late", "ask.value.now",
		"ask.strange.number", "ask.number.wrong", "ask.number.whole", "ask.number.fine", "ask.number.range",
		"ask.strange.checklist", "ask.checklist.choose", "ask.checklist.item", "ask.checklist.rest.item", "ask.checklist.which", "ask.checklist.send", "ask.checklist.noted",
		"ask.checklist.mark.sent", "ask.checklist.mark.later", "ask.checklist.mark.none",
		"ask.button.today", "ask.button.yesterday", "ask.button.list",
		"ask.leaving", "ask.sending", "ask.done", "ask.cancelled", "ask.now", "ask.skipped", "ask.named",
		"ask.button.keep", "ask.button.suggestion", "ask.button.edit", "ask.button.unsay", "ask.button.empty",
	}
	for _, kind := range []string{"photo", "document", "video", "voice", "audio", "video_note", "location"} {
		keys = append(keys, "ask.kind."+kind)
	}
	for _, do := range []Do{Back, Skip, Finish, Clear, Later, Send, Cancel, Leave, Stay} {
		keys = append(keys, "ask.button."+string(do))
	}
	return keys
}
