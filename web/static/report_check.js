// Checks a downloaded proof here, in the browser: the same steps as `python -m bot report verify`.

import { canonical, hex, joined, listing, sha256, text, unhex, unpacked, utf8 } from "./proof_kit.js";

const NEEDED = ["report.csv", "report.json", "proof.json"];
const FORMAT = 1;
const MOST = 1 << 28; // bytes of a file in the zip

// Hashes, signatures, canonical JSON: see handlers/reporting/seal.py ---------------------------

const base64 = (coded) => Uint8Array.from(atob(coded), (one) => one.charCodeAt(0));

const leaf = (nonce, value) => sha256(joined([0], nonce, utf8.encode(canonical(value))));
const knot = (left, right) => sha256(joined([1], left, right));
const pick = (from, names) => Object.fromEntries(names.map((name) => [name, from[name]]));

async function root(leaves) {
  if (!leaves.length) return sha256(new Uint8Array());
  let level = leaves;
  while (level.length > 1) {
    const pairs = [];
    for (let at = 0; at + 1 < level.length; at += 2) pairs.push(knot(level[at], level[at + 1]));
    if (level.length % 2) pairs.push(level.at(-1));
    level = await Promise.all(pairs);
  }
  return level[0];
}

async function climbed(start, steps) {
  for (const [side, other] of steps) {
    start = await (side === "left" ? knot(unhex(other), start) : knot(start, unhex(other)));
  }
  return start;
}

