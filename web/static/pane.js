// One person at one screen: a name, a platform, a place, the chat and what they can do in it.

import { get, post } from "./door.js";
import { counted, element, lineOf } from "./lines.js";
import { Menu } from "./menu.js";
import { ask } from "./sheet.js";
import { current, languageOf, number, translate, words } from "./words.js";

const GROUP = "fans";
const MOST = 300; // lines kept on one screen
const TOAST_MS = 5000;

export class Pane {
  // `spec`: id, who, platform, tries (what a newcomer may write); `acted()` follows every act.
  constructor(spec, acted) {
    Object.assign(this, { ...spec, place: "dm", acted, lines: [], read: {}, drawn: new Map() });
    const node = document.getElementById("pane").content.cloneNode(true).firstElementChild;
    this.node = node;
    this.log = node.querySelector(".log");
    this.field = node.querySelector("textarea");
    this.toast = node.querySelector(".toast");
    this.trouble = node.querySelector(".composer .trouble");
    this.replying = node.querySelector(".replying");
    this.acts = {
      press: (line, button) => this.do("press", { message: line.id, button: button.id }),
      open: (form) => this.open(form),
      reply: (line) => this.answer(line),
      start: (payload) => this.start(payload),
    };
    this.prepare();
  }

  // Set-up -------------------------------------------------------------------------------------

