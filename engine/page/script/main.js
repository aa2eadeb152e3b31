// Keys, buttons and dialogs; then the page begins.
import { all, button, byId, list, make, toast } from "./dom.js";
import { copyLink, saveSvg, saveTrace } from "./files.js";
import { readColours } from "./matrices.js";
import { drawTwin } from "./panels.js";
import { applyZoom, drawing, follow, openPicture, toggleAllGroups, zoomBy } from "./picture.js";
import { closeQuiz, openQuiz } from "./quiz.js";
import { NEVER, events, inWords, languageCode, nameOf, nextLanguage, numpyOf, record, say, soFarAt, speak, values, writtenAt } from "./record.js";
import { back, bookmark, changed, clearBreakpoints, forward, go, goToWriter, jump, jumpBack, nextPhase, onChange, onShow, pause, play, previousPhase, readAddress, setInside, toBreakpoint, toggleBreakpoint, walk } from "./walk.js";

// ---- dialogs ----
function openDialog(title, how, content) {
  const dialog = byId("dialog");
  dialog.setAttribute("aria-label", title);
  dialog.replaceChildren(make("h2", {}, title), make("p", {}, how), content, button(say("close"), () => dialog.close()));
  dialog.showModal();
}
function openHelp() {
  const shown = (keys) => make("span", {}, ...keys.split(" ").flatMap((key) => [key === "…" ? key : make("kbd", {}, key), " "]));
  openDialog(say("help"), say("helpHow"), list(record.keys.map(({ keys, does }) => [shown(keys), inWords(does)])));
}

// Where a typed place lies: the number of a step, the name of a value, or the first that is not
// finite. -1 if there is none.
function placeOf(text) {
  if (/^\d+$/.test(text)) return Math.min(events.length, Number(text));
  if (text.toLowerCase() === "nan") return record.notFinite ?? -1;
  const called = (is) => values.findIndex((value, id) => value && is(value.name) && writtenAt[id] !== NEVER);
  const exact = called((name) => name === text);
  const found = exact >= 0 || text === "" ? exact : called((name) => name.startsWith(text));
  return found >= 0 ? writtenAt[found] : -1;
}
function openPlace(kind, found) {
  const input = make("input", { type: "text", "aria-label": say(kind), autocomplete: "off" });
  const ul = make("ul");
  const form = make("form", { method: "dialog" }, input, ul);
  const leadTo = (step) => { byId("dialog").close(); jump(step); };
  const show = () => {
    ul.replaceChildren(...found(input.value.trim()).slice(0, 60).map(([text, step]) => make("li", {}, button(text, () => leadTo(step), { class: "plain" }))));
  };
  input.oninput = show;
  form.onsubmit = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    const step = kind === "goTo" ? placeOf(text) : found(text)[0]?.[1] ?? -1;
    if (step >= 0) return leadTo(step);
    byId("dialog").close();
    if (text) toast(text.toLowerCase() === "nan" ? say("allFinite") : say("noPlace", text));
  };
  openDialog(say(kind), say(`${kind}How`), form);
  show();
  input.focus();
}
const stepsThat = (holds, text) => events.flatMap((event, k) => (holds(event) ? [[`${k + 1}  ${text(event)}`, k + 1]] : []));
const goTo = (text) => stepsThat(({ node }) => nameOf(node).startsWith(text), ({ node }) => nameOf(node));
function search(text) {
  const holds = ({ node, said, why }) => [inWords(said), why ? inWords(why) : "", numpyOf(node)].some((words) => words.toLowerCase().includes(text.toLowerCase()));
  return text === "" ? [] : stepsThat(holds, ({ said }) => inWords(said));
}