async function knowsSignatures() {
  try {
    await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}

async function genuine(key, signature, bytes) {
  try {
    const owner = await crypto.subtle.importKey("raw", unhex(key), { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, owner, unhex(signature), bytes);
  } catch {
    return false;
  }
}

// The zip and the table ------------------------------------------------------------------------

async function unzipped(bytes) {
  const found = {};
  for (const one of listing(bytes)) {
    if (NEEDED.includes(one.name)) found[one.name] = await unpacked(one, MOST);
  }
  return found;
}

function* rows(table) {
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|\n|$)/y;
  for (let row = []; cell.lastIndex < table.length;) {
    const found = cell.exec(table);
    if (!found) throw new Error("not a table");
    const plain = found[1];
    row.push(plain.startsWith('"') ? plain.slice(1, -1).replaceAll('""', '"') : plain);
    if (found[2] !== ",") {
      yield row;
      row = [];
    }
  }
}

function daysOf(table) {
  const found = new Map();
  for (const row of rows(text(table))) {
    if (row.length === 3 && row[0] === "days") found.set(row[1], row[2]);
  }
  return found;
}

// What is checked: see handlers/reporting/verify.py ----------------------------------------------

const MESSAGE = ["community", "number", "day", "revision", "reason", "root", "previous", "at"];
const message = (entry) => utf8.encode(canonical(pick(entry, MESSAGE)));

function stated(proof) {
  const names = ["format", "campaign", "since", "until", "files"];
  return utf8.encode(canonical({ ...pick(proof, names), last: proof.chain.at(-1) ?? null }));
}

async function check(bytes, table, key) {
  const found = { key: "", entries: 0, days: 0, compared: 0, faults: [], signatures: await knowsSignatures() };
  try {
    const files = await unzipped(bytes);
    const proof = JSON.parse(text(files["proof.json"]));
    if (proof.format !== FORMAT) throw new Error("another format");
    found.key = proof.key;
    await checkFiles(found, proof, files, key);
    await checkChain(found, proof.chain);
    await checkDays(found, proof, files["report.csv"]);
    if (table && hex(table) !== hex(files["report.csv"])) found.faults.push(["table", {}]);
  } catch {
    found.faults.push(["unreadable", {}]);
  }
  return found;
}

async function checkFiles(found, proof, files, key) {
  if (key && key.toLowerCase() !== proof.key) found.faults.push(["other_key", {}]);
  if (found.signatures && !(await genuine(proof.key, proof.signature, stated(proof)))) {
    found.faults.push(["signature", {}]);
  }
  for (const name of ["report.csv", "report.json"]) {
    if (hex(await sha256(files[name])) !== proof.files[name]) found.faults.push(["file", { name }]);
  }
}

async function checkChain(found, chain) {
  const revisions = new Map();
  let [before, last, number] = ["", "", 0];
  for (const entry of chain) {
    number += 1;
    const wrong = (why) => found.faults.push([why, { number: entry.number, day: entry.day }]);
    if (entry.number !== number || entry.previous !== before) wrong("order");
    if (entry.signed_by !== found.key) wrong("entry");
    else if (found.signatures && !(await genuine(found.key, entry.signature, message(entry)))) wrong("entry");
    if (entry.revision !== (revisions.get(entry.day) ?? 0) + 1) wrong("revision");
    if (entry.revision === 1 && last && Date.parse(entry.day) - Date.parse(last) !== 86400000) wrong("gap");
    revisions.set(entry.day, entry.revision);
    if (entry.day > last) last = entry.day;
    before = hex(await sha256(message(entry)));
  }
  found.entries = chain.length;
}

async function checkDays(found, proof, table) {
  const told = daysOf(table);
  const newest = new Map(proof.chain.map((entry) => [entry.day, entry.number]));
  for (const day of proof.days) {
    const entry = proof.chain[day.number - 1];
    await checkDay(found, proof.campaign, day, entry);
    if (newest.get(entry.day) !== entry.number) continue;
    for (const { count } of day.totals) {
      found.compared += 1;
      const says = told.get(entry.day) ?? "–";
      if (says !== String(count)) found.faults.push(["count", { day: entry.day, told: says, sealed: count }]);
    }
  }
  const numbers = new Set(proof.days.map((day) => day.number));
  for (const [day, clicks] of told) {
    if (["0", "not shown"].includes(clicks) || !newest.has(day) || numbers.has(newest.get(day))) continue;
    found.faults.push(["missing", { day }]);
  }
}

async function checkDay(found, campaign, day, entry) {
  const raw = base64(day.leaves);
  const leaves = [];
  for (let at = 0; at < raw.length; at += 32) leaves.push(raw.subarray(at, at + 32));
  const top = await leaf(unhex(day.nonce), [campaign, hex(await root(leaves))]);
  if (hex(await climbed(top, day.path)) !== entry.root) {
    found.faults.push(["rows", { day: entry.day, number: entry.number }]);
    return;
  }
  found.days += 1;
  for (const total of day.totals) {
    const value = ["total", entry.day, total.class, total.count];
    if (hex(leaves[total.place]) !== hex(await leaf(unhex(total.nonce), value))) {
      found.faults.push(["total", { day: entry.day }]);
    }
  }
}

// The page -------------------------------------------------------------------------------------

const sentences = document.getElementById("sentences").content;
const result = document.getElementById("result");
const form = document.querySelector("form");

// Bengali digits where the page is in Bengali, but not in a key.
function said(name, values = {}) {
  const written = (value) => typeof value === "number" ? value.toLocaleString(document.documentElement.dataset.numbers) : value;
  const whole = sentences.querySelector(`[data-name=${name}]`).textContent;
  return whole.replace(/\{(\w+)\}/g, (_, one) => written(values[one]));
}

function line(name, values, kind = "p") {
  const node = document.createElement(kind);
  node.textContent = said(name, values);
  return node;
}

function show(found) {
  const whole = !found.faults.length;
  const lines = [line(whole ? (found.signatures ? "whole" : "whole_unsigned") : "broken", found)];
  lines[0].className = "head";
  if (!whole) {
    const list = document.createElement("ul");
    const told = new Set(found.faults.map(([name, values]) => said(`fault_${name}`, values)));
    list.append(...[...told].slice(0, 50).map((one) => Object.assign(document.createElement("li"), { textContent: one })));
    lines.push(list);
  }
  if (!found.signatures) lines.push(line("no_signatures"));
  if (found.key) lines.push(line("key", { key: found.key }));
  result.dataset.found = whole ? "whole" : "broken";
  result.replaceChildren(...lines);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  delete result.dataset.found;
  if (!globalThis.crypto?.subtle) return result.replaceChildren(line("not_secure"));
  result.replaceChildren(line("checking"));
  const bytes = async (file) => file && new Uint8Array(await file.arrayBuffer());
  const { proof, table, key } = form.elements;
  show(await check(await bytes(proof.files[0]), await bytes(table.files[0]), key.value.trim()));
});
