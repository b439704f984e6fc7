package registrar

import (
	"slices"
	"strings"
)

// Kind is a kind of import, and of the entries that it brings. It is what is typed after
// "dauys import" and the name of the file in a sample.
type Kind string

// The kinds.
const (
	Roster      Kind = "roster"      // students
	Employees   Kind = "employees"   // advisors, teachers, administration
	Groups      Kind = "groups"      // academic groups with their advisors
	Disciplines Kind = "disciplines" // the catalogue
	Curricula   Kind = "curricula"   // which disciplines a programme has, by semester
	Electives   Kind = "electives"   // which of them can be chosen, and until when
	Load        Kind = "load"        // who teaches what to whom
	Calendar    Kind = "calendar"    // the academic calendar
	Plans       Kind = "plans"       // individual plans: for what a student is registered
	Exams       Kind = "exams"       // the timetable
	Controls    Kind = "controls"    // forms of final control
	Marks       Kind = "marks"
	Sheets      Kind = "sheets" // grade sheets, open and closed
	Orders      Kind = "orders"
	Comparisons Kind = "comparisons" // sheets that say which disciplines have to be made up after a move
	Debts       Kind = "debts"       // academic debts and the summer semester
	Theses      Kind = "theses"      // topics, defences, final certification
)

// Type is how the words of a column are read.
type Type string

// The types of columns.
const (
	Text    Type = "text"
	Number  Type = "number"  // of a student, an employee, a discipline: letters and digits as they are, spaces off
	IIN     Type = "iin"     // twelve digits with a right check digit; leading zeros that a spreadsheet has eaten come back
	Whole   Type = "whole"   // 0 and up
	Decimal Type = "decimal" // two places at most
	Percent Type = "percent" // 0 to 100, two places at most
	Letter  Type = "letter"  // of the scale of grades; Cyrillic А, В, С and all kinds of minus are understood
	Date    Type = "date"    // 20.01.2026, 2026-01-20, a day number of a spreadsheet
	Moment  Type = "moment"  // a date with a time
	Years   Type = "years"   // an academic year, 2025-2026
	Term    Type = "term"    // 1, 2, or 3 for the summer semester
	Choice  Type = "choice"
	Score   Type = "score" // a percent, or what stands for none: absent, not admitted
	YesNo   Type = "yesno"
)

// Column is one value of a kind.
type Column struct {
	Name     string   // the canonical head, in English
	Also     []string // heads in Kazakh, Russian and English, folded as [fold] does
	Type     Type
	Required bool
	Key      bool // part of what makes the entry this one
	Choices  []Option
	// Spread: the column is one of several that stand side by side instead of rows below each other, as in
	// the journal of Platonus. Its value goes into the column Score of an entry of its own, with this word
	// in the column Control.
	Spread string
}

// Option is a word of a choice, with how else it is written.
type Option struct {
	Word string
	Also []string
}

// Layout is what a kind of import looks like.
type Layout struct {
	Kind    Kind
	Columns []Column
	Owner   func(Fields) string
	Other   func(Fields) string // nil: none
	// Scope is what a file has to be whole in: an entry of the same scope that it lacks is gone. nil: the
	// file is everything there is of the kind.
	Scope func(Fields) string
	// Anew: nothing is gone because a file lacks it. What ends says so itself (orders, calendars of other years).
	Anew bool
}

// Column is the column of a name; nil: there is none.
func (l *Layout) Column(name string) *Column {
	if i := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Name == name }); i >= 0 {
		return &l.Columns[i]
	}
	return nil
}

// KindNames are the kinds in the order in which they are best imported: who is referred to stands first.
func KindNames() (all []Kind) {
	for _, l := range Layouts {
		all = append(all, l.Kind)
	}
	return all
}

// LayoutOf is the layout of a kind; ok is false when there is no such kind.
func LayoutOf(k Kind) (l *Layout, ok bool) {
	i := slices.IndexFunc(Layouts, func(l Layout) bool { return l.Kind == k })
	if i < 0 {
		return nil, false
	}
	return &Layouts[i], true
}

