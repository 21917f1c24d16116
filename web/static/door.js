// Calls to the playground's API.

import { words } from "./words.js";

const BASE = "/playground/api/";

// The API said no; the message is its sentence.
export class Refused extends Error {}

async function call(path, options) {
  let response;
  let answer;
  try {
    response = await fetch(BASE + path, options);
    answer = await response.json();
  } catch {
    throw new Refused(words("unreachable"));
  }
  if (!response.ok) throw new Refused(answer.error);
  return answer;
}

export const get = (name, query = {}) => call(`${name}?${new URLSearchParams(query)}`);

export const post = (name, body) =>
  call(name, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
