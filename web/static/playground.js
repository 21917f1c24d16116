// The playground's page: four people at four screens, one clock, one language.

import { get, post } from "./door.js";
import { element } from "./lines.js";
import { badge, Pane } from "./pane.js";
import { ReportPane } from "./report_pane.js";
import { ask } from "./sheet.js";
import { choose, current, moment, number, translate, words } from "./words.js";

const BEAT_MS = 2000;
const NEWS_MS = 8000;
const PEOPLE = [
  {
    id: "fan_one", who: "Rima", platform: "telegram",
    tries: ["লাল ড্রেসের দাম কত?", "red dress price?", "dam koto lal dress tar", "/giveaway"],
  },
  {
    id: "fan_two", who: "Tuhin", platform: "discord",
    tries: ["delivery charge koto?", "red dress price?", "/giveaway", "/language"],
  },
  {
    id: "creator", who: "creator", platform: "telegram",
    tries: ["/inbox", "/giveaway new", "/link new", "/report", "/help team"],
  },
  { id: "brand", who: "brand", platform: "discord", tries: ["/report", "/sponsors", "/help"] },
];

const panes = PEOPLE.map((person) => new Pane(person, refresh));
const tabs = document.querySelector(".tabs");
const clock = document.getElementById("clock");
const news = document.getElementById("news");
let mark = -1;
let fading;
let report; // the brand's, where the server has one

async function refresh() {
  const pulse = await get("pulse");
  mark = pulse.mark;
  clock.dateTime = pulse.now;
  clock.textContent = moment(pulse.now, pulse.zone);
  await Promise.all(panes.map((pane) => pane.refresh()));
  markTabs();
}

// Things also happen by themselves: look for them while somebody is looking.
async function beat() {
  if (document.hidden) return;
  try {
    const pulse = await get("pulse");
    clock.dateTime = pulse.now;
    clock.textContent = moment(pulse.now, pulse.zone);
    if (pulse.mark !== mark) await refresh();
  } catch (error) {
    if (news.textContent !== error.message) tell(error.message);
  }
}

function tell(text) {
  news.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => (news.textContent = ""), NEWS_MS);
}

async function attempt(act) {
  try {
    await act();
  } catch (error) {
    tell(error.message);
  }
}

// Tabs, where only one screen has room ----------------------------------------------------------

for (const pane of panes) {
  const tab = element("button", "tab");
  tab.type = "button";
  tab.append(element("span"));
  tab.addEventListener("click", () => show(pane));
  tabs.append(tab);
  document.getElementById("panes").append(pane.node);
  pane.node.addEventListener("focusin", () => listen(pane));
}

function show(shown) {
  for (const [at, pane] of panes.entries()) {
    pane.node.classList.toggle("shown", pane === shown);
    if (pane === shown) tabs.children[at].setAttribute("aria-current", "true");
    else tabs.children[at].removeAttribute("aria-current");
  }
  shown.redraw();
  markTabs();
}

function markTabs() {
  for (const [at, pane] of panes.entries()) badge(tabs.children[at], pane.visible() ? 0 : pane.fresh);
}

// Only the screen someone is at is read out, or a post to all would be heard four times.
function listen(attended) {
  for (const pane of panes) pane.log.setAttribute("aria-live", pane === attended ? "polite" : "off");
}

// The clock and the sample ----------------------------------------------------------------------

async function advance(seconds) {
  await attempt(async () => {
    const { seen } = await post("advance", { seconds });
    await refresh();
    tell(words("advanced", { count: number(seen.length) }));
  });
}

for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => advance(Number(button.dataset.advance)));
}

const other = document.querySelector(".other");
other.addEventListener("submit", (event) => {
  event.preventDefault();
  const { count, unit } = event.target.elements;
  other.open = false;
  advance(Number(count.value) * Number(unit.value));
});
other.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  other.open = false;
  other.querySelector("summary").focus();
});
document.addEventListener("pointerdown", (event) => {
  if (!other.contains(event.target)) other.open = false;
});

document.getElementById("reset").addEventListener("click", () => {
  const sheet = { title: words("reset_title"), note: words("reset_note"), fields: [] };
  ask({ ...sheet, submit: words("reset_yes") }, async () => {
    await post("reset", {});
    for (const pane of panes) pane.read = {};
    await refresh();
    report?.open();
    tell(words("reset_done"));
  });
});

// The language ----------------------------------------------------------------------------------

async function speak(language) {
  choose(language);
  document.documentElement.lang = language;
  translate(document);
  for (const [at, pane] of panes.entries()) {
    tabs.children[at].firstElementChild.textContent = words(`tab_${pane.id}`);
  }
  tell("");
  await attempt(async () => {
    await Promise.all(panes.map((pane) => pane.translate()));
    await refresh();
    report?.translate();
  });
}

for (const choice of document.querySelectorAll("[name=language]")) {
  choice.checked = choice.value === current();
  choice.addEventListener("change", () => speak(choice.value));
}

show(panes[0]);
await speak(current());
await attempt(async () => {
  const { report: address } = await get("pulse");
  if (address) report = new ReportPane(panes.at(-1), address);
});
document.documentElement.dataset.ready = "yes";
setInterval(beat, BEAT_MS);
