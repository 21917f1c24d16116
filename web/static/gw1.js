// The draw GW1 as handlers/giveaways/fairness.py has it, over WebCrypto.

import { hex, joined, sha256, unhex, utf8 } from "./proof_kit.js";

export const AT_ONCE = 2000; // hashes that are under way together
export const CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"; // drand's quicknet
export const [GENESIS, PERIOD] = [1692803367, 3]; // of quicknet: unix seconds of round 1, seconds

// What is wrong, by the name of its sentence.
export class Fault extends Error {
  constructor(name, values = {}) {
    super(name);
    Object.assign(this, { name, values });
  }
}

export const tagged = (tag, ...parts) => sha256(joined(utf8.encode(`${tag}\0`), ...parts));

export function whole(number, bytes) {
  const out = new DataView(new ArrayBuffer(bytes));
  if (bytes === 8) out.setBigUint64(0, BigInt(number));
  else out.setUint32(0, number);
  return new Uint8Array(out.buffer);
}

async function mapped(list, work) {
  const out = [];
  for (let at = 0; at < list.length; at += AT_ONCE) {
    out.push(...await Promise.all(list.slice(at, at + AT_ONCE).map(work)));
  }
  return out;
}

export async function rootOf(entries) {
  let row = await mapped(entries, ({ bytes, tickets }) => sha256(joined([0], bytes, whole(tickets, 4))));
  if (!row.length) row = [await sha256(new Uint8Array())];
  while (row.length > 1) {
    const pairs = row.filter((_, at) => at % 2 === 0 && at + 1 < row.length).map((one, at) => [one, row[2 * at + 1]]);
    const odd = row.length % 2 ? [row.at(-1)] : [];
    row = [...await mapped(pairs, ([one, two]) => sha256(joined([1], one, two))), ...odd];
  }
  return row[0];
}

async function keyOf(seed, { bytes, tickets }) {
  const all = Array.from({ length: tickets }, (_, t) => sha256(joined(seed, bytes, whole(t, 4))));
  return (await Promise.all(all)).map(hex).sort()[0];
}

export async function order(seed, entries) {
  const keyed = await mapped(entries, async (entry) => [await keyOf(seed, entry), entry.C]);
  return keyed.sort(([one], [two]) => (one < two ? -1 : 1)).map(([, C]) => C);
}

export const roundAt = (at) => Math.max(1, Math.ceil((at - GENESIS) / PERIOD) + 1);

export async function randomness(beacon, value) {
  const [kind, named] = split(beacon);
  if (kind === "manual") {
    return tagged("gw1:manual", utf8.encode(value.normalize("NFC").split(/\s+/u).filter(Boolean).join(" ")));
  }
  const size = { drand: 96, "commit-reveal": 64 }[kind];
  if (!size || value.length !== size || !/^[0-9a-f]+$/.test(value)) throw new Fault("value_form");
  if (kind === "drand") return sha256(unhex(value));
  if (hex(await tagged("gw1:reveal", unhex(value))) !== named) throw new Fault("secret");
  return tagged("gw1:randomness", unhex(value));
}

export function split(beacon) {
  const at = beacon.indexOf(":");
  return [beacon.slice(0, at), beacon.slice(at + 1)];
}