// EntryOf is the entry that values in canonical form make. The kind must be one of [Layouts].
func EntryOf(k Kind, f Fields) Entry {
	l, _ := LayoutOf(k)
	e := Entry{Kind: k, Owner: l.Owner(f), Fields: f}
	var parts []string
	for _, c := range l.Columns {
		if c.Key && c.Spread == "" {
			parts = append(parts, f[c.Name])
		}
	}
	e.Key = strings.Join(parts, "|")
	if l.Other != nil {
		e.Other = l.Other(f)
	}
	if l.Scope != nil {
		e.Scope = l.Scope(f)
	}
	return e
}

// Columns that several kinds have.
var (
	student = Column{Name: "student", Type: Number, Also: words("student id, student number, id студента, номер студента, студенттің нөмірі, студент нөмірі, номер зачетной книжки, сынақ кітапшасының нөмірі, id обучающегося")}
	iin     = Column{Name: "iin", Type: IIN, Also: words("иин, жсн, жеке сәйкестендіру нөмірі, индивидуальный идентификационный номер")}
	name    = Column{Name: "name", Type: Text, Also: words("full name, фио, ф.и.о., ф.и.о. студента, фио студента, фио обучающегося, аты-жөні, т.а.ә., студент, обучающийся, білім алушы")}
	group   = Column{Name: "group", Type: Text, Also: words("academic group, группа, академическая группа, топ, академиялық топ")}
	prog    = Column{Name: "programme", Type: Number, Also: words("programme code, program, program code, код оп, шифр оп, образовательная программа, ббб коды, білім беру бағдарламасы, оп, ббб")}
	years   = Column{Name: "year", Type: Years, Also: words("academic year, учебный год, оқу жылы")}
	term    = Column{Name: "semester", Type: Term, Also: words("term, семестр, академический период, академиялық кезең")}
	course  = Column{Name: "discipline", Type: Number, Also: words("discipline code, course, course code, код дисциплины, шифр дисциплины, пән коды")}
	title   = Column{Name: "title", Type: Text, Also: words("discipline name, course name, дисциплина, наименование дисциплины, название дисциплины, пән, пән атауы, пәннің атауы")}
	credits = Column{Name: "credits", Type: Decimal, Also: words("ects, кредиты, количество кредитов, кредит саны, кредиттер, академические кредиты, академиялық кредиттер")}
	teacher = Column{Name: "teacher", Type: Number, Also: words("teacher id, employee, employee id, преподаватель, номер преподавателя, табельный номер преподавателя, оқытушы, оқытушының нөмірі")}
	sheet   = Column{Name: "sheet", Type: Text, Also: words("sheet number, номер ведомости, ведомость, ведомость нөмірі, тізімдеме нөмірі, емтихан ведомосінің нөмірі")}
	note    = Column{Name: "note", Type: Text, Also: words("notes, comment, примечание, ескерту, ескертпе")}
	control = Column{Name: "control", Type: Choice, Also: words("kind, kind of control, mark kind, вид контроля, бақылау түрі, тип оценки"), Choices: Marked}
	form    = Column{Name: "form", Type: Choice, Also: words("form of control, форма контроля, форма экзамена, бақылау нысаны, емтихан нысаны"), Choices: Forms}
	from    = Column{Name: "from", Type: Date, Also: words("start, start date, дата начала, начало, с, басталу күні, басталуы")}
	until   = Column{Name: "until", Type: Date, Also: words("to, end, end date, дата окончания, окончание, по, аяқталу күні, аяқталуы")}
	by      = Column{Name: "until", Type: Date, Also: words("deadline, due, срок, до, мерзімі, соңғы мерзім")}
)

// Marked are the kinds of marks. Those without a rating of the exam come before it.
var Marked = []Option{
	{"tc1", words("тк1, тк1 общ., ағымдағы бақылау 1, аб1, текущий контроль 1, tc 1")},
	{"rc1", words("рк1, рубежный контроль 1, аралық бақылау 1, шекаралық бақылау 1, рейтингтік бақылау 1, рб1, rc 1")},
	{"r1", words("р1, рейтинг 1")},
	{"tc2", words("тк2, тк2 общ., ағымдағы бақылау 2, аб2, текущий контроль 2, tc 2")},
	{"rc2", words("рк2, рубежный контроль 2, аралық бақылау 2, шекаралық бақылау 2, рейтингтік бақылау 2, рб2, rc 2")},
	{"r2", words("р2, рейтинг 2")},
	{"paper", words("course paper, курсовая работа, оценка за курсовую работу, курстық жұмыс")},
	{"practice", words("практика, практика бағасы, тәжірибе")},
	{"research", words("исследоват. работа, исследовательская работа, зерттеу жұмысы")},
	{"admission", words("ar, admission rating, рейтинг допуска, рд, жіберу рейтингі, рұқсат рейтингі")},
	{"exam", words("экзамен, итоговый контроль, итоговый контроль (экзамен), емтихан, қорытынды бақылау")},
	{"final", words("итоговая оценка, итоговая оценка / %, итог, қорытынды баға")},
}

