package sample

import "strings"

// Everybody here is made up: first names, surnames and fathers' names are the usual ones, put together by lot.

// given are first names: of men, then of women.
var given = [2][]string{
	split("Алмас Арман Асқар Бауыржан Берік Дәурен Ерасыл Ержан Жандос Қайрат Мұрат Нұрлан Олжас Руслан Санжар Тимур Шыңғыс Әлихан Айбек Мейіржан Дмитрий Алексей Артём Никита Иван Павел"),
	split("Аружан Айгерім Айзере Ақбота Әсел Гүлнар Дана Диана Жанар Жібек Інжу Камила Қарлығаш Ләззат Мадина Мөлдір Нұргүл Сәуле Томирис Ұлжан Анна Дарья Екатерина Мария Ольга Полина"),
}

// russian is from where on first names are Russian, in both lists.
const russian = 20

// surnames stand without what a woman's has besides: а.
var (
	kazakhSurnames  = split("Ахметов Әбенов Байжанов Бекенов Ғабитов Досжанов Ермеков Жақыпов Исаев Қасымов Қуанышев Мұқанов Нұрпейісов Омаров Өтегенов Сәрсенов Сейітов Тілеубаев Тоқтаров Үсенов Шәріпов Ысқақов Әлімжанов Бөкенов Дүйсенов Жұмабаев Кенжебеков Молдағалиев Рахимов Смағұлов")
	russianSurnames = split("Васильев Григорьев Егоров Киселёв Ковалёв Лебедев Морозов Новиков Орлов Павлов Семёнов Соколов Тарасов Фёдоров Щербаков")
	kazakhFathers   = split("Асқар Бақыт Болат Дәулет Ерлан Жұмабек Қанат Марат Нұрлан Серік Талғат Сапар Тоқтар Әбілқайыр Қайрат")
	russianFathers  = split("Александр Виктор Владимир Олег Сергей Николай Андрей Юрий")
)

