// The page's own few words. What the bot and the people say is never translated.

const table = {
  title: ["Telegram simulator", "Симулятор Telegram", "Telegram симуляторы"],
  clock: ["The clock", "Часы", "Сағат"],
  hour: ["+1 hour", "+1 час", "+1 сағат"],
  day: ["+1 day", "+1 день", "+1 күн"],
  week: ["+7 days", "+7 дней", "+7 күн"],
  language: ["Language of this page", "Язык страницы", "Беттің тілі"],
  lost: ["No connection, trying again…", "Нет связи, пробую снова…", "Байланыс жоқ, қайта қосылуда…"],
  views: ["What to show", "Что показать", "Нені көрсету"],
  chats: ["Chats", "Чаты", "Чаттар"],
  people: ["People and their chats with the bot", "Люди и их чаты с ботом", "Адамдар және олардың ботпен чаттары"],
  groups: ["Groups", "Группы", "Топтар"],
  addPerson: ["Add a person", "Добавить человека", "Адам қосу"],
  addGroup: ["Add a group", "Создать группу", "Топ құру"],
  firstName: ["First name", "Имя", "Аты"],
  lastName: ["Last name", "Фамилия", "Тегі"],
  username: ["User name", "Имя пользователя", "Пайдаланушы аты"],
  appLanguage: ["Language of their Telegram", "Язык их Telegram", "Telegram тілі"],
  groupName: ["Name of the group", "Название группы", "Топтың атауы"],
  members: ["Who is in it", "Кто в ней", "Мүшелері"],
  add: ["Add", "Добавить", "Қосу"],
  cancel: ["Cancel", "Отмена", "Болдырмау"],
  ok: ["OK", "OK", "Жарайды"],
  open: ["Open", "Открыть", "Ашу"],
  leftPhone: ["Left phone, {0}: {1}", "Левый телефон, {0}: {1}", "Сол жақтағы телефон, {0}: {1}"],
  rightPhone: ["Right phone, {0}: {1}", "Правый телефон, {0}: {1}", "Оң жақтағы телефон, {0}: {1}"],
  me: ["I am", "Я —", "Мен —"],
  anonymous: ["{0}, anonymously", "{0}, анонимно", "{0}, жасырын"],
  topic: ["Topic", "Тема", "Тақырып"],
  allTopics: ["All topics", "Все темы", "Барлық тақырыптар"],
  general: ["General", "Общая", "Жалпы"],
  closed: ["closed", "закрыта", "жабық"],
  more: ["More", "Ещё", "Тағы"],
  newest: ["To the newest message", "К последнему сообщению", "Соңғы хабарламаға"],
  log: ["Messages of {0}", "Сообщения: {0}", "Хабарламалар: {0}"],
  replyKeyboard: ["Suggested answers", "Предложенные ответы", "Ұсынылған жауаптар"],
  message: ["Message", "Сообщение", "Хабарлама"],
  send: ["Send", "Отправить", "Жіберу"],
  attach: ["Attach", "Прикрепить", "Тіркеу"],
  commands: ["Commands of the bot", "Команды бота", "Бот командалары"],
  photo: ["Photo", "Фото", "Фото"],
  document: ["File", "Файл", "Файл"],
  voice: ["Voice message", "Голосовое сообщение", "Дауыстық хабарлама"],
  video: ["Video", "Видео", "Видео"],
  contact: ["My phone number", "Мой номер телефона", "Менің телефон нөмірім"],
  location: ["My location", "Моё местоположение", "Менің орналасқан жерім"],
  place: ["Location", "Место на карте", "Картадағы орын"],
  reply: ["Reply", "Ответить", "Жауап беру"],
  replyTo: ["Reply to {0}", "Ответ: {0}", "{0} хабарламасына жауап"],
  edit: ["Edit", "Изменить", "Өзгерту"],
  editing: ["Editing", "Изменение", "Өзгерту"],
  edited: ["edited", "изменено", "өзгертілді"],
  forwarded: ["Forwarded from {0}", "Переслано от: {0}", "{0} дегеннен қайта жіберілді"],
  start: ["Start", "Начать", "Бастау"],
  block: ["Block the bot", "Заблокировать бота", "Ботты бұғаттау"],
  unblock: ["Unblock the bot", "Разблокировать бота", "Ботты бұғаттан шығару"],
  openLink: ["Open by a link", "Открыть по ссылке", "Сілтеме арқылы ашу"],
  linkGroup: ["t.me/{0}?startgroup=", "t.me/{0}?startgroup=", "t.me/{0}?startgroup="],
  makeForum: ["Turn topics on", "Включить темы", "Тақырыптарды қосу"],
  endForum: ["Turn topics off", "Выключить темы", "Тақырыптарды өшіру"],
  addTopic: ["Add a topic", "Создать тему", "Тақырып қосу"],
  topicName: ["Name of the topic", "Название темы", "Тақырыптың атауы"],
  closeTopic: ["Close “{0}”", "Закрыть «{0}»", "«{0}» тақырыбын жабу"],
  reopenTopic: ["Open “{0}” again", "Открыть снова «{0}»", "«{0}» тақырыбын қайта ашу"],
  deleteTopic: ["Delete “{0}”", "Удалить «{0}»", "«{0}» тақырыбын жою"],
  linkStart: ["t.me/{0}?start=", "t.me/{0}?start=", "t.me/{0}?start="],
  addBot: ["Add the bot", "Добавить бота", "Ботты қосу"],
  kickBot: ["Remove the bot", "Удалить бота", "Ботты шығару"],
  promoteBot: ["Make the bot an administrator", "Сделать бота администратором", "Ботты әкімші ету"],
  demoteBot: ["Make the bot a plain member", "Снять бота с администраторов", "Ботты әкімшіліктен алу"],
  join: ["Add {0}", "Добавить: {0}", "{0} қосу"],
  leave: ["Leave as {0}", "Выйти: {0}", "{0} — шығу"],
  notMember: ["You are not in this group.", "Вы не в этой группе.", "Сіз бұл топта жоқсыз."],
  blocked: ["The bot is blocked.", "Бот заблокирован.", "Бот бұғатталған."],
  bot: ["bot", "бот", "бот"],
  person: ["chat with the bot", "чат с ботом", "ботпен чат"],
  count: ["members: {0}", "участников: {0}", "мүшелер: {0}"],
  unread: ["unread: {0}", "непрочитанных: {0}", "оқылмаған: {0}"],
  typing: ["{0} is typing…", "{0} печатает…", "{0} жазып жатыр…"],
  nothing: ["No messages yet.", "Сообщений пока нет.", "Әзірге хабарлама жоқ."],
  choose: ["Choose a chat.", "Выберите чат.", "Чатты таңдаңыз."],
  spoiler: ["Hidden text, press to show", "Скрытый текст, нажмите, чтобы показать", "Жасырын мәтін, көрсету үшін басыңыз"],
  copied: ["Copied", "Скопировано", "Көшірілді"],
  silent: ["without a sound", "без звука", "дыбыссыз"],
  protected: ["cannot be forwarded", "нельзя переслать", "қайта жіберуге болмайды"],
  "new_chat_members": ["{0} joined the group", "{0} теперь в группе", "{0} топқа қосылды"],
  "left_chat_member": ["{0} left the group", "{0} больше не в группе", "{0} топтан шықты"],
  "new_chat_title": ["The group is now called “{1}”", "Группа теперь называется «{1}»", "Топ енді «{1}» деп аталады"],
  "pinned_message": ["Pinned: “{1}”", "Закреплено: «{1}»", "Бекітілді: «{1}»"],
  "forum_topic_created": ["New topic: {1}", "Новая тема: {1}", "Жаңа тақырып: {1}"],
  "forum_topic_edited": ["The topic is now: {1}", "Тема теперь: {1}", "Тақырып енді: {1}"],
  "forum_topic_closed": ["The topic is closed", "Тема закрыта", "Тақырып жабылды"],
  "forum_topic_reopened": ["The topic is open again", "Тема снова открыта", "Тақырып қайта ашылды"],
  "general_forum_topic_hidden": ["The General topic is hidden", "Общая тема скрыта", "Жалпы тақырып жасырылды"],
  "general_forum_topic_unhidden": ["The General topic is shown again", "Общая тема снова видна", "Жалпы тақырып қайта көрінеді"],
  "migrate_to_chat_id": ["The group became a supergroup", "Группа стала супергруппой", "Топ супертопқа айналды"],
  "migrate_from_chat_id": ["The group became a supergroup", "Группа стала супергруппой", "Топ супертопқа айналды"],
};

