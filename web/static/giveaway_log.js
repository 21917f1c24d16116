// Reads a proof: the files of the zip, and its log line by line, as handlers/giveaways/verify.py does.

import { AT_ONCE, Fault, tagged } from "./gw1.js";
import { canonical, hex, joined, listing, sha256, text, unhex, unpacked, utf8 } from "./proof_kit.js";

export const [PARAMS, ENTRIES, DRAW, LOG, PROGRAM] = ["params.json", "entries.csv", "draw.json", "events.log", "verify.py"];
const MOST = { [PARAMS]: 2 ** 16, [ENTRIES]: 2 ** 29, [DRAW]: 2 ** 25, [LOG]: 2 ** 30, [PROGRAM]: 2 ** 20 }; // bytes
const PACKED = 64; // times smaller at most
const HEX = /^[0-9a-f]{64}$/;
const SAME = ["id", "beacon", "cap", "claim_h", "margin_s", "reserves", "tickets"];
const STAGES = { // kind: [stages in which it may happen, the stage after it]
  amend: [[1], 1], enter: [[1], 1], leave: [[1], 1], merge: [[1], 1], freeze: [[1], 2],
  beacon: [[2], 3], skip: [[3, 4], 0], draw: [[3], 4], claim: [[4], 4], lost: [[4], 4], promote: [[4], 4],
};

export const same = (one, two) => canonical(one) === canonical(two);

export function like(shown, full) {
  const [start, end = ""] = shown.trim().toLowerCase().split(/…|\.{2,}/u);
  return start.length >= 8 && start.length + end.length <= 64 && full.startsWith(start) && full.endsWith(end);
}

export const add = (p, mark, name, values = {}) => p.found.push([mark, name, values]);
export const event = (p, kind) => p.events.find(([, one]) => one.kind === kind)[1];

export async function files(p) {
  let found;
  try {
    found = listing(p.bytes);
  } catch {
    throw new Fault("bad_zip");
  }
  const names = found.map((one) => one.name);
  const foreign = names.find((name, at) => !Object.hasOwn(MOST, name) || names.indexOf(name) !== at);
  if (foreign !== undefined) throw new Fault("foreign", { name: foreign });
  for (const name of Object.keys(MOST)) {
    const one = found.find((file) => file.name === name);
    if (!one) throw new Fault("missing", { name });
    if (one.full > MOST[name] || one.full > one.packed.length * PACKED + 4096) throw new Fault("huge", { name });
    try {
      if (name !== PROGRAM) p.files[name] = await unpacked(one, one.full);
    } catch {
      throw new Fault("bad_zip");
    }
  }
}

export async function log(p) {
  for (const lines = linesOf(p.files[LOG]); ;) {
    p.tell(p.last);
    const batch = [];
    for (let one = lines.next(); !one.done; one = lines.next()) {
      batch.push(one.value);
      if (batch.length === AT_ONCE) break;
    }
    if (!batch.length) break;
    if (!p.last && batch[0].number !== null && batch[0].number !== "1") throw new Fault("chain", { line: 1 });
    if (!p.last) p.logHead = hex(await opened(p, batch[0].event));
    const before = [p.logHead, ...batch.map((one) => one.head)];
    const made = await Promise.all(batch.map((one, at) => sha256(joined(unhexed(before[at]), one.event))));
    for (const [at, one] of batch.entries()) {
      p.last += 1;
      if (one.number === null) throw new Fault("unreadable", { name: LOG, line: p.last });
      if (one.number !== String(p.last) || hex(made[at]) !== one.head) throw new Fault("chain", { line: p.last });
      for (const shown of p.heads) if (like(shown, one.head)) p.seen.set(shown, p.last);
      if (p.last > 1) await happened(p, one.event);
      p.logHead = one.head;
    }
  }
  if (p.stage !== 4) throw new Fault("unfinished");
  add(p, "ok", "log", { lines: p.last });
}

const unhexed = (head) => (HEX.test(head) ? unhex(head) : new Uint8Array());
const ascii = (bytes) => String.fromCharCode(...bytes.subarray(0, 80));

function* linesOf(raw) {
  for (let at = 0; at < raw.length;) {
    const end = raw.indexOf(10, at);
    const line = raw.subarray(at, end < 0 ? raw.length : end);
    const [one, two] = [line.indexOf(32), line.indexOf(32, line.indexOf(32) + 1)];
    const [number, head] = [ascii(line.subarray(0, one)), ascii(line.subarray(one + 1, two))];
    yield { number: end < 0 ? null : number, head, event: line.subarray(two + 1) };
    at = end < 0 ? raw.length : end + 1;
  }
}

async function opened(p, bytes) {
  p.last = 1;
  const told = read(p, bytes);
  if (told.kind !== "open") throw new Fault("order", { line: 1, kind: String(told.kind) });
  await promised(p, told);
  p.stage = 1;
  p.last = 0;
  return p.digest;
}

function read(p, bytes) {
  try {
    const whole = text(bytes);
    const told = JSON.parse(whole);
    if (canonical(told) === whole && typeof told.kind === "string") return told;
  } catch { /* said below */ }
  throw new Fault("unreadable", { name: LOG, line: p.last });
}

async function promised(p, told) {
  const [terms, before] = [JSON.parse(told.params), p.terms];
  if (canonical(terms) !== told.params) throw new Fault("unreadable", { name: LOG, line: p.last });
  for (const name of before ? SAME : []) {
    if (!same(terms[name] ?? null, before[name] ?? null)) throw new Fault("amend", { line: p.last, name });
  }
  for (const name of before ? ["close_at", "winners"] : []) {
    if (terms[name] < before[name]) throw new Fault("amend", { line: p.last, name });
  }
  p.terms = terms;
  p.digest = await tagged("gw1:params", utf8.encode(told.params));
}

async function happened(p, bytes) {
  const told = read(p, bytes);
  const [stages, after] = Object.hasOwn(STAGES, told.kind) ? STAGES[told.kind] : [[], 0];
  if (!stages.includes(p.stage)) throw new Fault("order", { line: p.last, kind: told.kind });
  p.stage = after || p.stage;
  if (told.kind === "enter") enter(p, told.C);
  else if (told.kind === "leave" || told.kind === "merge") moved(p, told);
  else if (told.kind === "amend") await promised(p, told);
  else p.events.push([p.last, told]);
}

function enter(p, C) {
  if (p.pool.has(C)) throw new Fault("order", { line: p.last, kind: "enter" });
  p.pool.add(C);
}

function moved(p, told) {
  const gone = told.of ?? [told.C];
  if (!gone.length || new Set(gone).size < gone.length || !gone.every((one) => p.pool.has(one))) {
    throw new Fault("order", { line: p.last, kind: told.kind });
  }
  for (const one of gone) p.pool.delete(one);
  if (told.kind === "merge") enter(p, told.C);
}
