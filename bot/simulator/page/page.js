// The page is a picture of what the server tells: `world` is who there is,
// `messages` what was said. Each of the two panes shows one chat as one person.
import { date, day, hours, language, say, sayAll, size, speak } from "./words.js";
import { el, icon, render, safeLink } from "./text.js";

const $ = (selector, root = document) => root.querySelector(selector);
const asked = new URLSearchParams(location.search);
const kept = readKept();

let world = { bot: {}, people: [], chats: [] };
const messages = new Map(); // chat → Map(message id → message)
const unread = new Map(); // chat → number
let clock = { now: Date.now(), offset: 300, at: performance.now() };

speak(asked.get("lang") || kept.language || navigator.language);

function readKept() {
  try { return JSON.parse(localStorage.getItem("simulator") || "{}"); } catch { return {}; }
}

function keep() {
  const panesKept = Object.fromEntries(panes.map((p) => [p.name, { chat: p.chat, me: p.me }]));
  localStorage.setItem("simulator", JSON.stringify({ ...panesKept, language: kept.language }));
}

const chatOf = (id) => world.chats.find((c) => c.id === id);
const topicOf = (c, id) => c?.topics?.find((t) => t.id === id);
const personOf = (id) => world.people.find((p) => p.id === id);
const nameOf = (p) => [p.first_name, p.last_name].filter(Boolean).join(" ");
const hue = (id) => Math.abs(Number(id) * 47) % 360;
const initials = (name) => {
  const words = name.trim().split(/\s+/).filter((w) => /\p{L}|\p{N}/u.test(w));
  return words.slice(0, 2).map((w) => [...w][0]).join("").toUpperCase() || "?";
};

function avatar(name, id) {
  const e = el("span", { class: "avatar", "aria-hidden": "true", text: initials(name) });
  e.style.setProperty("--hue", hue(id));
  return e;
}

