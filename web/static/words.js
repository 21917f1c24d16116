// The page's own sentences, numbers and moments, in Bengali and English.

const SENTENCES = {
  bn: {
    skip: "সরাসরি চ্যাটে যান",
    tagline: "সবকিছু এই কম্পিউটারেই চলছে, Telegram বা Discord-এ কিছু যায় না।",
    clock: "এখন সময়: ",
    advance: "সময় এগিয়ে নিন",
    hour: "+১ ঘণ্টা",
    day: "+২৪ ঘণ্টা",
    other: "অন্য",
    how_much: "কতটা সময়",
    unit: "একক",
    minutes: "মিনিট",
    hours: "ঘণ্টা",
    days: "দিন",
    go: "এগিয়ে নিন",
    reset: "নতুন করে শুরু",
    reset_title: "নতুন করে শুরু করবেন?",
    reset_note: "এখানে যা লেখা হয়েছে সব মুছে যাবে, নমুনাটা আগের মতো ফিরে আসবে।",
    reset_yes: "মুছে শুরু করুন",
    reset_done: "নতুন করে শুরু হলো।",
    advanced: "সময় এগিয়েছে। নতুন মেসেজ: {count}",
    people: "চারজন",
    fan_one: "একজন ভক্ত",
    fan_two: "আরেকজন ভক্ত",
    creator: "ক্রিয়েটর",
    brand: "ব্র্যান্ড",
    tab_fan_one: "ভক্ত ১",
    tab_fan_two: "ভক্ত ২",
    tab_creator: "ক্রিয়েটর",
    tab_brand: "ব্র্যান্ড",
    view: "কী দেখবেন",
    report: "রিপোর্ট",
    report_of: "ব্র্যান্ডের রিপোর্ট",
    chat: "চ্যাট",
    name: "নাম",
    platform: "প্ল্যাটফর্ম",
    place: "কোথায়",
    dm: "আলাদা",
    group: "গ্রুপ",
    log: "{name}-এর চ্যাট",
    write: "মেসেজ লিখুন",
    write_group: "@adda লিখে বলুন",
    message: "মেসেজ",
    send: "পাঠান",
    commands: "কমান্ডের তালিকা",
    team: "টিমের জন্য",
    bot: "বট",
    only_you: "শুধু আপনি দেখছেন",
    edited: "সম্পাদিত",
    toast: "টোস্ট",
    reply: "রিপ্লাই দিন",
    replying: "রিপ্লাই: {text}",
    cancel: "বাতিল",
    opens: "(নতুন ট্যাবে খোলে)",
    fill: "পূরণ করুন",
    submit: "জমা দিন",
    run: "চালান",
    required: "লাগবে",
    any: "যেকোনো একটা",
    yes: "হ্যাঁ",
    no: "না",
    too_long: "{limit} অক্ষরের বেশি হয়ে গেছে।",
    fresh: "{count}টি নতুন মেসেজ",
    empty: "এখনও কিছু লেখা হয়নি। এগুলোর কোনোটা দিয়ে শুরু করতে পারেন:",
    empty_group: "গ্রুপে এখনও কেউ কিছু লেখেনি।",
    unreachable: "আড্ডা সাড়া দিচ্ছে না। প্রোগ্রামটা চলছে কি না দেখুন।",
  },
  en: {
    skip: "Skip to the chats",
    tagline: "Everything runs on this computer; nothing goes to Telegram or Discord.",
    clock: "The time is ",
    advance: "Let time pass",
    hour: "+1 h",
    day: "+24 h",
    other: "Other",
    how_much: "How much time",
    unit: "Unit",
    minutes: "minutes",
    hours: "hours",
    days: "days",
    go: "Go",
    reset: "Start over",
    reset_title: "Start over?",
    reset_note: "Everything said here is deleted, and the sample comes back as it was.",
    reset_yes: "Delete and start over",
    reset_done: "Started over.",
    advanced: "Time has passed. New messages: {count}",
    people: "Four people",
    fan_one: "A fan",
    fan_two: "Another fan",
    creator: "Creator",
    brand: "Brand",
    tab_fan_one: "Fan 1",
    tab_fan_two: "Fan 2",
    tab_creator: "Creator",
    tab_brand: "Brand",
    view: "What to see",
    report: "Report",
    report_of: "The brand's report",
    chat: "Chat",
    name: "Name",
    platform: "Platform",
    place: "Where",
    dm: "Private",
    group: "Group",
    log: "Chat of {name}",
    write: "Write a message",
    write_group: "Write to @adda",
    message: "Message",
    send: "Send",
    commands: "List of commands",
    team: "for the team",
    bot: "bot",
    only_you: "Only you can see this",
    edited: "edited",
    toast: "toast",
    reply: "Reply",
    replying: "Reply to: {text}",
    cancel: "Cancel",
    opens: "(opens in a new tab)",
    fill: "Fill in",
    submit: "Submit",
    run: "Run",
    required: "required",
    any: "Any",
    yes: "Yes",
    no: "No",
    too_long: "This is longer than {limit} characters.",
    fresh: "{count} new messages",
    empty: "Nothing said yet. You could begin with one of these:",
    empty_group: "Nobody has said anything in the group yet.",
    unreachable: "Adda does not answer. Please check that it is still running.",
  },
};
const SAVED = "adda.language";

let language = navigator.languages.some((name) => name.startsWith("bn")) ? "bn" : "en";
if (localStorage.getItem(SAVED) in SENTENCES) language = localStorage.getItem(SAVED);

export const current = () => language;

export function choose(name) {
  language = name;
  localStorage.setItem(SAVED, name);
}

export function words(key, values = {}) {
  return SENTENCES[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function number(value) {
  return new Intl.NumberFormat(language === "bn" ? "bn-BD" : "en").format(value);
}

// "শুক্র, ২০ নভেম্বর, দুপুর ১২:০০": Bengali says the part of the day before the clock time.
export function moment(iso, zone) {
  const at = new Date(iso);
  const locale = language === "bn" ? "bn-BD" : "en-GB";
  const day = new Intl.DateTimeFormat(locale, {
    timeZone: zone, weekday: "short", day: "numeric", month: "short",
  }).format(at);
  const parts = new Intl.DateTimeFormat(language === "bn" ? "bn-BD" : "en-US", {
    timeZone: zone, hour: "numeric", minute: "2-digit", hour12: true,
  }).formatToParts(at);
  const clock = parts.filter((part) => !["dayPeriod", "literal"].includes(part.type));
  const time = clock.map((part) => part.value).join(":");
  if (language === "en") {
    return `${day}, ${time} ${parts.find((part) => part.type === "dayPeriod").value.toLowerCase()}`;
  }
  const hour = Number(new Intl.DateTimeFormat("en", {
    timeZone: zone, hour: "numeric", hourCycle: "h23",
  }).format(at));
  return `${day}, ${partOfDay(hour)} ${time}`;
}

function partOfDay(hour) {
  const ends = [[4, "রাত"], [6, "ভোর"], [12, "সকাল"], [15, "দুপুর"], [18, "বিকেল"], [20, "সন্ধ্যা"]];
  return (ends.find(([end]) => hour < end) ?? [24, "রাত"])[1];
}

// Which language a text is in, for those who hear it read out.
export const languageOf = (text) => (/[\u0980-\u09ff]/.test(text) ? "bn" : "en");

// Fill everything below `root` that names a sentence.
export function translate(root) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = words(node.dataset.t);
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", words(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = words(node.dataset.label);
  }
}