const column = { en: 0, ru: 1, kk: 2 };

// Not every browser knows Kazakh months, so the page brings its own.
const months = [
  "January February March April May June July August September October November December",
  "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
  "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
].map((names) => names.split(" "));
const weekdays = ["Sun Mon Tue Wed Thu Fri Sat", "вс пн вт ср чт пт сб", "жс дс сс ср бс жм сб"].map((names) => names.split(" "));
const units = [["B", "KB", "MB"], ["Б", "КБ", "МБ"], ["Б", "КБ", "МБ"]];

export let language = "en";

export function speak(wanted) {
  const short = String(wanted || "").slice(0, 2);
  language = short in column ? short : "en";
  return language;
}

const here = (rows) => rows[column[language]];

/** hours, day and date write a moment whose UTC parts are the local ones. */
export const hours = (t) => t.toISOString().slice(11, 16);
export const day = (t) => `${here(weekdays)[t.getUTCDay()]}, ${t.getUTCDate()} ${here(months)[t.getUTCMonth()]}`;
export const date = (t) => `${day(t)} ${t.getUTCFullYear()}`;

/** size writes how big a file is. */
export function size(bytes) {
  let n = bytes, unit = 0;
  for (; n >= 1024 && unit < 2; unit++) n /= 1024;
  const text = unit ? n.toFixed(1) : String(n);
  return `${language === "en" ? text : text.replace(".", ",")} ${here(units)[unit]}`;
}

/** say gives a word of the page, with {0}, {1} … filled in. */
export function say(key, ...values) {
  const row = table[key];
  if (!row) return key;
  return row[column[language]].replace(/\{(\d)\}/g, (_, n) => values[n] ?? "");
}

/** sayAll puts the words into everything marked with data-say. */
export function sayAll(root) {
  for (const e of root.querySelectorAll("[data-say]")) e.textContent = say(e.dataset.say);
  for (const e of root.querySelectorAll("[data-say-label]")) {
    e.setAttribute("aria-label", say(e.dataset.sayLabel));
    if (e.matches("button, summary")) e.title = say(e.dataset.sayLabel);
  }
}
