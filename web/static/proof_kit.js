// What the pages that check proofs share: bytes, hashes, canonical JSON, and reading a zip.

export const utf8 = new TextEncoder();
export const text = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
export const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export function unhex(coded) {
  if (!/^([0-9a-f]{2})*$/i.test(coded)) throw new Error("not hexadecimal");
  return Uint8Array.from(coded.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value).sort();
  return `{${pairs.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

// The files in a zip, not unpacked: { name, full (bytes when unpacked), method, packed }.
export function listing(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (view.getUint32(end, true) !== 0x06054b50) end -= 1; // below 0 it throws
  const found = [];
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count -= 1) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error("not a zip");
    const [size, full] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const lengths = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const name = text(bytes.subarray(at + 46, at + 46 + lengths[0]));
    const start = view.getUint32(at + 42, true);
    const data = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    const packed = bytes.subarray(data, data + size);
    found.push({ name, full, method: view.getUint16(at + 10, true), packed });
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return found;
}

// One of them unpacked; never more than `most` bytes, whatever it says of itself.
export async function unpacked({ method, packed, full }, most) {
  if (full > most) throw new Error("too large");
  if (method === 0) return packed;
  if (method !== 8) throw new Error("packed in an unknown way");
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const parts = [];
  let size = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return joined(...parts);
    if ((size += value.length) > most) throw new Error("too large");
    parts.push(value);
  }
}
