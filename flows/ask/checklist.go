package ask

import (
	"slices"
	"strconv"
)

// mostPerItem is how many files one item of a list takes.
const mostPerItem = 5

// items are those of a list now. With words of its own, a list has all of them unless some are
// handed in.
func (st Step) items(s Session) (items []string) {
	key := st.Key
	if st.Of != "" {
		key += ":" + s.Value(st.Of)
	}
	given, handed := s.Given[key]
	all := slices.Concat(st.Options, given)
	if st.Names == "" && (handed || st.Of != "") {
		all = slices.DeleteFunc(slices.Clone(given), func(id string) bool { return !slices.Contains(st.Options, id) })
	} else if st.Names == "" {
		all = st.Options
	}
	for _, id := range all {
		if id != "" && !slices.Contains(items, id) {
			items = append(items, id)
		}
	}
	return items
}

// filesFor are the files of an item; those of an empty one were sent for none.
func (a Answer) filesFor(item string) (files []File) {
	for _, f := range a.Files {
		if f.Item == item {
			files = append(files, f)
		}
	}
	return files
}

// Missing are the items of a list that are not there yet, when its question is done or skipped.
func (s Session) Missing(key string) []string { return s.Answers[key].Later }

// listed tells whether an answer speaks of all items that there are now, and of no others.
func (st Step) listed(a Answer, s Session) bool {
	items := st.items(s)
	other := func(id string) bool { return !slices.Contains(items, id) }
	if slices.ContainsFunc(a.Later, other) || slices.ContainsFunc(a.Files, func(f File) bool { return f.Item != "" && other(f.Item) }) {
		return false
	}
	return !slices.ContainsFunc(items, func(id string) bool { return !slices.Contains(a.Later, id) && len(a.filesFor(id)) == 0 })
}

// open are the items of which nothing is said yet.
func (st Step) open(a Answer, s Session) []string {
	return slices.DeleteFunc(st.items(s), func(id string) bool { return slices.Contains(a.Later, id) || len(a.filesFor(id)) > 0 })
}

// listing is a list as it is so far: what was begun, or else the answer that stands. Files for what is not
// on the list any more are for none of the items.
func (st Step) listing(s Session) Answer {
	a, begun := s.Parts[st.Key]
	if !begun {
		a = s.Answers[st.Key]
	}
	if a.Skipped {
		a = Answer{}
	}
	items := st.items(s)
	a.Files, a.Later = slices.Clone(a.Files), slices.Clone(a.Later)
	for i, f := range a.Files {
		if !slices.Contains(items, f.Item) {
			a.Files[i].Item = ""
		}
	}
	a.Later = slices.DeleteFunc(a.Later, func(id string) bool { return !slices.Contains(items, id) })
	if !slices.Contains(items, a.Item) {
		a.Item = ""
	}
	return a
}

// begin goes on with an answer that does not hold any more, because other items are asked for now.
func (st Step) begin(s Session, a Answer) Session {
	if _, begun := s.Parts[st.Key]; begun || len(a.Files) == 0 {
		return s
	}
	return s.part(st.Key, a)
}

// pick opens the item at a place. Files that were sent for none go there, as many as fit.
func (st Step) pick(s Session, place string) (Session, []Line) {
	a := st.listing(s)
	i, _ := strconv.Atoi(place)
	item := st.items(s)[i-1]
	a.Item = item
	n := len(a.filesFor(item))
	var problems []Line
	var files []File
	for _, f := range a.Files {
		switch {
		case f.Item != "":
		case slices.ContainsFunc(a.filesFor(item), func(x File) bool { return x.Ref == f.Ref }):
			continue
		case n >= st.Max:
			problems = append(problems, st.full(f))
		default:
			f.Item = item
			n++
		}
		files = append(files, f)
	}
	if a.Files = files; n > 0 {
		a.Later = without(a.Later, item)
	}
	return s.part(st.Key, a), problems
}

