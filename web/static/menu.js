// The list of commands that opens over the text field after "/".

import { element } from "./lines.js";
import { words } from "./words.js";

// `chosen(card)` runs a command; `completed(card)` only writes it into the field.
export class Menu {
  constructor(list, field, id, { chosen, completed }) {
    Object.assign(this, { list, field, chosen, completed, cards: [], shown: [], at: -1 });
    list.id = `menu-${id}`;
    field.setAttribute("aria-controls", list.id);
    field.addEventListener("input", () => this.look());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus
  }

  // Show what begins with the words typed so far.
  look() {
    const typed = this.field.value;
    const wanted = typed.slice(1).toLowerCase();
    const open = typed.startsWith("/") && !typed.includes("\n");
    this.shown = open ? this.cards.filter((card) => card.name.startsWith(wanted)) : [];
    this.at = -1;
    this.list.replaceChildren(...this.shown.map((card, at) => this.row(card, at)));
    this.list.hidden = this.shown.length === 0;
    this.mark();
  }

  row(card, at) {
    const row = element("li");
    row.id = `${this.list.id}-${at}`;
    row.setAttribute("role", "option");
    row.append(element("strong", "", `/${card.name}`));
    if (card.team) row.append(" ", element("span", "needed", words("team")));
    row.append(element("span", "about", card.about));
    row.addEventListener("click", () => this.take(card, this.chosen));
    return row;
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      const count = this.shown.length;
      const from = this.at < 0 && event.key === "ArrowUp" ? 0 : this.at;
      this.at = (from + steps[event.key] + count) % count;
      this.mark();
    } else if (event.key === "Escape") {
      this.close();
    } else if (this.at >= 0 && event.key === "Enter") {
      this.take(this.shown[this.at], this.chosen);
    } else if (this.at >= 0 && event.key === "Tab" && !event.shiftKey) {
      this.take(this.shown[this.at], this.completed);
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  take(card, act) {
    this.close();
    act(card);
  }

  mark() {
    for (const [at, row] of [...this.list.children].entries()) {
      row.setAttribute("aria-selected", at === this.at);
    }
    const active = this.list.children[this.at];
    if (active) {
      this.field.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.mark();
  }
}