// Forms are how an exam is held.
var Forms = []Option{
	{"oral", words("устно, устный, ауызша")},
	{"written", words("письменно, письменный, жазбаша")},
	{"test", words("тест, тестирование, тестілеу, компьютерное тестирование, компьютерлік тестілеу")},
	{"project", words("проект, защита проекта, жоба, жобаны қорғау")},
	{"paper", words("курсовая работа, курстық жұмыс")},
	{"combined", words("комбинированный, комбинированно, аралас")},
}

// OrderKinds are the kinds of orders about students.
var OrderKinds = []Option{
	{"enrolment", words("зачисление, о зачислении, оқуға қабылдау, қабылдау, enrollment")},
	{"expulsion", words("отчисление, об отчислении, оқудан шығару")},
	{"reinstatement", words("восстановление, о восстановлении, қайта қабылдау")},
	{"transfer-out", words("перевод в другой вуз, басқа жоо-ға ауысу, transfer to another university")},
	{"transfer-in", words("перевод из другого вуза, басқа жоо-дан ауысу, transfer from another university")},
	{"transfer-programme", words("перевод с оп на оп, перевод на другую оп, бір ббб-дан екіншісіне ауысу, transfer between programmes")},
	{"leave", words("академический отпуск, предоставление академического отпуска, академиялық демалыс, академиялық демалыс беру, academic leave")},
	{"return", words("выход из академического отпуска, академиялық демалыстан оралу, return from leave")},
	{"repeat", words("повторный курс, оставление на повторный курс, қайта оқу курсына қалдыру, қайта оқу курсы, repeat year")},
	{"grant", words("перевод на государственный образовательный грант, перевод на грант, мемлекеттік білім беру грантына ауыстыру, state grant")},
	{"local-budget", words("перевод на обучение за счет местного бюджета, местный бюджет, жергілікті бюджет есебінен оқуға ауыстыру, local budget")},
	{"surname", words("смена фамилии, тегін өзгерту, surname change")},
	{"scholarship", words("назначение государственной стипендии, стипендия, мемлекеттік стипендия тағайындау, шәкіртақы тағайындау, state scholarship")},
	{"scholarship-stop", words("прекращение выплаты стипендии, снятие со стипендии, стипендия төлеуді тоқтату, шәкіртақы төлеуді тоқтату, scholarship stopped")},
	{"travel", words("выплата компенсации за проезд, компенсация за проезд, жол жүру өтемақысын төлеу, жол жүру өтемақысы, travel compensation")},
	{"next-course", words("перевод с курса на курс, курстан курсқа көшіру, transfer to the next course")},
	{"graduation", words("отчисление в связи с завершением обучения, отчисление выпускников, оқуды аяқтауына байланысты оқудан шығару, graduation expulsion, completion")},
	{"control-forms", words("утверждение форм итогового контроля, қорытынды бақылау нысандарын бекіту, forms of final control")},
}