var latin = strings.NewReplacer("а", "a", "ә", "a", "б", "b", "в", "v", "г", "g", "ғ", "g", "д", "d", "е", "e", "ё", "yo", "ж", "zh", "з", "z", "и", "i", "й", "i", "к", "k", "қ", "q", "л", "l", "м", "m", "н", "n", "ң", "n",
	"о", "o", "ө", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ұ", "u", "ү", "u", "ф", "f", "х", "kh", "һ", "h", "ц", "ts", "ч", "ch", "ш", "sh", "щ", "sch", "ъ", "", "ы", "y", "і", "i", "ь", "", "э", "e", "ю", "yu", "я", "ya")

// inLatin is a name as it might stand in a passport.
func inLatin(name string) string {
	words := strings.Fields(latin.Replace(strings.ToLower(name)))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

// programme is a bachelor's programme. Its code is of the form in which such codes are, and its place in
// the institutes is by lot where the structure file has others.
type programme struct {
	institute, code, group, prefix string
	kk, ru                         string
}

var programmes = []programme{
	{"iedt", "6B06101", "ИС", "IS", "Ақпараттық жүйелер", "Информационные системы"},
	{"itc", "6B07101", "ТТ", "TT", "Көлік техникасы және технологиялары", "Транспорт, транспортная техника и технологии"},
	{"ilb", "6B11301", "ЛОГ", "LG", "Логистика", "Логистика"},
	{"ibde", "6B04101", "МЕН", "MN", "Менеджмент", "Менеджмент"},
	{"iedt", "6B07102", "ЭЭ", "EE", "Электр энергетикасы", "Электроэнергетика"},
	{"itc", "6B07301", "СТР", "CE", "Көлік құрылысы", "Транспортное строительство"},
	{"ilb", "6B04102", "ЭК", "EC", "Экономика", "Экономика"},
	{"iedt", "6B07103", "АУ", "AC", "Автоматтандыру және басқару", "Автоматизация и управление"},
	{"itc", "6B11302", "ОП", "TO", "Тасымалдауды ұйымдастыру", "Организация перевозок, движения и эксплуатация транспорта"},
	{"ilb", "6B04103", "УА", "AA", "Есеп және аудит", "Учёт и аудит"},
	{"iedt", "6B06201", "РЭТ", "RT", "Радиотехника, электроника және телекоммуникациялар", "Радиотехника, электроника и телекоммуникации"},
	{"itc", "6B07302", "ГЕО", "GE", "Геодезия және картография", "Геодезия и картография"},
}

// discipline is one of a semester.
type discipline struct {
	kk, ru, en string
	credits    int
}

const aSemester = 6 // disciplines

// general are those of the first four semesters, which all programmes share.
var general = []discipline{
	{"Қазақстан тарихы", "История Казахстана", "History of Kazakhstan", 5}, {"Шетел тілі 1", "Иностранный язык 1", "Foreign Language 1", 5}, {"Қазақ (орыс) тілі 1", "Казахский (русский) язык 1", "Kazakh (Russian) Language 1", 5},
	{"Математика 1", "Математика 1", "Mathematics 1", 6}, {"Физика 1", "Физика 1", "Physics 1", 6}, {"Дене шынықтыру 1", "Физическая культура 1", "Physical Education 1", 2},
	{"Шетел тілі 2", "Иностранный язык 2", "Foreign Language 2", 5}, {"Қазақ (орыс) тілі 2", "Казахский (русский) язык 2", "Kazakh (Russian) Language 2", 5}, {"Математика 2", "Математика 2", "Mathematics 2", 6},
	{"Физика 2", "Физика 2", "Physics 2", 5}, {"Ақпараттық-коммуникациялық технологиялар", "Информационно-коммуникационные технологии", "Information and Communication Technologies", 5}, {"Дене шынықтыру 2", "Физическая культура 2", "Physical Education 2", 2},
	{"Философия", "Философия", "Philosophy", 5}, {"Әлеуметтану және саясаттану", "Социология и политология", "Sociology and Political Science", 4}, {"Инженерлік графика", "Инженерная графика", "Engineering Graphics", 5},
	{"Химия", "Химия", "Chemistry", 5}, {"Теориялық механика", "Теоретическая механика", "Theoretical Mechanics", 6}, {"Дене шынықтыру 3", "Физическая культура 3", "Physical Education 3", 2},
	{"Мәдениеттану және психология", "Культурология и психология", "Cultural Studies and Psychology", 4}, {"Экология және тіршілік қауіпсіздігі", "Экология и безопасность жизнедеятельности", "Ecology and Life Safety", 5}, {"Құқық негіздері", "Основы права", "Fundamentals of Law", 5},
	{"Кәсіпкерлік негіздері", "Основы предпринимательства", "Fundamentals of Entrepreneurship", 5}, {"Материалтану", "Материаловедение", "Materials Science", 6}, {"Дене шынықтыру 4", "Физическая культура 4", "Physical Education 4", 2},
}

// special are those of the last four semesters; each programme has them under codes of its own.
var special = []discipline{
	{"Мамандыққа кіріспе", "Введение в специальность", "Introduction to the Profession", 5}, {"Метрология және стандарттау", "Метрология и стандартизация", "Metrology and Standardisation", 5}, {"Электротехника негіздері", "Основы электротехники", "Fundamentals of Electrical Engineering", 5},
	{"Ықтималдықтар теориясы", "Теория вероятностей", "Probability Theory", 5}, {"Кәсіби шетел тілі", "Профессиональный иностранный язык", "Foreign Language for Professional Purposes", 5}, {"Экономикалық теория", "Экономическая теория", "Economic Theory", 5},
	{"Жобаларды басқару", "Управление проектами", "Project Management", 5}, {"Деректер қоры", "Базы данных", "Databases", 5}, {"Көлік логистикасы", "Транспортная логистика", "Transport Logistics", 5},
	{"Еңбекті қорғау", "Охрана труда", "Occupational Safety", 5}, {"Математикалық модельдеу", "Математическое моделирование", "Mathematical Modelling", 5}, {"Цифрлық технологиялар", "Цифровые технологии", "Digital Technologies", 5},
	{"Кәсіпорын экономикасы", "Экономика предприятия", "Enterprise Economics", 5}, {"Сапа менеджменті", "Менеджмент качества", "Quality Management", 5}, {"Автоматтандыру негіздері", "Основы автоматизации", "Fundamentals of Automation", 5},
	{"Көлік қауіпсіздігі", "Безопасность на транспорте", "Transport Safety", 5}, {"Ғылыми зерттеу негіздері", "Основы научных исследований", "Fundamentals of Research", 5}, {"Ақпаратты қорғау", "Защита информации", "Information Security", 5},
	{"Стратегиялық жоспарлау", "Стратегическое планирование", "Strategic Planning", 5}, {"Техникалық жүйелердің сенімділігі", "Надёжность технических систем", "Reliability of Technical Systems", 5}, {"Халықаралық тасымалдар", "Международные перевозки", "International Transport", 5},
	{"Диплом алды жобалау", "Преддипломное проектирование", "Pre-diploma Design", 5}, {"Персоналды басқару", "Управление персоналом", "Human Resource Management", 5}, {"Энергия үнемдеу", "Энергосбережение", "Energy Saving", 5},
}

func split(list string) []string { return strings.Fields(list) }
