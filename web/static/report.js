// An open report follows its figures; without this script it is read as it was when it came.

const AGAIN_MS = 30000;
const SOON_MS = 250; // several events at once are one look
let source;
let waiting;

function listen() {
  const mark = encodeURIComponent(document.querySelector("main").dataset.mark);
  source = new EventSource(`live?mark=${mark}`);
  source.onmessage = () => {
    clearTimeout(waiting);
    waiting = setTimeout(renew, SOON_MS);
  };
  source.addEventListener("over", () => {
    source.close();
    location.reload();
  });
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_MS);
  };
}

async function renew() {
  const answer = await fetch(location.href, { headers: { "Adda-Follows": "1" } }).catch(() => null);
  if (!answer?.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["figures", "updated", "parts"]) replace(id, next.getElementById(id));
  document.querySelector("main").dataset.mark = next.querySelector("main")?.dataset.mark ?? "";
}

// What was unfolded stays so, and what is read out is the sentence alone.
function replace(id, next) {
  const old = document.getElementById(id);
  if (!next || old.innerHTML === next.innerHTML) return;
  const folds = (root) => [...root.querySelectorAll("section")].flatMap((part) => {
    const fold = part.querySelector("details");
    const name = part.querySelector("h2")?.id;
    return fold && name ? [[name, fold]] : [];
  });
  const open = new Map(folds(old).map(([name, fold]) => [name, fold.open]));
  for (const [name, fold] of folds(next)) if (open.has(name)) fold.open = open.get(name);
  old.replaceChildren(...next.childNodes);
}

listen();
addEventListener("pagehide", () => source.close());
addEventListener("pageshow", (event) => event.persisted && listen());