// ---- keys ----
function lookedAt() {
  const td = /** @type {any} */ (document.activeElement)?.closest("td[data-at]");
  if (td) return Number(td.dataset.at.split(",")[0]);
  const gradient = walk.node >= 0 ? soFarAt(walk.node, walk.done) : -1;
  return gradient >= 0 ? gradient : walk.node >= 0 ? walk.node : onShow();
}
function closeAll() {
  pause();
  closeQuiz();
  Object.assign(walk, { inside: 0, node: -1 });
  byId("toast").textContent = "";
  changed();
}
const KEYS = {
  ArrowRight: forward, n: forward, ArrowLeft: back, N: back,
  Home: () => go(0), End: () => go(events.length),
  f: nextPhase, F: previousPhase, c: () => toBreakpoint(1), C: () => toBreakpoint(-1),
  b: toggleBreakpoint, B: clearBreakpoints,
  g: () => openPlace("goTo", goTo), "/": () => openPlace("search", search),
  w: () => { if (lookedAt() >= 0) goToWriter(lookedAt()); }, W: jumpBack, G: jumpBack,
  i: () => setInside(walk.inside + 1), I: () => setInside(walk.inside - 1), p: openQuiz,
  "?": openHelp, q: closeAll, Escape: closeAll, " ": play,
};
for (let k = 1; k <= 9; ++k) KEYS[k] = () => bookmark(k);

document.addEventListener("keydown", (event) => {
  if (!drawing || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  // A dialog that has just closed keeps the focus until the next frame: nothing is typed into it.
  const origin = /** @type {any} */ (event.target);
  const target = origin.closest("dialog:not([open])") ? document.body : origin;
  const typing = target.matches("input[type=text], textarea, select");
  if (byId("dialog").open) {
    if (key === "q" && !typing) byId("dialog").close();
    return;
  }
  if (typing && key === "Escape") closeAll(), byId("forward").focus();
  if (typing) return;
  const onButton = target.closest("button, summary, [role=button]");
  const onTrack = target === byId("scrub") && /^(Arrow|Home|End|Page)/.test(key);
  if (onTrack || ((key === " " || key === "Enter") && onButton)) return;
  const act = KEYS[key] || (/^[A-Z]$/.test(key) && event.getModifierState("CapsLock") ? KEYS[key.toLowerCase()] : undefined);
  if (!act) return;
  event.preventDefault();
  if (key !== " ") pause();
  act();
});

// ---- words and buttons ----
function drawWords() {
  document.documentElement.lang = languageCode();
  for (const el of all("[data-t]")) el.textContent = say(el.dataset.t);
  for (const el of all("[data-label]")) el.setAttribute("aria-label", say(el.dataset.label));
  for (const el of all("button[data-label]")) el.title = say(el.dataset.label);
  Object.assign(byId("language"), { textContent: nextLanguage().name, lang: nextLanguage().code });
}
function drawPlay() {
  byId("play").querySelector(".sign").setAttribute("d", walk.timer ? "M7 6h2v8H7zM11 6h2v8h-2z" : "M8 6l6 4-6 4z");
  byId("play").setAttribute("aria-label", say(walk.timer ? "pause" : "play"));
}
const BUTTONS = {
  first: () => go(0), back, forward, last: () => go(events.length), play,
  language: () => { speak(nextLanguage().code); changed("language"); },
  "copy-link": copyLink, "help-button": openHelp, "save-svg": saveSvg, "save-trace": saveTrace, "fold-all": toggleAllGroups,
  "zoom-in": () => zoomBy(1), "zoom-out": () => zoomBy(-1), "zoom-fit": () => zoomBy(0),
};
for (const [id, act] of Object.entries(BUTTONS)) {
  byId(id).addEventListener("click", () => { if (id !== "play") pause(); act(); });
}
byId("scrub").max = events.length;
byId("scrub").addEventListener("input", () => { pause(); go(Number(byId("scrub").value)); });
byId("twin").addEventListener("toggle", drawTwin);

onChange((what) => {
  if (what === "language") drawWords();
  if (what === "language" || what === "mark") drawPlay();
});

// The picture stands in the page already: the browser shows it before it goes on here.
function start() {
  readAddress();
  readColours();
  document.body.classList.remove("starting");
  openPicture(0);
  onChange((what) => { if (what !== "mark" && what !== "cell") follow(); });  // last, because it asks for the layout
  changed("language");
  if (walk.done > 0) changed("step");
  window.addEventListener("hashchange", ({ newURL }) => { readAddress(new URL(newURL).hash); changed("language"); changed("step"); });
  window.addEventListener("resize", applyZoom);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); changed(); });
}
export function begin() {
  if (document.hidden) start();
  else requestAnimationFrame(() => setTimeout(start));
}
