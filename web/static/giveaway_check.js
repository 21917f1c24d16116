// Checks the proof of a draw (GW1) in the browser: the same steps as handlers/giveaways/verify.py.

import { DRAW, ENTRIES, PARAMS, add, event, files, like, log, same } from "./giveaway_log.js";
import { CHAIN, Fault, GENESIS, PERIOD, order, randomness, rootOf, roundAt, split, tagged, whole } from "./gw1.js";
import { hex, text, unhex, utf8 } from "./proof_kit.js";

const HEADER = "C,tickets\n";
const LATE = 30; // seconds
const ASK = 8000; // ms for a relay

// What is checked ----------------------------------------------------------------------------------

async function params(p) {
  if (hex(await tagged("gw1:params", p.files[PARAMS])) !== hex(p.digest)) throw new Fault("params");
  add(p, "ok", "terms", { prize: p.terms.prize });
}

function listed(p) {
  const table = String.fromCharCode(...p.files[ENTRIES].subarray(0, HEADER.length));
  const rows = new TextDecoder("latin1").decode(p.files[ENTRIES].subarray(HEADER.length)).split("\n");
  if (table !== HEADER || rows.pop() !== "") throw new Fault("unreadable", { name: ENTRIES, line: 1 });
  const most = Math.min(p.terms.cap, Object.values(p.terms.tickets).reduce((sum, one) => sum + one, 0));
  let last = "";
  rows.forEach((row, at) => {
    if (!/^[0-9a-f]{64},([1-9][0-9]?|100)$/.test(row) || row.slice(0, 64) <= last) {
      throw new Fault("unreadable", { name: ENTRIES, line: at + 2 });
    }
    const [C, tickets] = [row.slice(0, 64), Number(row.slice(65))];
    if (tickets > most) throw new Fault("tickets", { C, tickets, most });
    p.entries.push({ C, bytes: unhex(C), tickets });
    last = C;
  });
  const all = new Set(p.entries.map((one) => one.C));
  for (const C of [...p.pool].filter((one) => !all.has(one)).sort().slice(0, 1)) throw new Fault("dropped", { C });
  for (const { C } of p.entries) if (!p.pool.has(C)) throw new Fault("stranger", { C });
  add(p, "ok", "entries", { count: rows.length });
}

async function frozen(p) {
  const told = event(p, "freeze");
  const tickets = p.entries.reduce((sum, one) => sum + one.tickets, 0);
  const made = await rootOf(p.entries);
  const count = p.entries.length;
  if (told.root !== hex(made) || told.tickets !== tickets || told.n !== count) {
    throw new Fault("root", { root: hex(made), published: told.root });
  }
  const head = hex(await tagged("gw1:freeze", p.digest, made, whole(count, 8), whole(tickets, 8)));
  if (head !== told.head) throw new Fault("freeze_head", { head, published: told.head });
  for (const shown of p.heads) {
    if ([head, hex(made), hex(p.digest)].some((one) => like(shown, one))) p.seen.set(shown, 0);
  }
  timed(p, told);
  add(p, "ok", "frozen", { count, tickets, head });
}

function timed(p, { at, late, round }) {
  const close = p.terms.close_at;
  if (typeof late !== "boolean" || (at > close + LATE + 1 && !late)) throw new Fault("late");
  const since = late || at < close ? at : close;
  const [kind, chain] = split(p.terms.beacon);
  const known = kind === "drand" && chain === CHAIN;
  if (kind === "drand" && !known) add(p, "note", "other_chain", { chain: p.terms.beacon });
  if (known) {
    const due = roundAt(since + p.terms.margin_s);
    const out = new Date((GENESIS + (due - 1) * PERIOD) * 1000);
    add(p, "note", "before", { round: due, time: out.toISOString().slice(0, 19).replace("T", " ") });
  }
  const expected = known ? roundAt(since + p.terms.margin_s) : kind === "drand" ? round : 0;
  if (round !== expected) throw new Fault("round", { round, expected });
  if (late) add(p, "note", "frozen_late", { seconds: at - close });
}

async function beacon(p) {
  const [kind, named] = split(p.terms.beacon);
  const [{ value }, { round }] = [event(p, "beacon"), event(p, "freeze")];
  p.chance = await randomness(p.terms.beacon, value);
  if (kind === "manual") add(p, "note", "manual", { source: named, value });
  else if (kind === "commit-reveal") add(p, "note", "trust");
  else await asked(p, named, round, value);
}

// A browser has no BLS: it asks the relays themselves what they signed, and says so.
async function asked(p, chain, round, value) {
  const answers = await Promise.all(p.relays.map((relay) => signature(`${relay}/${chain}/public/${round}`)));
  if (answers.some((one) => one !== null && one !== value)) throw new Fault("forged", { round });
  const agree = p.relays.filter((_, at) => answers[at] === value).map((one) => new URL(one).host).join(", ");
  const address = `${p.relays[0] ?? "https://api.drand.sh"}/${chain}/public/${round}`;
  if (agree) add(p, "ok", "relays", { round, agree });
  else add(p, "note", "unasked", { round, address, value });
}

async function signature(address) {
  try {
    const options = { credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(ASK) };
    const answer = await fetch(address, options);
    return answer.ok ? String((await answer.json()).signature).toLowerCase() : null;
  } catch {
    return null;
  }
}

