// One line of a chat as elements: what was said, its buttons, its length against the limit.

import { current, languageOf, number, words } from "./words.js";

const BOT = "adda";
const HUES = 6;

export function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

// `acts` has press(line, button), open(form), reply(line) and start(payload).
export function lineOf(line, me, acts) {
  const author = line.author ?? BOT;
  const node = element("article", `line ${author === BOT ? "theirs" : author === me ? "mine" : "others"}`);
  node.classList.toggle("alone", Boolean(line.private) && line.place !== "dm");
  node.dataset.kind = line.kind ?? "said";
  node.append(avatar(author), bodyOf(line, author, acts));
  return node;
}

function avatar(author) {
  const node = element("span", "avatar", author === BOT ? "আ" : [...author][0].toUpperCase());
  const sum = [...author].reduce((total, letter) => total + letter.codePointAt(0), 0);
  node.dataset.hue = author === BOT ? "bot" : sum % HUES;
  node.setAttribute("aria-hidden", "true");
  return node;
}

function bodyOf(line, author, acts) {
  const body = element("div", "body");
  body.append(authorOf(author));
  if (line.picture) body.append(pictureOf(line.picture));
  if (line.form) body.append(formOf(line.form, acts));
  else body.append(textOf(line.text, acts));
  if (line.buttons?.length) body.append(keysOf(line, acts));
  if (line.kind) body.append(metaOf(line, acts));
  return body;
}

function authorOf(author) {
  const node = element("p", "author", author === BOT ? "Adda" : author);
  if (author === BOT) node.append(" ", element("span", "tag", words("bot")));
  return node;
}

function pictureOf(picture) {
  const image = element("img", "picture");
  image.src = picture.src;
  image.alt = picture.alt;
  image.lang = languageOf(picture.alt);
  image.loading = "lazy";
  return image;
}

function textOf(text, acts) {
  const node = element("div", "text");
  node.lang = languageOf(text);
  for (const piece of text.split(/(https?:\/\/[^\s<>"”]+[^\s<>"”.,;:!?)।])/)) {
    const address = /^https?:\/\//.test(piece) && URL.canParse(piece);
    node.append(address ? linkOf(piece, piece, acts) : piece);
  }
  return node;
}

// A deep link to the bot stays inside the playground; everything else opens beside it.
export function linkOf(url, label, acts) {
  const link = element("a", "", label);
  link.href = url;
  const payload = deepLink(url);
  if (payload !== null) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      acts.start(payload);
    });
  } else {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.append(element("span", "hidden", ` ${words("opens")}`));
  }
  return link;
}

function deepLink(url) {
  const { host, pathname, searchParams } = new URL(url);
  return host === "t.me" && pathname === `/${BOT}` ? (searchParams.get("start") ?? "") : null;
}

function formOf(form, acts) {
  const node = element("div", "text form", form.title);
  node.lang = languageOf(form.title);
  const open = element("button", "key", words("fill"));
  open.type = "button";
  open.addEventListener("click", () => acts.open(form));
  const keys = element("div", "keys");
  keys.append(open);
  const both = element("div");
  both.append(node, keys);
  return both;
}

function keysOf(line, acts) {
  const keys = element("div", "keys");
  for (const button of line.buttons) {
    keys.append(button.url ? urlKey(button, acts) : actKey(line, button, acts));
  }
  return keys;
}

function urlKey(button, acts) {
  const link = linkOf(button.url, button.label, acts);
  link.className = "key outward";
  link.lang = languageOf(button.label);
  return link;
}

function actKey(line, button, acts) {
  const key = element("button", "key", button.label);
  key.type = "button";
  key.lang = languageOf(button.label);
  key.dataset.button = button.id;
  key.addEventListener("click", () => acts.press(line, button));
  return key;
}

function metaOf(line, acts) {
  const meta = element("p", "meta");
  meta.lang = current();
  if (line.kind === "toast") meta.append(element("span", "count", counted(line)));
  else if (!line.form) meta.append(element("span", "count", `${number(line.length)}/${number(line.limit)}`));
  if (line.edited) meta.append(element("span", "", words("edited")));
  if (line.private && line.place !== "dm") meta.append(element("span", "only", words("only_you")));
  if (line.place !== "dm" && line.kind === "message") {
    const reply = element("button", "link", words("reply"));
    reply.type = "button";
    reply.addEventListener("click", () => acts.reply(line));
    meta.append(reply);
  }
  return meta;
}

// "toast 92/200"
export const counted = (line) =>
  `${words("toast")} ${number(line.length)}/${number(line.limit)}`;
