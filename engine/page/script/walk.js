// Where the reader is, and every way to go elsewhere. The address holds the place.
import { byId, toast } from "./dom.js";
import { NEVER, events, hasAt, kindOf, languageCode, nameOf, phases, record, say, speak, values, writtenAt } from "./record.js";

/** @type {any} */
export const walk = {
  done: 0,        // so many events are done
  node: -1,       // a node that is looked at beside the step
  cell: [0, 0],   // the element whose numbers are shown: its row and its column
  inside: 0,      // the step inside the event just done, from 1
  breakpoints: new Set(),
  bookmarks: [],
  cameFrom: [],
  timer: 0,
};
// Who draws: after a step ("step"), another node or inside ("look"), another element ("cell"), and
// where only marks or playing changed ("mark").
/** @type {((what: string) => void)[]} */
const listeners = [];
/** @param {(what: string) => void} draw */
export const onChange = (draw) => { listeners.push(draw); };
export function changed(what = "look") {
  for (const draw of listeners) draw(what);
  keepAddress();
}
export const steps = () => events[walk.done - 1]?.inside ?? [];
// What the event just done wrote, and what the next one writes; -1 where there is none.
export const justDone = () => (walk.done > 0 ? events[walk.done - 1].node : -1);
export const comesNext = () => (walk.done < events.length ? events[walk.done].node : -1);
// The node whose matrix is the result on show.
export const onShow = () => (walk.inside > 0 ? steps()[walk.inside - 1] : justDone());

export function go(step) {
  const done = Math.max(0, Math.min(events.length, Math.round(step)));
  if (done === walk.done) return;
  walk.done = done;
  walk.inside = 0;
  changed("step");
}
export const forward = () => go(walk.done + 1);
export const back = () => go(walk.done - 1);

// A jump can be taken back with W.
export function jump(step) {
  if (!Number.isFinite(step)) return;
  walk.cameFrom.push(walk.done);
  go(step);
}
export function jumpBack() {
  if (walk.cameFrom.length === 0) return toast(say("nothingBefore"));
  go(walk.cameFrom.pop());
}
export function goToWriter(id) {
  if (writtenAt[id] === 0) return toast(say("noWriter", nameOf(id)));
  if (!hasAt(id, walk.done)) return toast(`${nameOf(id)}: ${say("notYet")}`);
  const step = writtenAt[id];
  jump(step);
  toast(say("writer", nameOf(id), step));
}

// Of large values every one holds these rows and columns.
const heldCell = (cell) => cell.map((k) => Math.min(k, (record.window ?? NEVER) - 2));
export function setCell(cell) {
  walk.cell = heldCell(cell);
  changed("cell");
}
// A node to look at; the same again lets it go.
export function choose(id) {
  walk.node = walk.node === id ? -1 : id;
  changed();
}
export function setInside(step) {
  if (steps().length === 0) return toast(say("insideNone"));
  walk.inside = Math.max(0, Math.min(steps().length, step));
  changed();
}

// ---- phases, breakpoints, bookmarks ----
export const nextPhase = () => go(phases.find(({ end }) => end > walk.done)?.end ?? walk.done);
export const previousPhase = () => go(phases.findLast(({ begin }) => begin < walk.done)?.begin ?? walk.done);

export function toggleBreakpoint() {
  const had = walk.breakpoints.delete(walk.done);
  if (!had) walk.breakpoints.add(walk.done);
  changed("mark");
  toast(say(had ? "breakGone" : "breakSet", walk.done));
}
export function clearBreakpoints() {
  walk.breakpoints.clear();
  changed("mark");
  toast(say("breaksGone"));
}
export function toBreakpoint(direction) {
  const ahead = [...walk.breakpoints].filter((step) => (step - walk.done) * direction > 0).sort((a, b) => (a - b) * direction);
  if (ahead.length === 0) toast(say("noBreak"));
  go(ahead[0] ?? (direction > 0 ? events.length : 0));
}
export function bookmark(k) {
  const step = walk.bookmarks[k];
  if (step !== undefined && step !== walk.done) return jump(step);
  walk.bookmarks[k] = step === undefined ? walk.done : undefined;
  changed("mark");
  toast(step === undefined ? say("markSet", k, walk.done) : say("markGone", k));
}

// ---- playing ----
export function play() {
  if (walk.timer) return pause();
  if (walk.done === events.length) go(0);
  const beat = () => {
    forward();
    if (walk.done === events.length || walk.breakpoints.has(walk.done)) return pause();
    walk.timer = window.setTimeout(beat, Number(byId("speed").value));
  };
  walk.timer = window.setTimeout(beat, 60);
  changed("mark");
}
export function pause() {
  if (!walk.timer) return;
  clearTimeout(walk.timer);
  walk.timer = 0;
  changed("mark");
}

// ---- the address ----
function address() {
  const parts = [`step=${walk.done}`];
  const node = walk.node >= 0 ? walk.node : justDone();
  if (node >= 0) parts.push(`node=${encodeURIComponent(nameOf(node))}`);
  if (walk.node >= 0) parts.push("look");
  if (walk.cell.some((k) => k > 0)) parts.push(`cell=${walk.cell.join(",")}`);
  if (languageCode() !== record.languages[record.language].code) parts.push(`lang=${languageCode()}`);
  return `#${parts.join("&")}`;
}
// Browsers refuse very many changes of the address, so it follows after a moment.
let addressTimer = 0;
function keepAddress() {
  clearTimeout(addressTimer);
  addressTimer = window.setTimeout(writeAddress, 150);
}
export function writeAddress() {
  clearTimeout(addressTimer);
  history.replaceState(null, "", address());
}
export function readAddress(hash = location.hash) {
  const place = new URLSearchParams(hash.slice(1));
  speak(place.get("lang") ?? "");
  const cell = (place.get("cell") || "").split(",").map(Number);
  if (cell.length === 2 && cell.every((k) => Number.isInteger(k) && k >= 0)) walk.cell = heldCell(cell);
  const node = place.has("node") ? values.findIndex((is) => is?.name === place.get("node")) : -1;
  const step = place.has("step") ? Number(place.get("step")) : NaN;
  const isCard = node >= 0 && ["forward", "leaf"].includes(kindOf(values[node]));
  walk.node = isCard && place.has("look") ? node : -1;
  if (Number.isFinite(step)) walk.done = Math.max(0, Math.min(events.length, Math.round(step)));
  else if (node >= 0 && writtenAt[node] !== NEVER) walk.done = writtenAt[node];
}
