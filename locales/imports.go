package locales

import (
	"strconv"
	"time"

	"alt.edu.kz/dauys/flows/ask"
)

// What the registrar's office reads of the files that it imports.

// ImportKind is the name of a kind of import.
func ImportKind(kind string) ask.Line { return say("import.kind." + kind) }

// ImportHead stands above the report of an import.
func ImportHead(kind, file string) ask.Line {
	return say("import.head", "Kind", ImportKind(kind), "File", file)
}

// ImportCounts are how much of what is in an import. What there is none of is left out.
func ImportCounts(rows, fresh, changed, gone, same, flawed int) (lines []ask.Line) {
	if rows == 0 { // the file is no table, or not of this kind
		return nil
	}
	lines = append(lines, say("import.rows.item", "N", rows))
	if fresh > 0 {
		lines = append(lines, say("import.new.item", "N", fresh))
	}
	if changed > 0 {
		lines = append(lines, say("import.changed.item", "N", changed))
	}
	if gone > 0 {
		lines = append(lines, say("import.gone.item", "N", gone))
	}
	if same > 0 {
		lines = append(lines, say("import.same.item", "N", same))
	}
	if flawed > 0 {
		lines = append(lines, say("import.flawed.item", "N", flawed))
	}
	return lines
}

// ImportBaseline says that nobody is told of the first import of a kind.
func ImportBaseline() ask.Line { return say("import.baseline") }

// ImportManyGone asks whether the file is whole.
func ImportManyGone() ask.Line { return say("import.many-gone") }

// ImportNothing says that a file changes nothing.
func ImportNothing() ask.Line { return say("import.nothing") }

// ImportRefused says what to do with a file that has mistakes.
func ImportRefused() ask.Line { return say("import.refused") }

// ImportMore says how many lines of a list are left out.
func ImportMore(n int) ask.Line { return say("import.more.item", "N", n) }

// ImportExamples stands above some changes.
func ImportExamples() ask.Line { return say("import.examples") }

// ImportChange is a change: from nothing it is new, to nothing it is gone.
func ImportChange(key, was, now string) ask.Line {
	switch {
	case was == "":
		return say("import.added.item", "Key", key, "Now", now)
	case now == "":
		return say("import.removed.item", "Key", key, "Was", was)
	}
	return say("import.altered.item", "Key", key, "Was", was, "Now", now)
}

// ImportFlaw is something wrong with a row, or with the file in row 0.
func ImportFlaw(row int, column, code, value string) ask.Line {
	what, at := ImportWrong(code), strconv.Itoa(row)
	switch {
	case row == 0 && value == "":
		return say("import.at-file.item", "What", what)
	case row == 0:
		return say("import.at-file-value.item", "What", what, "Value", value)
	case column == "" && value == "":
		return say("import.at-row.item", "Row", at, "What", what)
	case column == "":
		return say("import.at-row-value.item", "Row", at, "What", what, "Value", value)
	case value == "":
		return say("import.at-cell.item", "Row", at, "Column", column, "What", what)
	}
	return say("import.at-cell-value.item", "Row", at, "Column", column, "What", what, "Value", value)
}

// ImportWrong is what a code says.
func ImportWrong(code string) ask.Line { return say("import.flaw." + code) }

// ImportNote is something worth knowing of a file.
func ImportNote(code, value string, n int) ask.Line {
	switch code {
	case "left-out":
		return say("import.note.left-out.item", "N", n)
	case "hidden-rows":
		return say("import.note.hidden-rows.item", "N", n)
	case "unknown-people":
		return say("import.note.unknown-people.item", "Value", value)
	case "from-title":
		return say("import.note.from-title.item", "Value", value)
	case "other-sheets":
		return say("import.note.other-sheets.item", "Value", value)
	case "lost-columns":
		return say("import.note.lost-columns.item", "Value", value)
	case "fewer-rows":
		return say("import.note.fewer-rows.item", "Value", value)
	}
	return say("import.note.unread-columns.item", "Value", value)
}