// gather takes a file: for the open item, for that of its album, or for the only one of which nothing is said
// yet. Where it is not known for which, it waits until an item is picked.
func (st Step) gather(s Session, file File) (Session, []Line) {
	a := st.listing(s)
	item, items := a.Item, st.items(s)
	of := slices.IndexFunc(a.Files, func(f File) bool { return file.Album != "" && f.Album == file.Album })
	switch open := st.open(a, s); {
	case of >= 0:
		item = a.Files[of].Item
	case item != "":
	case len(a.filesFor("")) > 0: // they wait as well
	case len(items) == 1:
		item = items[0]
	case len(open) == 1:
		item = open[0]
	}
	if a.Item == "" && s.Asked == st.Key { // what follows belongs there, too
		a.Item = item
	}
	switch {
	case file.Size > MaxFile:
		return s, []Line{file.large()}
	case slices.ContainsFunc(a.filesFor(item), func(f File) bool { return f.Ref == file.Ref }):
		return s, nil
	case len(a.filesFor(item)) >= st.Max:
		return s, []Line{st.full(file)}
	}
	file.Item = item
	a.Files, a.Later = append(a.Files, file), without(a.Later, item)
	return s.part(st.Key, a), nil
}

// full says that one item has as many files as it can.
func (st Step) full(file File) Line {
	return Line{Key: "ask.files.many", Args: Args{"Count": st.Max, "Name": file.called()}}
}

// later puts the open item off.
func (st Step) later(s Session) Session {
	a := st.listing(s)
	a.Later, a.Item = append(without(a.Later, a.Item), a.Item), ""
	return s.part(st.Key, a)
}

// cleared forgets the files of the open item, or those that were sent for none.
func (st Step) cleared(s Session) Session {
	a := st.listing(s)
	a.Files = slices.DeleteFunc(a.Files, func(f File) bool { return f.Item == a.Item })
	return s.part(st.Key, a)
}

// checked goes back to the list, or ends it: what is not there comes later.
func (f Flow) checked(s Session, st Step) Session {
	a := st.listing(s)
	if a.Item != "" {
		a.Item = ""
		return s.part(st.Key, a)
	}
	done := Answer{Files: a.Files}
	for _, id := range st.items(s) {
		if len(a.filesFor(id)) == 0 {
			done.Later = append(done.Later, id)
		}
	}
	return f.forward(s.with(st.Key, done))
}

// list shows a list with its marks, or one item of it.
func (f Flow) list(s Session, st Step, v *View) {
	a := st.listing(s)
	was, answered := s.Answers[st.Key]
	_, begun := s.Parts[st.Key]
	if a.Item != "" {
		n, name := len(a.filesFor(a.Item)), f.label(st, a.Item)
		if n == 0 {
			v.line("ask.checklist.send", Args{"Name": name, "Count": st.Max, "Max": MaxFile >> 20})
			v.row(verb(Later))
		} else {
			v.line("ask.checklist.noted", Args{"Name": name, "Count": n, "Max": st.Max})
		}
		back := []Option{{Label: Line{Key: "ask.button.list"}, Do: Finish}}
		if n > 0 {
			back = append(back, verb(Clear))
		}
		v.row(back...)
		v.row(verb(Cancel))
		return
	}
	if !begun {
		v.Notices = st.Before
	}
	v.line(f.at(st)+"."+st.Key+".ask", nil)
	f.marks(s, st, a, v)
	for i, id := range st.items(s) { // by its place: an id may be too long for a button
		v.row(Option{Label: f.label(st, id), Do: Pick, Value: strconv.Itoa(i + 1)})
	}
	ends := []Option{verb(Finish)}
	if n := len(a.filesFor("")); n > 0 {
		v.line("ask.checklist.which", Args{"Count": n})
		ends = append(ends, verb(Clear))
	}
	v.row(ends...)
	f.ways(s, st.Skip && !begun && (!answered || was.Skipped), v)
}

// marks are the items of a list, each with what there is of it.
func (f Flow) marks(s Session, st Step, a Answer, v *View) {
	for i, id := range st.items(s) {
		mark := Line{Key: "ask.checklist.mark.none"}
		if n := len(a.filesFor(id)); n > 0 {
			mark = Line{Key: "ask.checklist.mark.sent", Args: Args{"Files": Line{Key: "ask.files.count", Args: Args{"Count": n}}}}
		} else if slices.Contains(a.Later, id) {
			mark = Line{Key: "ask.checklist.mark.later"}
		}
		v.line("ask.checklist.item", Args{"Place": strconv.Itoa(i + 1), "Name": f.label(st, id), "Mark": mark})
	}
	if n := len(a.filesFor("")); n > 0 && s.Phase == Reviewing {
		v.line("ask.checklist.rest.item", Args{"Files": Line{Key: "ask.files.count", Args: Args{"Count": n}}})
	}
}

// Label is an option of a question, or an item of a list, in words.
func (f Flow) Label(key, option string) Line {
	st, _ := f.step(key)
	return f.label(st, option)
}

func without(list []string, item string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == item })
}