async function winners(p) {
  const told = event(p, "draw");
  const seed = await tagged("gw1:seed", unhex(event(p, "freeze").head), p.chance);
  p.seed = hex(seed);
  p.ranking = await order(seed, p.entries);
  const at = p.events.find(([, one]) => one.kind === "draw")[0];
  const skips = p.events.filter(([number, one]) => one.kind === "skip" && number < at).map(([, one]) => one);
  const passed = new Set(skips.map((one) => one.C));
  const line = p.ranking.filter((C) => !passed.has(C));
  const { winners: most, reserves: kept } = p.terms;
  matched("winner", told.winners, line.slice(0, most), told);
  matched("reserve", told.reserves, line.slice(most, most + kept), told);
  p.queue = line.slice(most);
  for (const one of skips) skipped(p, one);
  add(p, "ok", "winners", { winners: told.winners.length, reserves: told.reserves.length });
}

function matched(what, told, right, { winners: won, reserves }) {
  for (let place = 0; place < Math.max(told.length, right.length); place += 1) {
    const [got, due] = [told[place] ?? "–", right[place] ?? "–"];
    if (got === due) continue;
    if (due !== "–" && !won.includes(due) && !reserves.includes(due)) throw new Fault("passed_over", { C: due, got });
    throw new Fault(what, { place: place + 1, C: due, got });
  }
}

function skipped(p, { C, rule, by }) {
  if (!p.pool.has(C)) throw new Fault("stranger", { C });
  add(p, "note", "skipped", { C, rule, by });
}

function after(p) {
  const holders = new Map(event(p, "draw").winners.map((C, at) => [at + 1, C]));
  const at = p.events.find(([, one]) => one.kind === "draw")[0];
  for (const [line, { kind, C, slot = 0, rule, why, by }] of p.events.filter(([number]) => number > at)) {
    const next = kind === "promote" || kind === "skip";
    const right = next ? p.queue.shift() : holders.get(slot);
    if (right !== C || (kind === "promote" && holders.get(slot) !== "")) throw new Fault("moved", { line, C, slot });
    if (kind === "skip") skipped(p, { C, rule, by });
    else if (kind !== "claim") holders.set(slot, kind === "lost" ? "" : C);
    if (kind === "lost") add(p, "note", "lost", { C, slot, why, by });
    if (kind === "promote") add(p, "note", "promoted", { C, slot });
  }
  p.held = new Map([...holders].filter(([, C]) => C).map(([slot, C]) => [C, slot]));
}

function summary(p) {
  const [freeze, chance, draw] = [event(p, "freeze"), event(p, "beacon"), event(p, "draw")];
  const later = p.events.map(([, one]) => one).filter(({ kind }) => ["claim", "lost", "promote", "skip"].includes(kind));
  return {
    format: "gw1", head: freeze.head, root: freeze.root, n: freeze.n, tickets: freeze.tickets,
    round: freeze.round, late: freeze.late, frozen_at: freeze.at, value: chance.value,
    source: chance.source, randomness: hex(p.chance), seed: p.seed, winners: draw.winners,
    reserves: draw.reserves, drawn_at: draw.at, skipped: later.filter(({ kind }) => kind === "skip"),
    after: later.filter(({ kind }) => kind !== "skip"), log: { lines: p.last, head: p.logHead },
  };
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

function draw(p) {
  const [right, whole] = [summary(p), text(p.files[DRAW])];
  if (whole !== `${JSON.stringify(sorted(right), null, 1)}\n`) {
    const told = JSON.parse(whole);
    const wrong = Object.keys(right).find((name) => !same(told?.[name] ?? null, right[name]));
    throw new Fault("draw", { name: wrong ?? "?" });
  }
  add(p, "ok", "agrees");
}

function compared(p) {
  for (const head of p.heads) {
    if (!p.seen.has(head)) throw new Fault("head", { head });
    const line = p.seen.get(head);
    add(p, "ok", line ? "head_line" : "head_freeze", { head, line });
  }
  if (p.heads.length) return;
  add(p, "note", "compare", { freeze: event(p, "freeze").head, log: p.logHead, lines: p.last });
}

function mine(p) {
  if (!p.entry) return;
  const found = p.entries.filter((one) => like(p.entry, one.C));
  if (found.length !== 1) throw new Fault("not_in", { C: p.entry });
  const [{ C, tickets }] = found;
  const rank = p.ranking.indexOf(C) + 1;
  const told = event(p, "draw");
  add(p, "ok", "in", { C, tickets, rank, count: p.entries.length });
  if (p.held.has(C)) add(p, "ok", "won", { slot: p.held.get(C) });
  else if (p.events.some(([, one]) => one.kind === "skip" && one.C === C)) add(p, "note", "was_skipped");
  else if (told.winners.includes(C)) add(p, "note", "had_won");
  else if (told.reserves.includes(C)) add(p, "ok", "reserve_place", { place: told.reserves.indexOf(C) + 1 });
  else add(p, "ok", "not_won", { rank, prizes: told.winners.length });
}

const STEPS = { files, log, params, listed, frozen, beacon, winners, after, draw, compared, mine };

// What is found, in order, as [mark, name, values]; a fault is the last. `tell` hears how far it is.
export async function check(bytes, { heads = [], entry = "", relays = [], tell = () => {} } = {}) {
  const p = {
    bytes, heads, entry, relays, tell, found: [], files: {}, terms: null, digest: null, last: 0,
    logHead: "", stage: 0, pool: new Set(), events: [], seen: new Map(), entries: [], ranking: [],
  };
  for (const [name, step] of Object.entries(STEPS)) {
    try {
      await step(p);
    } catch (error) {
      const fault = error instanceof Fault ? error : new Fault("odd", { name });
      return [...p.found, ["fault", fault.name, fault.values]];
    }
  }
  return p.found;
}