// ImportSame says that the file is the one that was published last.
func ImportSame(at time.Time) ask.Line { return say("import.same-file", "Date", at) }

// ImportPublished says that an import holds.
func ImportPublished() ask.Line { return say("import.published") }

// ImportDropped says that it never will.
func ImportDropped() ask.Line { return say("import.dropped") }

// ImportUndone says that it does no longer.
func ImportUndone() ask.Line { return say("import.undone") }

// ImportConflict says that another one came between.
func ImportConflict() ask.Line { return say("import.conflict") }

// ImportNone says that there are no imports.
func ImportNone() ask.Line { return say("import.none") }

// ImportNoUndo says that no import can be undone.
func ImportNoUndo() ask.Line { return say("import.no-undo") }

// ImportList stands above the last imports.
func ImportList() ask.Line { return say("import.list") }

// ImportItem is one of them.
func ImportItem(at time.Time, kind, file, state string, fresh, changed, gone int) ask.Line {
	return say("import.one.item", "Date", at, "Kind", ImportKind(kind), "File", file, "State", ImportState(state), "New", fresh, "Changed", changed, "Gone", gone)
}

// ImportState is how far an import is.
func ImportState(state string) ask.Line { return say("import.state." + state) }

// ImportWhat is what a line of the report is about: a flaw, or what happens to an entry.
func ImportWhat(what string) ask.Line { return say("import.what." + what) }

// ImportColumn is a column of the report as a table.
func ImportColumn(name string) ask.Line { return say("import.column." + name) }

// ImportSheet is the name of that table.
func ImportSheet() ask.Line { return say("import.sheet") }

// ImportSure asks whether to publish an import, on the command line.
func ImportSure() ask.Line { return say("import.sure") }

// ImportDry says that nothing was published.
func ImportDry() ask.Line { return say("import.dry") }

// ImportWritten says where the whole report is.
func ImportWritten(file string) ask.Line { return say("import.written", "File", file) }

// ImportWhich asks what is in a file.
func ImportWhich(file string) ask.Line { return say("import.which", "File", file) }

// ImportReading says that a file is being read.
func ImportReading(kind, file string) ask.Line {
	return say("import.reading", "Kind", ImportKind(kind), "File", file)
}

// ImportLost says that a file could not be fetched from the messenger.
func ImportLost(file string) ask.Line { return say("import.lost", "File", file) }

// ImportBig says that a file is too large for the messenger.
func ImportBig(file string) ask.Line { return say("import.big", "File", file) }

// ImportBroke says that reading a file has failed, which is not the fault of the file.
func ImportBroke(file string) ask.Line { return say("import.broke", "File", file) }

// ImportWaits asks whether to publish an import.
func ImportWaits() ask.Line { return say("import.waits") }

// ImportSecond says that another person than who has sent the file publishes it.
func ImportSecond() ask.Line { return say("import.second") }

// ImportBy says who has published, dropped or undone an import.
func ImportBy(state, kind, file, name string) ask.Line {
	switch state {
	case "dropped":
		return say("import.by.dropped", "Kind", ImportKind(kind), "File", file, "Name", name)
	case "undone":
		return say("import.by.undone", "Kind", ImportKind(kind), "File", file, "Name", name)
	}
	return say("import.by.published", "Kind", ImportKind(kind), "File", file, "Name", name)
}

// ImportUndoSure asks before an import is undone.
func ImportUndoSure(kind, file string) ask.Line {
	return say("import.undo-sure", "Kind", ImportKind(kind), "File", file)
}

// ImportAct is a button.
func ImportAct(act string) ask.Line { return say("import.act." + act) }

// ImportLeft says that a file is left alone.
func ImportLeft() ask.Line { return say("import.left") }

// ImportFile is the name of the file with the whole report.
func ImportFile(kind string) ask.Line { return say("import.file", "Kind", ImportKind(kind)) }

// ImportHow says how a file is sent in the chat.
func ImportHow() ask.Line { return say("import.how") }
