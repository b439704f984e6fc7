// Text with entities, as a tree of elements. Nothing a person wrote is ever
// read as markup: text goes in as text only.
import { say } from "./words.js";

/** el makes an element with a class, a text or children, and attributes. */
export function el(tag, { class: name, text, ...rest } = {}, ...children) {
  const e = document.createElement(tag);
  if (name) e.className = name;
  if (text !== undefined) e.textContent = text;
  for (const [key, value] of Object.entries(rest)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
    else e.setAttribute(key, value === true ? "" : value);
  }
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}

/** icon is one of the drawings at the end of index.html. */
export function icon(name, label) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  if (label) { svg.setAttribute("role", "img"); svg.setAttribute("aria-label", label); } else svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#icon-" + name);
  svg.append(use);
  return svg;
}

/** safeLink is the address if a click may open it. */
export function safeLink(address) {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : "https://" + address;
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(full).protocol) ? full : null;
  } catch {
    return null;
  }
}

const plain = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote",
};

const blocks = ["pre", "blockquote", "expandable_blockquote"];

function link(address, follow) {
  const href = safeLink(address);
  if (!href) return el("span");
  return el("a", {
    href, target: "_blank", rel: "noopener noreferrer nofollow",
    onclick: (e) => { if (follow(href)) e.preventDefault(); },
  });
}

function pressable(e, act) {
  e.tabIndex = 0;
  e.setAttribute("role", "button");
  e.addEventListener("click", act);
  e.addEventListener("keydown", (k) => {
    if (k.key === "Enter" || k.key === " ") { k.preventDefault(); act(); }
  });
  return e;
}

function spoiler() {
  const inside = el("span");
  const e = el("span", { class: "spoiler", "aria-label": say("spoiler") }, inside);
  e.inside = inside;
  return pressable(e, () => { e.classList.add("shown"); e.removeAttribute("role"); e.removeAttribute("aria-label"); e.tabIndex = -1; });
}

function folded() {
  const e = el("blockquote", { class: "folded" });
  return pressable(e, () => e.classList.toggle("folded"));
}

function element(entity, words, hands) {
  if (plain[entity.type]) return el(plain[entity.type]);
  switch (entity.type) {
    case "pre": return el("pre");
    case "spoiler": return spoiler();
    case "expandable_blockquote": return folded();
    case "text_link": return link(entity.url, hands.follow);
    case "url": return link(words, hands.follow);
    case "email": return link("mailto:" + words, hands.follow);
    case "bot_command": return el("button", { class: "command", type: "button", onclick: () => hands.command(words) });
    case "mention": case "text_mention": return el("span", { class: "mention" });
    case "hashtag": case "cashtag": return el("span", { class: "tag" });
    default: return el("span");
  }
}

/** render turns text and entities into nodes. hands: follow(href), command(text). */
export function render(text, entities, hands) {
  const fragment = document.createDocumentFragment();
  fill(fragment, text, 0, text.length, (entities || []).map((e) => ({ ...e, end: e.offset + e.length })), hands);
  return fragment;
}

function fill(parent, text, from, to, entities, hands) {
  const waiting = [...entities].sort((a, b) => a.offset - b.offset || b.end - a.end);
  let at = from;
  while (waiting.length) {
    const outer = waiting.shift();
    if (outer.offset >= to || outer.end <= outer.offset) continue;
    if (outer.offset > at) parent.append(text.slice(at, outer.offset));
    const end = Math.min(outer.end, to);
    const inner = [];
    for (let i = 0; i < waiting.length;) {
      const e = waiting[i];
      if (e.offset >= end) { i++; continue; }
      waiting.splice(i, 1);
      inner.push({ ...e, end: Math.min(e.end, end) });
      if (e.end > end) waiting.splice(i++, 0, { ...e, offset: end });
    }
    const node = element(outer, text.slice(outer.offset, end), hands);
    fill(node.inside ?? node, text, Math.max(outer.offset, at), end, inner, hands);
    parent.append(node);
    at = end;
    if (blocks.includes(outer.type) && text[at] === "\n") at++; // the block itself ends its line
  }
  if (at < to) parent.append(text.slice(at, to));
}