// Layouts are all kinds of import, in the order in which they are best imported.
var Layouts = []Layout{
	{
		Kind: Employees,
		Columns: []Column{
			{Name: "employee", Type: Number, Key: true, Required: true, Also: words("employee id, табельный номер, номер сотрудника, қызметкер нөмірі, табель нөмірі")},
			with(name, required), iin,
			{Name: "role", Type: Choice, Required: true, Also: words("роль, должность, рөлі, лауазымы"), Choices: []Option{
				{"teacher", words("преподаватель, оқытушы")}, {"advisor", words("эдвайзер, куратор, эдвайзер-куратор, эдвайзер, adviser, curator")},
				{"registrar", words("регистратор, офис регистратора, тіркеуші")}, {"administration", words("администрация, әкімшілік, руководство, басшылық")}}},
			{Name: "institute", Type: Text, Also: words("институт, институты")},
			{Name: "department", Type: Text, Also: words("кафедра, кафедрасы")},
		},
		Owner: func(f Fields) string { return OfEmployee(f["employee"]) },
	},
	{
		Kind: Groups,
		Columns: []Column{
			with(group, key, required), with(prog, required),
			{Name: "institute", Type: Text, Also: words("институт, институты")},
			{Name: "course", Type: Whole, Also: words("year of study, курс, оқу курсы")},
			{Name: "advisor", Type: Number, Also: words("advisor id, adviser, эдвайзер, куратор, номер эдвайзера, эдвайзердің нөмірі, куратордың нөмірі")},
		},
		Owner: func(f Fields) string { return OfGroup(f["group"]) },
		Other: func(f Fields) string { return owned("employee", f["advisor"]) },
	},
	{
		Kind: Roster,
		Columns: []Column{
			with(student, key, required), iin, with(name, required),
			{Name: "name_latin", Type: Text, Also: words("name in latin letters, фио латиницей, аты-жөні латынша, name (latin)")},
			{Name: "institute", Type: Text, Also: words("институт, институты")},
			with(prog, required),
			{Name: "programme_title", Type: Text, Also: words("programme name, наименование оп, ббб атауы")},
			{Name: "course", Type: Whole, Also: words("year of study, курс, оқу курсы")},
			with(group, required),
			{Name: "language", Type: Choice, Also: words("language of instruction, язык обучения, оқу тілі"), Choices: []Option{
				{"kk", words("казахский, қазақ, қазақша, kazakh, каз")}, {"ru", words("русский, орыс, орысша, russian, рус")}, {"en", words("английский, ағылшын, ағылшынша, english, анг")}}},
			{Name: "mode", Type: Text, Also: words("form of study, форма обучения, оқу нысаны, оқу түрі")},
			{Name: "basis", Type: Choice, Also: words("основа обучения, форма оплаты, оқу негізі, төлем түрі"), Choices: []Option{
				{"grant", words("грант, государственный грант, мемлекеттік грант")}, {"paid", words("платно, платная, договор, ақылы")}, {"local", words("местный бюджет, жергілікті бюджет")}}},
			{Name: "status", Type: Choice, Also: words("статус, мәртебесі, состояние"), Choices: []Option{
				{"studying", words("обучается, студент, оқиды, оқуда")}, {"leave", words("академический отпуск, в академическом отпуске, академиялық демалыста")},
				{"expelled", words("отчислен, отчислена, оқудан шығарылған")}, {"graduated", words("выпускник, окончил, окончила, бітірген, түлек")}, {"moved", words("переведен, переведён, ауысқан")}}},
			{Name: "email", Type: Text, Also: words("e-mail, mail, почта, эл. почта, электрондық пошта")},
			{Name: "phone", Type: Text, Also: words("телефон, ұялы телефон, мобильный")},
			{Name: "born", Type: Date, Also: words("date of birth, дата рождения, туған күні")},
		},
		Owner: func(f Fields) string { return OfStudent(f["student"]) },
		Other: func(f Fields) string { return owned("group", f["group"]) },
	},
	{
		Kind: Disciplines,
		Columns: []Column{
			with(course, key, required), with(title, required),
			{Name: "title_kk", Type: Text, Also: words("дисциплина (каз), пән атауы (қаз), название на казахском, discipline name (kk)")},
			{Name: "title_ru", Type: Text, Also: words("дисциплина (рус), пән атауы (орыс), название на русском, discipline name (ru)")},
			{Name: "title_en", Type: Text, Also: words("дисциплина (англ), пән атауы (ағыл), название на английском, discipline name (en)")},
			with(credits, required),
			{Name: "department", Type: Text, Also: words("кафедра, кафедрасы")}, form,
		},
		Owner: func(f Fields) string { return OfDiscipline(f["discipline"]) },
	},
	{
		Kind: Curricula,
		Columns: []Column{
			with(prog, key, required),
			{Name: "intake", Type: Whole, Key: true, Also: words("year of admission, год поступления, қабылдау жылы")},
			with(course, key, required), with(term, func(c *Column) { c.Type = Whole }), with(credits, required),
			{Name: "module", Type: Text, Also: words("модуль, модулі")},
			{Name: "component", Type: Text, Also: words("компонент, цикл, компоненті")},
		},
		Owner: func(f Fields) string { return OfProgramme(f["programme"]) },
		Scope: func(f Fields) string { return f["programme"] + "|" + f["intake"] },
	},
	{
		Kind: Electives,
		Columns: []Column{
			with(prog, key, required), with(years, key, required), with(term, key, required), with(course, key, required), credits, teacher,
			{Name: "description", Type: Text, Also: words("описание, сипаттамасы")}, from, until,
		},
		Owner: func(f Fields) string { return OfProgramme(f["programme"]) },
		Scope: func(f Fields) string { return f["programme"] + "|" + f["year"] + "|" + f["semester"] },
	},
	{
		Kind: Load,
		Columns: []Column{
			with(teacher, key, required), with(years, key, required), with(term, key, required), with(course, key, required), with(group, key, required),
			{Name: "type", Type: Text, Key: true, Also: words("вид занятия, вид занятий, сабақ түрі, тип занятия")},
			{Name: "hours", Type: Decimal, Also: words("часы, количество часов, сағат, сағат саны")},
		},
		Owner: func(f Fields) string { return OfEmployee(f["teacher"]) },
		Other: func(f Fields) string { return OfGroup(f["group"]) },
		Scope: func(f Fields) string { return f["year"] + "|" + f["semester"] },
	},
	{
		Kind: Calendar,
		Columns: []Column{
			with(years, key, required),
			{Name: "event", Type: Choice, Key: true, Required: true, Also: words("событие, мероприятие, оқиға, іс-шара"), Choices: []Option{
				{"study", words("теоретическое обучение, теориялық оқу")}, {"rating1", words("рк1, рубежный контроль 1, аралық бақылау 1")}, {"rating2", words("рк2, рубежный контроль 2, аралық бақылау 2")},
				{"exams", words("экзаменационная сессия, сессия, емтихан сессиясы, exam session")}, {"retakes", words("пересдача, пересдача fx, қайта тапсыру, retake")},
				{"break", words("каникулы, демалыс, каникул, vacation")}, {"registration", words("регистрация на дисциплины, запись на дисциплины, пәндерге тіркелу, регистрация")},
				{"summer", words("летний семестр, дополнительный семестр, жазғы семестр")}, {"practice", words("практика, тәжірибе")},
				{"certification", words("итоговая аттестация, қорытынды аттестаттау")}, {"appeals", words("апелляция, апелляция беру")}}},
			with(term, key), with(prog, key),
			{Name: "course", Type: Whole, Key: true, Also: words("year of study, курс, оқу курсы")},
			with(from, required), with(until, required), note,
		},
		Owner: func(f Fields) string { return owned("programme", f["programme"]) },
		Scope: func(f Fields) string { return f["year"] },
	},
	{
		Kind: Plans,
		Columns: []Column{
			with(student, key), with(iin), with(years, key, required), with(term, key, required), with(course, key, required), credits,
			{Name: "component", Type: Text, Also: words("компонент, цикл, компоненті")},
			{Name: "status", Type: Choice, Required: true, Also: words("статус, мәртебесі, статус регистрации, тіркелу мәртебесі"), Choices: []Option{
				{"chosen", words("выбрано, выбрана, таңдалды")}, {"incomplete", words("не полный, неполный, толық емес")}, {"checked", words("проверено, проверен, тексерілді")},
				{"approved", words("утверждено, утвержден, утверждён, бекітілді, зарегистрирован, тіркелді, registered")}, {"correct", words("на доработку, исправить, түзету керек, to be corrected")}, {"missing", words("не зарегистрирован, тіркелмеген, not registered")}}},
			note,
		},
		Owner: ofStudent,
		Other: func(f Fields) string { return OfDiscipline(f["discipline"]) },
		Scope: func(f Fields) string { return f["year"] + "|" + f["semester"] + "|" + f["student"] },
	},
	{
		Kind: Exams,
		Columns: []Column{
			with(years, key, required), with(term, key, required), with(course, key, required), with(group, key, required),
			{Name: "attempt", Type: Choice, Key: true, Also: words("вид сдачи, попытка, тапсыру түрі, әрекет"), Choices: []Option{
				{"first", words("экзамен, основной, основная, негізгі, емтихан, 1")}, {"retake", words("пересдача, қайта тапсыру, fx, 2")}, {"consultation", words("консультация, кеңес")}}},
			{Name: "at", Type: Moment, Required: true, Also: words("date and time, дата и время, дата, күні, күні мен уақыты")},
			{Name: "time", Type: Text, Also: words("время, уақыты")},
			{Name: "room", Type: Text, Also: words("аудитория, кабинет, аудиториясы")},
			{Name: "examiner", Type: Number, Also: words("экзаменатор, емтихан алушы")}, form, note,
		},
		Owner: func(f Fields) string { return OfGroup(f["group"]) },
		Other: func(f Fields) string { return owned("employee", f["examiner"]) },
		Scope: func(f Fields) string { return f["year"] + "|" + f["semester"] + "|" + f["group"] },
	},
	{
		Kind: Controls,
		Columns: []Column{
			with(years, key, required), with(term, key, required), with(course, key, required), with(form, required),
			{Name: "order", Type: Text, Also: words("order number, приказ, номер приказа, бұйрық, бұйрық нөмірі")}, from,
		},
		Owner: func(f Fields) string { return OfDiscipline(f["discipline"]) },
		Scope: func(f Fields) string { return f["year"] + "|" + f["semester"] },
	},
	{
		Kind: Marks,
		Columns: append([]Column{
			with(student, key), iin, name, with(group), with(years, key, required), with(term, key, required), with(course, key), title, credits, teacher,
			with(control, key),
			{Name: "score", Type: Score, Also: words("percent, mark, оценка, балл, баллы, %, процент, баға, ұпай, пайыз")},
			{Name: "letter", Type: Letter, Also: words("буквенная, итоговая оценка / буквенная, буквенная оценка, әріптік баға, әріппен")},
			{Name: "posted", Type: Date, Also: words("дата выставления, дата, қойылған күні, posted at")},
			sheet,
		}, spread()...),
		Owner: ofStudent,
		Other: func(f Fields) string { return OfSheet(f["year"], f["semester"], f["discipline"], f["group"]) },
		// A file has all marks of one kind that a group has in a discipline, or none.
		Scope: func(f Fields) string {
			return strings.Join([]string{f["year"], f["semester"], f["discipline"], f["group"], f["control"]}, "|")
		},
	},
	{
		Kind: Sheets,
		Columns: []Column{
			with(sheet, key, required), with(years, required), with(term, required), with(course, required), with(group, required), teacher,
			{Name: "status", Type: Choice, Required: true, Also: words("статус, мәртебесі"), Choices: []Option{{"open", words("открыта, открыт, ашық")}, {"closed", words("закрыта, закрыт, жабық")}}},
			{Name: "closed", Type: Date, Also: words("дата закрытия, жабылған күні")}, by, note,
		},
		Owner: func(f Fields) string { return owned("employee", f["teacher"]) },
		Other: func(f Fields) string { return OfSheet(f["year"], f["semester"], f["discipline"], f["group"]) },
		Scope: func(f Fields) string { return f["year"] + "|" + f["semester"] },
	},
	{
		Kind: Orders,
		Columns: []Column{
			with(student, key), iin, name,
			{Name: "kind", Type: Choice, Key: true, Required: true, Also: words("вид приказа, тип приказа, бұйрық түрі, order kind"), Choices: OrderKinds},
			{Name: "number", Type: Text, Key: true, Required: true, Also: words("номер, номер приказа, № приказа, бұйрық нөмірі, нөмірі, order number")},
			{Name: "date", Type: Date, Required: true, Key: true, Also: words("дата, дата приказа, бұйрық күні, күні, order date")},
			{Name: "from", Type: Date, Also: words("effective, effective from, дата вступления, действует с, с, күшіне енетін күні, бастап")},
			{Name: "until", Type: Date, Also: words("effective to, действует по, по, дейін")},
			{Name: "basis", Type: Text, Also: words("основание, негіздеме, негізі")},
			{Name: "reason", Type: Text, Also: words("причина, себебі")},
			{Name: "was", Type: Text, Also: words("before, было, прежнее, бұрынғы, old")},
			{Name: "becomes", Type: Text, Also: words("after, стало, новое, жаңа, new")},
			{Name: "amount", Type: Decimal, Also: words("сумма, сомасы")},
			{Name: "deadline", Type: Date, Also: words("срок, до, мерзімі, act by")},
			{Name: "prepared", Type: Text, Also: words("prepared by, исполнитель, подготовил, орындаушы, дайындаған")},
			note,
		},
		Owner: ofStudent, Anew: true,
	},
	{
		Kind: Comparisons,
		Columns: []Column{
			with(student, key), iin, with(course, key), with(title, required, key), with(credits, required),
			{Name: "status", Type: Choice, Required: true, Also: words("статус, мәртебесі, результат"), Choices: []Option{
				{"recognised", words("перезачтено, зачтено, есептелді, қайта есептелді, есепке алынды, қайта есепке алынды, recognized")}, {"difference", words("разница, академическая разница, айырма, академиялық айырма, айырмашылық, академиялық айырмашылық")}, {"cleared", words("ликвидировано, сдано, жойылды, тапсырылды")}}},
			{Name: "score", Type: Percent, Also: words("оценка, баға, percent")}, {Name: "letter", Type: Letter, Also: words("буквенная, әріптік баға")},
			by, note,
		},
		Owner: ofStudent,
		Scope: ofStudent,
	},
	{
		Kind: Debts,
		Columns: []Column{
			with(student, key), iin, with(years, key, required), with(term, key, required), with(course, key), title, credits,
			{Name: "reason", Type: Choice, Also: words("причина, себебі"), Choices: []Option{
				{"not-admitted", words("не допущен, недопуск, жіберілмеді")}, {"fx", words("фх, неудовлетворительно fx")}, {"f", words("неудовлетворительно, қанағаттанарлықсыз")}, {"no-show", words("неявка, не явился, келмеді")}, {"difference", words("академическая разница, академиялық айырма, академиялық айырмашылық")}}},
			{Name: "way", Type: Choice, Also: words("способ, способ ликвидации, жою тәсілі"), Choices: []Option{
				{"retake", words("пересдача, қайта тапсыру")}, {"summer", words("летний семестр, дополнительный семестр, жазғы семестр")}, {"repeat", words("повторное изучение, қайта оқу")}}},
			by,
			{Name: "price", Type: Decimal, Also: words("стоимость, құны, к оплате")},
			{Name: "registered", Type: YesNo, Also: words("зарегистрирован, тіркелген, запись")},
			{Name: "cleared", Type: Date, Also: words("ликвидирована, дата ликвидации, жойылған күні")},
		},
		Owner: ofStudent,
	},
	{
		Kind: Theses,
		Columns: []Column{
			with(student, key), iin,
			{Name: "topic_kk", Type: Text, Also: words("тема (каз), тақырып (қаз), тақырыбы (қаз)")}, {Name: "topic_ru", Type: Text, Also: words("тема (рус), тема, тақырып (орыс)")}, {Name: "topic_en", Type: Text, Also: words("тема (англ), тақырып (ағыл), topic")},
			{Name: "supervisor", Type: Text, Also: words("руководитель, научный руководитель, жетекші, ғылыми жетекші")},
			{Name: "defence", Type: Moment, Also: words("defence date, дата защиты, қорғау күні")}, {Name: "room", Type: Text, Also: words("аудитория, аудиториясы")},
			{Name: "score", Type: Percent, Also: words("оценка, баға, percent")}, {Name: "letter", Type: Letter, Also: words("буквенная, әріптік баға")},
			{Name: "certification", Type: Choice, Also: words("итоговая аттестация, қорытынды аттестаттау, attestation"), Choices: []Option{
				{"admitted", words("допущен, допущена, жіберілді")}, {"not-admitted", words("не допущен, не допущена, жіберілмеді")}, {"passed", words("пройдена, прошел, прошла, өтті")}, {"failed", words("не пройдена, не прошел, өтпеді")}}},
			{Name: "qualification", Type: Text, Also: words("квалификация, присвоенная степень, біліктілік, дәреже, degree")},
		},
		Owner: ofStudent,
	},
}

func ofStudent(f Fields) string { return OfStudent(f["student"]) }

// spread are the columns of the journal of Platonus: a mark of each kind beside the other.
func spread() (all []Column) {
	for _, m := range Marked {
		all = append(all, Column{Name: m.Word, Also: m.Also, Type: Score, Spread: m.Word})
	}
	return all
}

func key(c *Column)      { c.Key = true }
func required(c *Column) { c.Required = true }

// with is a column that several kinds have, with what is special about it here.
func with(c Column, with ...func(*Column)) Column {
	for _, f := range with {
		f(&c)
	}
	return c
}

// words are the parts of a list with commas.
func words(list string) []string { return strings.Split(list, ", ") }