  prepare() {
    const { node } = this;
    node.id = `pane-${this.id}`;
    node.querySelector("h2").id = `title-${this.id}`;
    node.setAttribute("aria-labelledby", `title-${this.id}`);
    this.name = node.querySelector("[name=who]");
    this.name.value = this.who;
    this.name.addEventListener("change", () => this.rename());
    for (const what of ["platform", "place"]) this.switch(what);
    this.menu = new Menu(node.querySelector(".menu"), this.field, this.id, {
      chosen: (card) => this.run(card),
      completed: (card) => this.write(`/${card.name} `),
    });
    node.querySelector(".slash").addEventListener("click", () => this.slash());
    node.querySelector(".replying button").addEventListener("click", () => this.answer(null));
    node.querySelector(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
    });
  }

  switch(what) {
    for (const choice of this.node.querySelectorAll(`.${what} input`)) {
      choice.name = `${what}-${this.id}`;
      choice.checked = choice.value === this[what];
      choice.addEventListener("change", () => this.go({ [what]: choice.value }));
    }
  }

  async translate() {
    translate(this.node);
    this.node.querySelector("h2").textContent = words(this.id);
    this.label();
    this.redraw();
    await this.learn();
  }

  label() {
    this.log.setAttribute("aria-label", words("log", { name: this.who }));
    this.field.setAttribute("aria-label", words("message"));
    this.field.placeholder = words(this.place === "dm" ? "write" : "write_group");
    this.node.dataset.platform = this.platform;
    this.node.dataset.place = this.place;
  }

  async learn() {
    const query = { platform: this.platform, language: current() };
    const { commands, forms } = await get("commands", query);
    this.forms = forms;
    const shown = commands.filter((card) => card.menu === null);
    this.menu.cards = shown.sort((one, other) => one.team - other.team);
  }

  // Moving about -------------------------------------------------------------------------------

  rename() {
    const who = this.name.value.trim();
    if (who) this.go({ who });
    else this.name.value = this.who;
  }

  // Another name, platform or place: another screen.
  async go(where) {
    Object.assign(this, where);
    for (const what of ["platform", "place"]) {
      this.node.querySelector(`.${what} [value=${this[what]}]`).checked = true;
    }
    if (where.who || where.platform) Object.assign(this, { lines: [], read: {} });
    this.answer(null);
    this.label();
    this.redraw();
    await this.try(async () => {
      if (where.platform) await this.learn();
      await this.refresh();
    });
  }

  // What is on the screen ----------------------------------------------------------------------

  async refresh() {
    const asked = `${this.who}|${this.platform}`;
    const { seen, said } = await get("transcript", { who: this.who, platform: this.platform });
    if (asked !== `${this.who}|${this.platform}`) return;
    this.lines = [...seen, ...said].sort((one, other) => one.order - other.order);
    this.draw();
  }

  draw() {
    const here = this.lines.filter((line) => line.place === this.place).slice(-MOST);
    const near = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 120;
    if (!here.length) this.welcome();
    else if (!this.drawn.size) this.log.replaceChildren();
    const kept = new Set(here.map((line) => line.id));
    for (const [id, { node }] of this.drawn) if (!kept.has(id)) (node.remove(), this.drawn.delete(id));
    let grew = false;
    for (const line of here) grew = this.placeLine(line) || grew;
    if (grew && near) this.log.scrollTop = this.log.scrollHeight;
    this.unread();
  }

  // True when the line is new; an edited one takes its old place, and keeps the focus.
  placeLine(line) {
    const mark = JSON.stringify(line);
    const old = this.drawn.get(line.id);
    if (old?.mark === mark) return false;
    const node = lineOf(line, this.who, this.acts);
    if (old) {
      const focused = old.node.contains(document.activeElement);
      old.node.replaceWith(node);
      if (focused) (node.querySelector(".key") ?? this.log).focus();
    } else {
      this.log.append(node);
    }
    this.drawn.set(line.id, { node, mark });
    return !old;
  }

  redraw() {
    this.drawn.clear();
    this.log.replaceChildren();
    this.draw();
    this.log.scrollTop = this.log.scrollHeight;
  }

  welcome() {
    const alone = this.place === "dm";
    const node = element("div", "empty");
    node.append(element("p", "", words(alone ? "empty" : "empty_group")));
    for (const text of alone ? this.tries : []) {
      const chip = element("button", "chip", text);
      chip.type = "button";
      chip.lang = languageOf(text);
      chip.addEventListener("click", () => this.do("say", { place: "dm", text }));
      node.append(chip);
    }
    this.log.replaceChildren(node);
  }

  // How many lines nobody has looked at yet, by place; the place that is shown is being read.
  unread() {
    this.fresh = 0;
    for (const choice of this.node.querySelectorAll(".place input")) {
      const there = this.lines.filter((line) => line.place === choice.value);
      const last = there.at(-1)?.order ?? 0;
      const seen = (this.read[choice.value] ??= last);
      const count = there.filter((line) => line.order > seen).length;
      if (choice.value === this.place && this.visible()) this.read[choice.value] = last;
      else this.fresh += count;
      badge(choice.nextElementSibling, choice.value === this.place ? 0 : count);
    }
  }

  visible() {
    return this.node.offsetParent !== null;
  }

  flash(toasts) {
    const toast = toasts.at(-1);
    if (!toast) return;
    this.toast.replaceChildren(element("span", "", toast.text), element("small", "", counted(toast)));
    this.toast.lang = languageOf(toast.text);
    this.toast.hidden = false;
    clearTimeout(this.fading);
    this.fading = setTimeout(() => (this.toast.hidden = true), TOAST_MS);
  }

  // What the person does -----------------------------------------------------------------------

  // Call the API as this person; true when it was obeyed.
  async do(call, fields) {
    return this.try(async () => {
      this.log.scrollTop = this.log.scrollHeight;
      await this.call(call, fields);
    });
  }

  async call(call, fields) {
    const { seen } = await post(call, { who: this.who, platform: this.platform, ...fields });
    this.flash(seen.filter((line) => line.kind === "toast"));
    await this.acted();
    const asked = seen.findLast((line) => line.form);
    if (asked) setTimeout(() => this.open(asked.form)); // once the dialog before has closed
  }

  async try(act) {
    this.node.setAttribute("aria-busy", "true");
    try {
      await act();
      this.trouble.hidden = true;
      return true;
    } catch (error) {
      this.trouble.textContent = error.message;
      this.trouble.lang = languageOf(error.message);
      this.trouble.hidden = false;
      return false;
    } finally {
      this.node.removeAttribute("aria-busy");
    }
  }

  async send() {
    const text = this.field.value;
    if (!text.trim() || this.node.hasAttribute("aria-busy")) return;
    const reply = this.answered ? { reply: this.answered } : {};
    this.menu.close();
    if (await this.do("say", { place: this.place, text, ...reply })) {
      this.write("");
      this.answer(null);
    }
  }

  write(text) {
    this.field.value = text;
    this.field.focus();
    this.menu.look();
  }

  slash() {
    this.write("/");
  }

  // Where a platform has named options they are asked for; elsewhere the bot asks by itself.
  run(card) {
    this.write("");
    const fields = { place: this.place, command: card.name };
    if (!this.forms || !card.options.length) return this.do("command", fields);
    const options = card.options.map((option) => ({
      ...option,
      suggested: option.suggested && ((typed) => this.suggest(card.name, option.name, typed)),
    }));
    const sheet = { title: `/${card.name}`, note: card.about, fields: options, submit: words("run") };
    return ask(sheet, (given) => {
      const args = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
      return this.call("command", { ...fields, args });
    });
  }

  async suggest(command, option, soFar) {
    const typed = { command, option, so_far: soFar, place: this.place };
    return (await post("suggest", { who: this.who, platform: this.platform, ...typed })).choices;
  }

  open(form) {
    ask({ ...form, submit: words("submit") }, (values) => this.call("fill", { form: form.id, values }));
  }

  answer(line) {
    this.answered = line?.id ?? null;
    this.replying.hidden = !line;
    if (!line) return;
    this.replying.firstElementChild.textContent = words("replying", { text: line.text.slice(0, 60) });
    this.field.focus();
  }

  // A deep link was followed: it opens the private chat, and only Telegram has those.
  async start(payload) {
    await this.go({ platform: "telegram", place: "dm" });
    await this.do("command", { place: "dm", command: "start", args: payload });
  }
}

export function badge(node, count) {
  node.querySelector(".badge")?.remove();
  if (!count) return;
  const mark = element("span", "badge");
  const shown = element("span", "", number(count));
  shown.setAttribute("aria-hidden", "true");
  mark.append(shown, element("span", "hidden", words("fresh", { count: number(count) })));
  node.append(" ", mark);
}