/** ask tells the server what somebody does. */
async function ask(act, body) {
  const answer = await fetch("/sim/" + act, {
    method: "POST",
    ...(body instanceof FormData ? { body } : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error((await answer.text()).replace(/^simulator: /, ""));
  return answer.json();
}

// Time: the server tells it, the page shows it where the server is.

const local = (ms) => new Date(ms + clock.offset * 60_000);
const dayOf = (ms) => local(ms).toISOString().slice(0, 10);

function showClock() {
  const t = $("#time"), now = local(clock.now);
  t.dateTime = new Date(clock.now).toISOString();
  t.replaceChildren(el("span", { text: date(now) }), " ", el("b", { text: hours(now) }));
}

// A pane is a phone: one chat, seen by one person.

class Pane {
  constructor(name) {
    this.name = name;
    this.root = document.getElementById(name);
    this.root.append($("#pane").content.cloneNode(true));
    this.at = (selector) => $(selector, this.root);
    this.log = this.at(".log");
    this.scroll = this.at(".scroll");
    this.input = this.at("textarea");
    this.shown = new Map(); // message id → element
    this.hands = { follow: (href) => this.follow(href), command: (text) => this.say(text) };
    this.used = new Set(); // one-time keyboards that were used
    this.listen();
  }

  get group() { return this.chat < 0; }
  get member() { return !this.group || Boolean(chatOf(this.chat)?.members?.[this.me]); }

  listen() {
    this.root.addEventListener("focusin", () => activate(this));
    this.root.addEventListener("pointerdown", () => activate(this));
    this.at(".compose").addEventListener("submit", (e) => { e.preventDefault(); this.submit(); });
    this.input.addEventListener("input", () => this.arm());
    this.input.addEventListener("keydown", (e) => this.key(e));
    this.at(".about-to button").addEventListener("click", () => this.forget());
    this.at(".me select").addEventListener("change", (e) => this.open(this.chat, ...person(e.target.value)));
    this.at(".topic select").addEventListener("change", (e) => { this.topic = Number(e.target.value); this.draw(); });
    this.at(".down").addEventListener("click", () => this.toBottom());
    this.scroll.addEventListener("scroll", () => {
      if (this.atBottom()) this.toNewest();
      else if (this.size === this.sizeNow()) this.pinned = false; // a person scrolls, not the page that grows or shrinks
      this.size = this.sizeNow();
    });
    const grown = new ResizeObserver(() => { if (this.pinned) this.toBottom(); });
    grown.observe(this.scroll);
    grown.observe(this.log);
    const file = this.at(".file");
    for (const b of this.root.querySelectorAll("[data-kind]")) {
      b.addEventListener("click", () => {
        this.kind = b.dataset.kind;
        file.accept = { photo: "image/*", video: "video/*", voice: "audio/*" }[this.kind] || "";
        file.multiple = this.kind !== "voice"; // several at once are an album
        closeMenus();
        file.click();
      });
    }
    file.addEventListener("change", () => this.sendFiles(file));
    for (const b of this.root.querySelectorAll("[data-do]")) {
      b.addEventListener("click", () => { closeMenus(); this.share(b.dataset.do); });
    }
    // Before it opens: what it held last time must not be pressed, nor move away under the mouse.
    this.at(".commands summary").addEventListener("click", () => this.listCommands());
    this.at(".more summary").addEventListener("click", () => this.listMore());
    this.at(".more").addEventListener("toggle", () => this.enter(this.at(".more")));
    for (const menu of this.root.querySelectorAll(".menu")) {
      menu.addEventListener("keydown", (e) => {
        if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
        const items = [...menu.querySelectorAll("div button")];
        if (!menu.open || !items.length) return;
        e.preventDefault();
        const i = items.indexOf(document.activeElement) + (e.key === "ArrowDown" ? 1 : -1);
        items[(i + items.length) % items.length].focus();
      });
    }
  }

  /** open shows a chat as somebody; in a private chat there is only one. */
  open(chat, me, anonymous = false) {
    const c = chatOf(chat);
    if (!c) return;
    const changed = chat !== this.chat;
    this.chat = chat;
    this.anonymous = anonymous;
    if (!this.group) this.me = chat;
    else if (me !== undefined) this.me = me;
    else if (changed && !c.members?.[this.me]) this.me = humansIn(c)[0]?.id ?? world.people[0]?.id;
    if (changed) { this.topic = 0; this.forget(); this.input.value = ""; this.arm(); }
    this.draw();
    if (this.visible()) unread.delete(chat);
    keep();
    drawList();
  }

  visible() { return this.root.offsetParent !== null; }

  draw() {
    const c = chatOf(this.chat);
    this.drawHead(c);
    this.shown.clear();
    this.log.replaceChildren();
    this.log.setAttribute("aria-busy", "true");
    for (const m of this.all()) this.put(m, false);
    this.log.removeAttribute("aria-busy");
    this.drawEdges();
    this.toBottom();
  }

  all() { return [...(messages.get(this.chat)?.values() ?? [])].filter((m) => this.fits(m)); }

  fits(m) {
    if (!this.topic || m.deleted) return true;
    return this.topic === -1 ? !m.thread : m.thread === this.topic;
  }

  drawHead(c) {
    const title = this.title(c);
    const face = this.at("header .avatar");
    face.textContent = initials(title);
    face.style.setProperty("--hue", hue(this.group ? this.chat : world.bot.id));
    this.at("h2").textContent = title;
    this.at("header .about").textContent = !c ? "" : this.group
      ? say("count", Object.keys(c.members ?? {}).length)
      : "@" + world.bot.username;
    this.root.setAttribute("aria-label", say(this.name + "Phone", nameOf(personOf(this.me) ?? {}), title));
    this.log.setAttribute("aria-label", say("log", title));
    this.at(".more").hidden = !c;
    const me = this.at(".me");
    const options = [];
    if (c && this.group) {
      const here = humansIn(c);
      const strangers = world.people.filter((p) => p.id === this.me && !here.includes(p));
      for (const p of [...here, ...strangers]) {
        options.push(el("option", { value: String(p.id), text: nameOf(p) }));
        if (["creator", "administrator"].includes(c.members?.[p.id])) {
          options.push(el("option", { value: p.id + ":anonymous", text: say("anonymous", nameOf(p)) }));
        }
      }
    } else if (c) {
      options.push(el("option", { value: String(this.chat), text: c.title }));
    }
    const select = $("select", me);
    select.replaceChildren(...options);
    select.value = this.me + (this.anonymous ? ":anonymous" : "");
    select.hidden = !this.group;
    $("b", me).hidden = this.group;
    $("b", me).textContent = c && !this.group ? c.title : "";
    me.hidden = !c;
    const topics = this.at(".topic");
    topics.hidden = !c?.forum;
    if (!c?.forum || (this.topic > 0 && !topicOf(c, this.topic))) this.topic = 0; // it was deleted
    if (c?.forum) {
      $("select", topics).replaceChildren(
        el("option", { value: "0", text: say("allTopics") }),
        el("option", { value: "-1", text: say("general") }),
        ...(c.topics ?? []).map((t) => el("option", { value: String(t.id), text: t.closed ? `${t.name} (${say("closed")})` : t.name })),
      );
      $("select", topics).value = String(this.topic || 0);
    }
    this.drawGate(c);
  }

  title(c) {
    if (!c) return say("choose");
    return this.group ? c.title : world.bot.first_name;
  }

  /** drawGate shows what must be pressed before one can write. */
  drawGate(c) {
    const gate = this.at(".gate");
    const p = personOf(this.chat);
    let button = null, words = "";
    if (!c || c.moved_to || p?.gone) words = c?.moved_to ? say("migrate_to_chat_id") : say("choose");
    else if (this.group) words = this.member ? "" : say("notMember");
    else if (p?.blocked) button = ["unblock", say("unblock")];
    else if (!p?.started) button = ["start", say("start")];
    const shut = Boolean(button || words);
    const held = gate.contains(document.activeElement);
    gate.hidden = !shut;
    this.at(".compose").hidden = shut;
    if (!shut) {
      gate.replaceChildren();
      gate.dataset.is = "";
      if (held) this.input.focus();
      return;
    }
    if (gate.dataset.is === button?.[0] + words + language) return;
    gate.dataset.is = button?.[0] + words + language;
    gate.replaceChildren(button
      ? el("button", { type: "button", text: button[1], "data-testid": button[0], onclick: () => this.do(button[0], {}) })
      : el("p", { text: words }));
  }

  /** put shows a message that is new or changed. */
  put(m, live) {
    const old = this.shown.get(m.id);
    if (m.deleted || !this.fits(m)) {
      old?.remove();
      this.shown.delete(m.id);
      return;
    }
    const fresh = m.service ? this.service(m) : this.bubble(m);
    this.shown.set(m.id, fresh);
    if (old) {
      const had = old.contains(document.activeElement) && document.activeElement.dataset.key;
      old.replaceWith(fresh);
      if (had) [...fresh.querySelectorAll("[data-key]")].find((b) => b.dataset.key === had)?.focus();
    } else {
      this.log.append(fresh);
    }
    if (live && m.markup === "force_reply" && m.bot && !old) this.replyTo(m);
  }

  /** drawEdges puts what lies between messages: days, runs of one sender. */
  drawEdges() {
    for (const e of this.log.querySelectorAll(".day")) e.remove();
    const items = [...this.shown.entries()].sort((a, b) => a[0] - b[0]);
    const known = messages.get(this.chat);
    let before = null, last = "";
    items.forEach(([id, e], i) => {
      const m = known.get(id), after = known.get(items[i + 1]?.[0]);
      const today = dayOf(m.date);
      if (today !== last) e.before(el("p", { class: "day", text: day(local(m.date)) }));
      const same = (a, b) => a && b && !a.service && !b.service && a.from === b.from && dayOf(a.date) === dayOf(b.date);
      e.classList.toggle("first", !same(before, m));
      e.classList.toggle("last", !same(m, after));
      const name = $(".name", e);
      if (name) name.hidden = same(before, m);
      before = m;
      last = today;
    });
    const nothing = this.at(".nothing");
    nothing.hidden = items.length > 0;
    nothing.textContent = say(this.chat ? "nothing" : "choose");
    this.drawKeys();
    this.drawTyping();
  }

  service(m) {
    return el("p", { class: "service", "data-testid": "service", "data-message": m.id, text: say(m.service.kind, (m.service.who ?? []).join(", "), m.service.text) });
  }

  mine(m) { return m.author === this.me && !m.bot; }

  bubble(m) {
    const out = this.mine(m);
    const bubble = el("div", { class: "bubble" });
    if (this.group && !out) {
      const name = el("p", { class: "name", text: m.name, "data-testid": "sender" });
      name.style.setProperty("--hue", hue(m.from));
      bubble.append(name);
    }
    if (m.forwarded) bubble.append(el("p", { class: "forwarded", text: say("forwarded", m.forwarded) }));
    if (m.reply) {
      bubble.append(el("button", { class: "quote", type: "button", "data-testid": "quote", "data-key": "quote", onclick: () => this.show(m.reply.id) },
        el("b", { text: m.reply.name }), el("span", { text: m.reply.text })));
    }
    if (m.file) bubble.append(this.file(m));
    if (m.contact) {
      bubble.append(el("div", { class: "contact", "data-testid": "contact" },
        el("b", { text: [m.contact.first_name, m.contact.last_name].filter(Boolean).join(" ") }), el("small", { text: m.contact.phone_number })));
    }
    const place = m.venue?.location ?? m.location;
    if (place) {
      const where = `${place.latitude.toFixed(4)}, ${place.longitude.toFixed(4)}`;
      bubble.append(el("div", { class: "place", "data-testid": "location" }, icon("place"), m.venue ? `${m.venue.title}, ${m.venue.address}` : `${say("place")} ${where}`));
    }
    const meta = el("span", { class: "meta" });
    if (m.silent) meta.append(icon("silent", say("silent")));
    if (m.protected) meta.append(icon("lock", say("protected")));
    if (m.edited) meta.append(el("span", { text: say("edited") + " ", "data-testid": "edited" }));
    meta.append(el("time", { datetime: new Date(m.date).toISOString(), text: hours(local(m.date)) }));
    const text = el("div", { class: "text", dir: "auto", "data-testid": "text" });
    if (m.text) text.append(render(m.text, m.entities, this.hands));
    text.append(meta);
    bubble.append(text);
    if (m.reactions) {
      bubble.append(el("p", { class: "reactions" }, ...Object.entries(m.reactions).map(([emoji, n]) =>
        el("span", { text: n > 1 ? `${emoji} ${n}` : emoji }))));
    }
    const body = el("div", { class: "body" }, bubble);
    if (m.markup === "inline") body.append(this.buttons(m));
    const act = el("div", { class: "act" });
    act.append(el("button", { type: "button", title: say("reply"), "aria-label": `${say("reply")}: ${m.name}, ${(m.text ?? "").slice(0, 40)}`, "data-testid": "reply", "data-key": "reply", onclick: () => this.replyTo(m) }, icon("reply")));
    if (out && !m.forwarded && (m.text || m.file)) {
      act.append(el("button", { type: "button", title: say("edit"), "aria-label": `${say("edit")}: ${(m.text ?? "").slice(0, 40)}`, "data-testid": "edit", "data-key": "edit", onclick: () => this.change(m) }, icon("edit")));
    }
    const item = el("article", { class: "message" + (out ? " out" : ""), "data-testid": "message", "data-message": m.id, "data-from": m.bot ? "bot" : String(m.from), "aria-label": `${m.name}, ${hours(local(m.date))}` });
    if (this.group && !out) item.append(avatar(m.name, m.from));
    item.append(body, act);
    return item;
  }

  file(m) {
    const f = m.file, url = "/sim/file/" + encodeURIComponent(f.id), name = f.name || say(f.kind === "voice" || f.kind === "video" || f.kind === "photo" ? f.kind : "document");
    const named = { "data-testid": "attachment", "data-kind": f.kind };
    switch (f.kind) {
      case "photo": case "sticker":
        return el("a", { href: url, target: "_blank", rel: "noopener", ...named },
          el("img", { class: "picture", src: url, alt: m.text || name, width: f.width || 240, height: f.height || 240, onload: () => { if (this.pinned) this.toBottom(); } }));
      case "voice": case "audio":
        return el("audio", { src: url, controls: true, preload: "none", "aria-label": name, ...named });
      case "video": case "animation": case "video_note":
        return el("video", { src: url, controls: true, preload: "metadata", "aria-label": name, ...named });
    }
    return el("a", { class: "document", href: url, download: f.name || "file", ...named },
      el("span", { class: "disk" }, icon("file")), el("span", {}, el("b", { text: name }), el("small", { text: size(f.size) })));
  }

  buttons(m) {
    const grid = el("div", { class: "buttons", "data-testid": "inline-keyboard" });
    (m.keyboard ?? []).forEach((row, y) => grid.append(el("div", {}, ...row.map((b, x) => {
      const button = el("button", {
        type: "button", text: b.text, class: [b.style, b.url || b.web_app ? "link" : ""].filter(Boolean).join(" ") || undefined,
        "data-testid": "button", "data-key": `${y}:${x}`,
      });
      button.addEventListener("click", () => this.press(m, b, button));
      return button;
    }))));
    return grid;
  }

  async press(m, b, button) {
    if (b.callback_data) {
      button.classList.add("pressed");
      await this.do("press", { message: m.id, data: b.callback_data });
      setTimeout(() => button.classList.remove("pressed"), 1000);
    } else if (b.copy_text) {
      await navigator.clipboard?.writeText(b.copy_text.text).catch(() => {});
      this.toast(say("copied"));
    } else {
      const href = safeLink(b.url ?? b.web_app?.url ?? b.login_url?.url ?? "");
      if (href && !this.follow(href)) window.open(href, "_blank", "noopener,noreferrer");
    }
  }

  /** follow opens a link to the bot here instead of in a new window. */
  follow(href) {
    const u = new URL(href);
    if (u.hostname !== "t.me" || u.pathname.slice(1).toLowerCase() !== world.bot.username.toLowerCase() || this.group) return false;
    this.do("start", { data: u.searchParams.get("start") ?? "" });
    return true;
  }

  /** drawKeys shows the reply keyboard that the bot put up last. */
  drawKeys() {
    const keys = this.at(".keys");
    const last = this.all().filter((m) => m.bot && !m.deleted && ["reply", "remove"].includes(m.markup)).pop();
    const on = last?.markup === "reply" && !this.used.has(last.chat + ":" + last.id) && this.member;
    keys.hidden = !on || !this.at(".gate").hidden;
    const latest = this.all().filter((m) => m.bot && !m.deleted).pop();
    const hint = on ? last : latest?.markup === "force_reply" ? latest : null;
    this.input.placeholder = hint?.placeholder || say("message");
    const mark = on ? `${last.chat}:${last.id}` : "";
    if (keys.dataset.of === mark) return;
    keys.dataset.of = mark;
    keys.replaceChildren(...(on ? last.keyboard : []).map((row) => el("div", {}, ...row.map((b) =>
      el("button", {
        type: "button", "data-testid": "key",
        onclick: () => {
          if (last.one_time) this.used.add(mark);
          if (b.request_contact) this.share("contact");
          else if (b.request_location) this.share("location");
          else this.say(b.text);
          this.drawKeys();
          this.input.focus();
        },
      }, b.request_contact ? icon("phone") : b.request_location ? icon("place") : null, b.text)))));
  }

  drawTyping() {
    const on = this.acting > performance.now();
    this.at(".typing").textContent = on ? say("typing", world.bot.first_name) : "";
  }

  /** do lets me do something here; what goes wrong is shown. */
  async do(act, more) {
    try {
      return await ask(act, { person: this.me, chat: this.chat, ...more });
    } catch (problem) {
      this.toast(problem.message, true);
      return null;
    }
  }

  /** where: what a message answers, the topic it stands in, whether its author is shown. */
  where() {
    return { reply: this.about?.reply ? this.about.id : 0, thread: this.topic > 0 ? this.topic : 0, anonymous: Boolean(this.anonymous) };
  }

  say(text) {
    const where = this.where();
    this.forget();
    this.pinned = true;
    return this.do("say", { text, ...where });
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.arm();
    const about = this.about;
    const done = about && !about.reply ? await this.do("edit", { message: about.id, text }) : await this.say(text);
    if (done && about && !about.reply) this.forget();
    if (!done && !this.input.value) { this.input.value = text; this.arm(); }
  }

  async sendFiles(input) {
    const form = new FormData();
    form.set("person", this.me);
    form.set("chat", this.chat);
    form.set("kind", this.kind);
    form.set("caption", this.input.value.trim());
    for (const [key, value] of Object.entries(this.where())) form.set(key, value);
    for (const f of input.files) form.append("file", f);
    input.value = "";
    try {
      await ask("file", form);
      this.input.value = "";
      this.arm();
      this.forget();
    } catch (problem) {
      this.toast(problem.message, true);
    }
  }

  share(what) {
    const where = this.where();
    this.forget();
    return what === "contact" ? this.do("contact", where) : this.do("location", { lat: 43.238, lon: 76.9316, ...where });
  }

  key(e) {
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      this.submit();
    } else if (e.key === "Escape") {
      this.forget();
    } else if (e.key === "ArrowUp" && !this.input.value) {
      const last = this.all().filter((m) => this.mine(m) && m.text && !m.forwarded && !m.deleted).pop();
      if (last) { e.preventDefault(); this.change(last); }
    }
  }

  arm() {
    this.at(".send").disabled = !this.input.value.trim();
  }

  replyTo(m) {
    this.about = { id: m.id, reply: true };
    this.drawAbout(say("replyTo", m.name), m.text || m.file?.name || "");
  }

  change(m) {
    this.about = { id: m.id, reply: false };
    this.input.value = m.text ?? "";
    this.arm();
    this.drawAbout(say("editing"), m.text ?? "");
  }

  drawAbout(what, text) {
    this.at(".about-to").hidden = false;
    this.at(".about-to p").replaceChildren(el("b", { text: what + " " }), text);
    this.input.focus();
  }

  forget() {
    if (this.about && !this.about.reply) { this.input.value = ""; this.arm(); }
    this.about = null;
    this.at(".about-to").hidden = true;
  }

  show(id) {
    const e = this.shown.get(id);
    if (!e) return;
    e.scrollIntoView({ block: "center" });
    e.classList.remove("flash");
    requestAnimationFrame(() => e.classList.add("flash"));
  }

  async listCommands() {
    const menu = this.at(".commands");
    if (menu.open) return;
    $("div", menu).replaceChildren();
    const asked = this.asked = {};
    const list = await this.commands();
    if (asked !== this.asked) return; // it was opened once more meanwhile
    $("div", menu).replaceChildren(...list.map((c) => el("button", {
      type: "button", "data-testid": "command", onclick: () => { closeMenus(); this.say("/" + c.command + (this.group ? "@" + world.bot.username : "")); },
    }, el("b", { text: "/" + c.command }), el("span", { text: c.description }))));
    this.enter(menu);
  }

  /** enter goes to the first line of a menu that has opened. */
  enter(menu) {
    if (menu.open && !$("div", menu).contains(document.activeElement)) $("div button", menu)?.focus({ preventScroll: true });
  }

  async commands() {
    const answer = await fetch(`/sim/commands?person=${this.me}&chat=${this.chat}`);
    return answer.ok ? answer.json() : [];
  }

  async drawCommands() {
    if (!chatOf(this.chat)) return;
    const asked = `${this.me} ${this.chat}`;
    const list = await this.commands();
    if (asked === `${this.me} ${this.chat}`) this.at(".commands").hidden = list.length === 0;
  }

  listMore() {
    const menu = this.at(".more"), c = chatOf(this.chat);
    if (menu.open || !c) return;
    const item = (id, text, act) => el("button", { type: "button", text, "data-testid": id, onclick: () => { closeMenus(); act(); } });
    const items = [];
    if (this.group) {
      const bot = c.members?.[world.bot.id];
      if (bot) {
        items.push(item("kick-bot", say("kickBot"), () => this.do("kickbot", {})));
        if (bot === "administrator") items.push(item("demote-bot", say("demoteBot"), () => this.do("demote", {})));
        else items.push(item("promote-bot", say("promoteBot"), () => this.do("promote", {})));
      } else {
        items.push(item("add-bot", say("addBot"), () => this.do("addbot", {})));
      }
      for (const p of world.people) {
        if (!p.bot && !c.members?.[p.id]) items.push(item("join-" + p.id, say("join", nameOf(p)), () => this.do("join", { person: p.id })));
      }
      if (c.type === "supergroup" && this.member) {
        const t = topicOf(c, this.topic);
        if (c.forum) items.push(item("add-topic", say("addTopic"), () => askTopic(this)));
        if (t) {
          items.push(t.closed
            ? item("reopen-topic", say("reopenTopic", t.name), () => this.do("reopentopic", { thread: t.id }))
            : item("close-topic", say("closeTopic", t.name), () => this.do("closetopic", { thread: t.id })));
          items.push(item("delete-topic", say("deleteTopic", t.name), () => this.do("deletetopic", { thread: t.id })));
        }
        items.push(c.forum ? item("end-forum", say("endForum"), () => this.do("plain", {})) : item("make-forum", say("makeForum"), () => this.do("forum", {})));
        items.push(item("open-link", say("openLink"), () => askLink(this)));
      }
      if (this.member) items.push(item("leave", say("leave", nameOf(personOf(this.me) ?? {})), () => this.do("leave", {})));
    } else {
      items.push(item("open-link", say("openLink"), () => askLink(this)));
      items.push(personOf(this.chat)?.blocked
        ? item("unblock-bot", say("unblock"), () => this.do("unblock", {}))
        : item("block-bot", say("block"), () => this.do("block", {})));
    }
    $("div", menu).replaceChildren(...items);
    $("div", menu).scrollTop = 0;
  }

  toast(text, problem = false) {
    const e = el("p", { text, class: problem ? "problem" : undefined, "data-testid": problem ? "problem" : "toast" });
    this.at(".toasts").append(e);
    setTimeout(() => e.remove(), 3000 + 50 * text.length);
  }

  sizeNow() { return `${this.scroll.clientHeight} of ${this.scroll.scrollHeight}`; }

  atBottom() { return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 60; }

  /** toNewest: the newest message is what one looks at, and stays it. */
  toNewest() {
    this.pinned = true;
    this.at(".down").hidden = true;
  }

  toBottom() {
    this.toNewest();
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.size = this.sizeNow();
  }

  /** hear takes in what was said in this chat. */
  hear(news) {
    this.pinned ||= this.atBottom() || news.some((m) => this.mine(m));
    for (const m of news) this.put(m, true);
    this.drawEdges();
    if (this.pinned) this.toBottom();
    else if (news.some((m) => !m.edited)) this.at(".down").hidden = false;
  }
}

const person = (value) => [Number(value.split(":")[0]), value.endsWith(":anonymous")];
const humansIn = (c) => world.people.filter((p) => c.members?.[p.id] && !p.bot);

function closeMenus(but) {
  for (const menu of document.querySelectorAll(".menu[open]")) if (menu !== but) menu.open = false;
}

const panes = [new Pane("left"), new Pane("right")];
let active = panes[0];

function activate(pane) {
  active = pane;
  for (const p of panes) p.root.classList.toggle("active", p === pane);
  drawList();
}

// The list of people and groups.

function drawList() {
  const line = (c, name, about) => {
    const n = unread.get(c.id) ?? 0;
    const b = el("button", {
      type: "button", "data-testid": "chat", "data-chat": c.id,
      "aria-current": active.chat === c.id ? "true" : undefined,
      onclick: () => { view(active.name); active.open(c.id); active.input.focus(); },
    }, avatar(name, c.id), el("b", { text: name }));
    if (n) b.append(el("span", { class: "badge", text: String(n), "data-testid": "unread", "aria-label": say("unread", n) }));
    b.append(el("small", { text: about }));
    return el("li", {}, b);
  };
  const last = (c, empty) => {
    const m = [...(messages.get(c.id)?.values() ?? [])].filter((m) => !m.deleted).pop();
    if (!m) return empty;
    const what = m.service ? say(m.service.kind, (m.service.who ?? []).join(", "), m.service.text) : m.text || m.file?.name || (m.file ? say(m.file.kind) : m.contact ? say("contact") : say("place"));
    return m.service ? what : `${m.name}: ${what}`;
  };
  const had = document.activeElement?.dataset?.chat;
  const living = world.chats.filter((c) => !c.moved_to);
  $("#people").replaceChildren(...living.filter((c) => c.id > 0).map((c) => line(c, c.title, last(c, say("person")))));
  $("#groups").replaceChildren(...living.filter((c) => c.id < 0).map((c) => line(c, c.title, last(c, say("count", Object.keys(c.members ?? {}).length)))));
  if (had) $(`#list [data-chat="${CSS.escape(had)}"]`)?.focus();
  const all = [...unread.values()].reduce((a, b) => a + b, 0);
  const badge = $("#switch .badge");
  badge.hidden = !all;
  badge.textContent = all;
  document.title = (all ? `(${all}) ` : "") + say("title");
  for (const p of panes) {
    const c = chatOf(p.chat);
    $(`#switch [data-view=${p.name}]`).textContent = !c ? "–" : c.title;
  }
}

/** view chooses what a narrow screen shows. */
function view(name) {
  document.body.dataset.view = name;
  for (const b of document.querySelectorAll("#switch button")) b.setAttribute("aria-pressed", String(b.dataset.view === name));
  const pane = panes.find((p) => p.name === name);
  if (!pane) return;
  activate(pane);
  read();
  pane.toBottom();
}

/** read: what is on the screen is unread no more. */
function read() {
  if (document.hidden) return;
  const was = unread.size;
  for (const p of panes) if (p.visible()) unread.delete(p.chat);
  if (unread.size !== was) drawList();
}

// What the server tells.

function learn(news) {
  for (const m of news) {
    if (!messages.has(m.chat)) messages.set(m.chat, new Map());
    const known = messages.get(m.chat);
    m.deleted ? known.delete(m.id) : known.set(m.id, m);
  }
}

const events = {
  all({ world: w, messages: all, clock: c }) {
    world = w;
    clock = c;
    messages.clear();
    learn(all);
    showClock();
    settle();
    for (const p of panes) { p.draw(); p.drawCommands(); }
    drawList();
  },
  world(w) {
    world = w;
    settle();
    for (const p of panes) {
      const topic = p.topic;
      p.drawHead(chatOf(p.chat));
      if (p.topic !== topic) p.draw();
      p.drawKeys();
      p.drawCommands();
    }
    drawList();
  },
  messages(news) {
    const fresh = news.filter((m) => !m.deleted && !messages.get(m.chat)?.has(m.id));
    learn(news);
    for (const p of panes) {
      const here = news.filter((m) => m.chat === p.chat);
      if (here.length) p.hear(here);
    }
    for (const m of fresh) {
      const seen = panes.some((p) => p.chat === m.chat && p.visible() && !document.hidden);
      const own = !m.bot && (m.chat > 0 || panes.some((p) => p.mine(m)));
      if (!seen && !own) unread.set(m.chat, (unread.get(m.chat) ?? 0) + 1);
    }
    drawList();
  },
  answer({ person: who, text, alert, url }) {
    const pane = [active, ...panes].find((p) => p.me === who && p.visible());
    if (url && pane) pane.toast(url);
    if (!text) return;
    if (!alert) return void pane?.toast(text);
    $("#alert-text").textContent = text;
    if (!$("#alert").open) $("#alert").showModal();
  },
  action({ chat, action }) {
    for (const p of panes.filter((p) => p.chat === chat)) {
      p.acting = action && action !== "cancel" ? performance.now() + 5000 : 0;
      p.drawTyping();
      if (p.acting) setTimeout(() => p.drawTyping(), 5050);
    }
  },
  clock(c) {
    clock = c;
    showClock();
  },
};

/** settle gives each pane a chat, when it has none or its chat is gone. */
function settle() {
  const people = world.chats.filter((c) => c.id > 0), groups = world.chats.filter((c) => c.id < 0 && !c.moved_to);
  const wishes = { left: [people[0], groups[0]], right: [groups[0], people[1], people[0]] };
  for (const p of panes) {
    const c = chatOf(p.chat);
    if (c && !c.moved_to) continue;
    const wish = c?.moved_to ? { chat: c.moved_to, me: p.me } : {
      chat: Number(asked.get(p.name)) || kept[p.name]?.chat,
      me: Number(asked.get(p.name + "-me")) || kept[p.name]?.me,
    };
    const chat = chatOf(wish.chat) ?? wishes[p.name].find(Boolean);
    if (chat) p.open(chat.id, chat.id === wish.chat && personOf(wish.me) ? wish.me : undefined);
  }
}

let source;

function connect() {
  source = new EventSource("/sim/events");
  source.onopen = () => { $("#state").textContent = ""; document.body.dataset.live = "yes"; };
  source.onerror = () => {
    $("#state").textContent = say("lost");
    delete document.body.dataset.live;
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  };
  for (const [name, act] of Object.entries(events)) source.addEventListener(name, (e) => act(JSON.parse(e.data)));
}

// Dialogs.

function askIn(dialog, done) {
  const form = $("form", dialog);
  form.reset();
  $("[value=cancel]", dialog).onclick = () => dialog.close();
  form.onsubmit = () => done(new FormData(form));
  dialog.showModal();
}

function askLink(pane) {
  $("#link-start").textContent = say(pane.group ? "linkGroup" : "linkStart", world.bot.username);
  askIn($("#link-dialog"), (f) => pane.do(pane.group ? "startgroup" : "start", { data: f.get("payload") }));
}

function askTopic(pane) {
  askIn($("#topic-dialog"), async (f) => {
    const made = await pane.do("topic", { text: f.get("name") });
    if (made) whenKnown(() => topicOf(chatOf(pane.chat), made.id), () => { pane.topic = made.id; pane.draw(); });
  });
}

$("#add-person").addEventListener("click", () => {
  askIn($("#person-dialog"), async (f) => {
    const made = await active.do("person", Object.fromEntries(f));
    if (made) openWhenKnown(made.id);
  });
  $("[name=language]", $("#person-dialog")).value = language;
});

$("#add-group").addEventListener("click", () => {
  $("#group-members").replaceChildren(...world.people.filter((p) => !p.bot).map((p) =>
    el("label", { class: "check" }, el("input", { type: "checkbox", name: "member", value: p.id, "data-testid": "member-" + p.id }), nameOf(p))));
  askIn($("#group-dialog"), async (f) => {
    const made = await active.do("group", { text: f.get("title"), members: f.getAll("member").map(Number) });
    if (made) openWhenKnown(made.id);
  });
});

/** whenKnown does something once the server's news have come. */
function whenKnown(known, act, tries = 50) {
  if (known()) return act();
  if (tries) setTimeout(() => whenKnown(known, act, tries - 1), 40);
}

const openWhenKnown = (id) => whenKnown(() => chatOf(id), () => active.open(id));

// A page that the browser keeps for the Back button holds no connection: it has few for one host.
window.addEventListener("pagehide", () => source.close());
window.addEventListener("pageshow", (e) => { if (e.persisted) connect(); });
for (const b of document.querySelectorAll("[data-jump]")) {
  b.addEventListener("click", () => active.do("clock", { seconds: Number(b.dataset.jump) }));
}
for (const b of document.querySelectorAll("#switch button")) b.addEventListener("click", () => view(b.dataset.view));
window.addEventListener("resize", read);
document.addEventListener("visibilitychange", read);
document.addEventListener("toggle", (e) => { if (e.target.matches?.(".menu") && e.target.open) closeMenus(e.target); }, true);
document.addEventListener("click", (e) => closeMenus(e.target.closest?.(".menu")));
document.addEventListener("keydown", (e) => {
  const menu = e.key === "Escape" && e.target.closest?.(".menu[open]");
  if (menu) { menu.open = false; $("summary", menu).focus(); }
});

function relabel() {
  document.documentElement.lang = language;
  $("#language").value = language;
  sayAll(document);
  showClock();
  for (const p of panes) p.draw();
  drawList();
}
$("#language").addEventListener("change", (e) => {
  kept.language = speak(e.target.value);
  keep();
  relabel();
});

relabel();
view("left");
connect();
