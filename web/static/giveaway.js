// The page of a giveaway: fetches the proof once, or takes it from a file, and checks it here.

import { check } from "./giveaway_check.js";

const MARKS = { ok: "✓", note: "⚠", fault: "✗" };
const LEFT = ["unasked", "other_chain", "manual", "trust"]; // a person has to judge
const sentences = document.getElementById("sentences").content;
const result = document.getElementById("result");
const form = document.getElementById("check");
let downloaded = null;

const sentence = (name) => sentences.querySelector(`[data-name="${CSS.escape(name)}"]`)?.textContent;

// Rules and reasons in words, Bengali digits where the page is in Bengali, a hash as it is.
function written(name, value) {
  if (typeof value !== "number") return sentence(`${name}_${value}`) ?? String(value).slice(0, 400);
  return value.toLocaleString(document.documentElement.dataset.numbers, { useGrouping: false });
}

function said(name, values = {}) {
  return sentence(name).replace(/\{(\w+)\}/g, (_, one) => written(one, values[one] ?? ""));
}

function line(kind, mark, words) {
  const node = document.createElement(kind);
  node.className = mark;
  node.textContent = mark in MARKS ? `${MARKS[mark]} ${words}` : words;
  return node;
}

function show(found) {
  const bad = found.find(([mark]) => mark === "fault");
  const whole = found.some(([, name]) => LEFT.includes(name)) ? "partly" : "right";
  const verdict = bad ? (bad[1] === "not_in" ? "absent" : "wrong") : whole;
  const list = document.createElement("ul");
  list.append(...found.map(([mark, name, values]) => line("li", mark, said(name, values))));
  result.replaceChildren(line("p", "head", said(verdict)), list);
  result.dataset.found = verdict;
}

async function proof() {
  const file = form.elements.proof.files[0];
  if (file) return new Uint8Array(await file.arrayBuffer());
  if (!downloaded) {
    const answer = await fetch(form.dataset.proof, { credentials: "omit" });
    if (!answer.ok) throw new Error(answer.statusText);
    downloaded = new Uint8Array(await answer.arrayBuffer());
  }
  return downloaded;
}

form?.addEventListener("submit", async (submitted) => {
  submitted.preventDefault();
  delete result.dataset.found;
  if (!globalThis.crypto?.subtle) return result.replaceChildren(line("p", "", said("not_secure")));
  result.replaceChildren(line("p", "", said("checking")));
  const { entry, seen } = form.elements;
  try {
    const found = await check(await proof(), {
      entry: entry.value.trim(),
      heads: seen.value.split(/[\s,;]+/u).filter(Boolean),
      relays: form.dataset.relays.split(" ").filter(Boolean),
      tell: (count) => result.replaceChildren(line("p", "", count ? said("so_far", { count }) : said("checking"))),
    });
    show(found);
  } catch {
    result.replaceChildren(line("p", "head", said("not_loaded")));
    result.dataset.found = "none";
  }
});

const mine = location.hash.slice(1);
if (form && /^[0-9a-f]{8,64}$/.test(mine)) form.elements.entry.value = mine;
