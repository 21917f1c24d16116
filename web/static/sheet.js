// Questions asked in a dialog: a form of the bot, a command's options, or only a confirmation.

import { element } from "./lines.js";
import { languageOf, number, words } from "./words.js";

const dialog = document.getElementById("sheet");
const form = dialog.querySelector("form");
const trouble = dialog.querySelector(".trouble");
let send = null;

// `sheet` has title, note, fields and the submit button's words; `done(values)` may refuse by
// throwing, and then the dialog stays open with the reason.
export function ask(sheet, done) {
  dialog.querySelector("h2").textContent = sheet.title;
  dialog.querySelector("h2").lang = languageOf(sheet.title);
  dialog.setAttribute("aria-label", sheet.title);
  const rows = sheet.fields.map(rowOf);
  if (sheet.note) rows.unshift(element("p", "note", sheet.note));
  dialog.querySelector(".fields").replaceChildren(...rows);
  dialog.querySelector("[type=submit]").textContent = sheet.submit;
  trouble.hidden = true;
  send = done;
  dialog.showModal();
  (dialog.querySelector(".fields :is(input, textarea, select)") ?? form.elements[0]).focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await send(Object.fromEntries(new FormData(form)));
    dialog.close();
  } catch (error) {
    trouble.textContent = error.message;
    trouble.lang = languageOf(error.message);
    trouble.hidden = false;
  }
});
form.querySelector("[type=button]").addEventListener("click", () => dialog.close());

function rowOf(field) {
  const row = element("div", "field");
  const label = element("label");
  const control = controlOf(field);
  const text = element("span", "", field.label);
  text.lang = languageOf(field.label);
  label.append(text);
  if (field.required) label.append(" ", element("span", "needed", words("required")));
  label.append(control);
  row.append(label);
  if (field.limit) row.append(counterOf(field, control));
  if (field.suggested) suggest(row, field, control);
  return row;
}

function controlOf(field) {
  const pick = field.kind === "choice" || field.kind === "yes_no";
  const control = element(pick ? "select" : field.long ? "textarea" : "input");
  if (pick) control.append(...optionsOf(field));
  else control.value = field.value ?? "";
  if (field.long) control.rows = 4;
  if (field.kind === "whole") control.inputMode = "numeric";
  control.name = field.name;
  control.required = field.required;
  return control;
}

function optionsOf(field) {
  const yesNo = [{ label: words("yes"), value: "yes" }, { label: words("no"), value: "no" }];
  const choices = field.kind === "yes_no" ? yesNo : field.choices;
  return [{ label: words("any"), value: "" }, ...choices].map(
    ({ label, value }) => new Option(label, value),
  );
}

// "12/400", counted in letters as the platform counts them.
function counterOf(field, control) {
  const counter = element("p", "counter");
  const count = () => {
    const length = [...control.value].length;
    counter.textContent = `${number(length)}/${number(field.limit)}`;
    const over = length > field.limit;
    counter.classList.toggle("over", over);
    control.setCustomValidity(over ? words("too_long", { limit: number(field.limit) }) : "");
  };
  control.addEventListener("input", count);
  count();
  return counter;
}

// Suggestions of the bot while an option is typed, only the answer to the latest letters counts.
function suggest(row, field, control) {
  const list = element("datalist");
  list.id = `suggested-${field.name}`;
  control.setAttribute("list", list.id);
  row.append(list);
  let latest = 0;
  const look = async () => {
    const mine = ++latest;
    const choices = await field.suggested(control.value.slice(0, 100)).catch(() => []);
    if (mine === latest) {
      list.replaceChildren(...choices.map(({ label, value }) => new Option(label, value)));
    }
  };
  control.addEventListener("input", look);
  look();
}
