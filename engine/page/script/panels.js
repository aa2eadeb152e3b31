// The words and numbers beside the picture: sentence, rule, ledger, spread, checks, table.
import { byId, button, list, make, makeSvg } from "./dom.js";
import { addedAt, cardOf, elementName, events, hasAt, inWords, isLeaf, kindOf, languageCode, madeOf, nameOf, numpyOf, phaseOf, placeOf, record, say, shapeText, signed, sizeOf, soFarAt, stateAt, stateText, textAt, values, wholeOf, writtenAt } from "./record.js";
import { choose, jump, justDone, onChange, onShow, setInside, steps, walk } from "./walk.js";

const cardShown = () => (walk.done > 0 ? cardOf(justDone()) : -1);
const textHere = (id) => textAt(id, placeOf(id, walk.cell)) ?? "";

function drawSentence() {
  const event = events[walk.done - 1];
  const text = event ? inWords(event.said) : say("atStart");
  if (byId("said").textContent !== text) byId("said").textContent = text;
  byId("why").textContent = event?.why ? inWords(event.why) : "";
}
function drawPlace() {
  const { done } = walk;
  const phase = phaseOf(done);
  const title = done === 0 ? say("start") : inWords(phase.title);
  byId("place").innerHTML = say("step", `<b>${done}</b>`, `<b>${events.length}</b>`);
  byId("place").append(make("span", { class: `phase p${done === 0 ? 0 : phase.kind}` }, title));
  byId("scrub").value = done;
  byId("scrub").setAttribute("aria-valuetext", `${say("stepPlain", done, events.length)}, ${title}`);
  byId("first").disabled = byId("back").disabled = done === 0;
  byId("last").disabled = byId("forward").disabled = done === events.length;
}

// Rules come from the engine as MathML: the general one, then the one with the circuit's names;
// below them the same as lines of NumPy.
function drawRules() {
  const rows = byId("rules");
  rows.replaceChildren();
  const event = events[walk.done - 1];
  if (!event) return;
  const row = (word, html, attributes = {}) => {
    const dd = Object.assign(make("dd", attributes), { innerHTML: html });
    rows.append(make("dt", {}, say(word)), dd);
  };
  // What a use sends back stands behind the use itself.
  const rule = record.rules[event.rule ?? -1];
  const use = record.rules[rule?.after ?? -1];
  const whole = (what, arrow) => `${use ? use[what] + arrow : ""}${rule[what]}`;
  if (rule) row("rule", whole("math", " → "));
  if (!isLeaf(event.node)) row("here", event.math);
  row("numbers", "", { class: "numbers number", id: "numbers" });
  if (isLeaf(event.node)) return;
  const lines = [make("code", { class: "here" }, numpyOf(event.node))];
  if (rule) lines.unshift(make("code", { class: "rule" }, whole("numpy", "  →  ")), make("br"));
  rows.append(make("dt", {}, say("numpy")), make("dd", {}, ...lines));
}

// The numbers of one element, each tied to the cell that it stands in.
export function drawNumbers(place) {
  const dd = byId("numbers");
  const id = onShow();
  if (!dd || id < 0) return;
  dd.replaceChildren(make("b", {}, elementName(id, place)), " = ");
  const pieces = madeOf(id, place);
  dd.append(...pieces.map(({ text, at }) => (at ? make("span", { class: "term", "data-at": at }, text) : text)));
  if (pieces.length > 0) dd.append(" = ");
  dd.append(make("b", {}, textAt(id, place)), isLeaf(id) ? `, ${say("given")}` : "");
}

function drawLedger() {
  const box = byId("ledger");
  const id = walk.node >= 0 ? walk.node : values[justDone()]?.of ?? -1;
  const parts = id < 0 ? [] : values[id].gradient?.parts ?? [];
  box.hidden = parts.length === 0;
  if (box.hidden) return;
  const table = make("table");
  const added = addedAt(id, walk.done);
  const here = Math.max(added, stateAt(id, walk.done).arrived);
  parts.forEach(({ node, user }, i) => {
    // Of very many the first, the last and those around the place are shown.
    const isShown = (k) => k < 2 || k > parts.length - 3 || Math.abs(k - here) < 5;
    const { station, title } = values[user];
    if (isShown(i)) table.append(ledgerRow(node, node, hasAt(node, walk.done) ? "●" : "○", say("through", station, title)));
    else if (isShown(i - 1)) table.append(make("tr", {}, "…"));
  });
  const mark = added === 0 ? "○" : added < parts.length ? "◐" : "●";
  const words = added > 0 && added < parts.length ? say("sumSoFar", added, parts.length) : say("sum");
  table.append(ledgerRow(wholeOf(id), soFarAt(id, walk.done), mark, words, "total"));
  box.replaceChildren(make("h2", {}, say("ledger", nameOf(id), parts.length)), table);
}
// What is called `name` stands in the node `number`; -1: nowhere yet.
function ledgerRow(name, number, mark, words, kind = "") {
  const there = number >= 0 && hasAt(number, walk.done);
  const now = number === justDone() && !(kind && addedAt(values[name].of, walk.done) < 2);
  const cells = [now ? "◀" : "", mark, button(nameOf(name), () => jump(writtenAt[name]), { class: "plain" }),
    there ? signed(record.forms[3], textHere(number)) : say("pending"), words];
  return make("tr", { class: `${kind}${there ? "" : " pending"}` }, ...cells.map((content, i) => make("td", i === 3 ? { class: "n" } : {}, content)));
}

// ---- how a value is spread ----
function drawSpread() {
  const box = byId("histogram");
  const id = onShow() >= 0 ? onShow() : walk.node;
  const spread = id < 0 ? undefined : values[id].spread;
  if (!spread || !hasAt(id, walk.done)) return box.replaceChildren();
  const { low, high, below, counts, odd } = spread;
  const most = Math.max(...counts, 1);
  const bars = counts.map((count, i) => makeSvg("rect", { class: i < below ? "minus" : "plus", x: i * 10 + 0.5, y: 90 - (count / most) * 84, width: 9, height: (count / most) * 84 }));
  const zero = makeSvg("line", { x1: below * 10, x2: below * 10, y1: 0, y2: 90, "stroke-width": 1, "vector-effect": "non-scaling-stroke" });
  const svg = makeSvg("svg", { class: "bars", viewBox: `0 0 ${counts.length * 10} 90`, preserveAspectRatio: "none", role: "img", "aria-label": say("histogram", nameOf(id)) }, ...bars, zero);
  const words = `${say("elements", sizeOf(id))}${odd ? `, ${say("notFinite", odd)}` : ""}`;
  const axis = [low, words, high].map((text) => make("span", {}, text));
  box.replaceChildren(make("h2", {}, say("histogram", nameOf(id))), svg, make("div", { class: "axis" }, ...axis));
}

// ---- what was measured, and what must hold ----
function drawSlope() {
  const box = byId("slope");
  const id = walk.node >= 0 ? walk.node : cardShown();
  const slopes = id < 0 ? undefined : values[id].slopes;
  if (!slopes || !hasAt(wholeOf(id), walk.done)) return box.replaceChildren();
  const place = placeOf(id, walk.cell);
  const off = slopes.off.split(" ")[place];
  const near = !slopes.wrong?.includes(place);
  const gradient = textAt(wholeOf(id), place);
  const rows = [["slopeGradient", `${elementName(wholeOf(id), place)} = ${gradient}`], ["slopeMeasured", off !== "-" ? slopes.measured?.[place] ?? gradient : say("slopeNone")]];
  if (off !== "-") rows.push(["slopeDiffers", off]);
  box.replaceChildren(make("h2", {}, say("slope", nameOf(id))), list(rows.map(([word, text]) => [say(word), text])));
  if (off !== "-") box.append(make("div", { class: `verdict ${near ? "pass" : "fail"}` }, say(near ? "slopeAgrees" : "slopeWrong")), make("small", {}, say("slopeHow")));
}
function drawChecks() {
  const items = record.checks.map(({ passed, said, numbers }) =>
    make("li", { class: passed ? "pass" : "fail" }, make("b", {}, passed ? "✓" : "✗"), inWords(said), make("small", {}, inWords(numbers))));
  byId("checks").replaceChildren(make("h2", {}, say("checks")), make("ul", {}, ...items));
}
function drawMarks() {
  const link = (text, step) => button(`${text}${step}`, () => jump(step), { class: "plain" });
  const stops = [...walk.breakpoints].sort((a, b) => a - b).map((step) => link("", step));
  const marks = walk.bookmarks.flatMap((step, k) => (step === undefined ? [] : [link(`${k}: `, step)]));
  const rows = [["breakpoints", stops], ["bookmarks", marks]].filter(([, links]) => links.length > 0);
  byId("marks").hidden = rows.length === 0;
  byId("marks").replaceChildren(make("h2", {}, say("marks")), list(rows.map(([word, links]) => [say(word), ...links.flatMap((el) => [el, " "])])));
}

// ---- the primitives within a step ----
function drawInside() {
  const box = byId("inside");
  box.hidden = steps().length === 0;
  if (box.hidden) return;
  if (walk.inside === 0) return box.replaceChildren(button(say("insideButton", steps().length), () => setInside(1), { "aria-keyshortcuts": "i" }));
  const rows = steps().map((node, k) => {
    const { symbol, title, formula } = values[node];
    const line = button(formula?.numpy, () => setInside(k + 1), { class: "plain" });
    return make("tr", k + 1 === walk.inside ? { "aria-current": "step" } : {},
      make("td", {}, `${symbol} ${title}`), make("td", {}, line), make("td", {}, shapeText(node)), make("td", { class: "n" }, k < walk.inside ? textHere(node) : ""));
  });
  box.replaceChildren(make("h2", {}, say("insideTitle", nameOf(justDone()))), make("table", {}, ...rows), button(say("leaveInside"), () => setInside(0)));
}

// ---- the table twin of the picture ----
export function drawTwin() {
  if (!byId("twin").open) return;
  const table = byId("twin").querySelector("table");
  if (table.dataset.language !== languageCode()) buildTwin(table);
  for (const tr of table.tBodies[0].rows) {
    const id = Number(tr.dataset.node);
    const soFar = soFarAt(id, walk.done);
    const texts = [hasAt(id, walk.done) ? textHere(id) : say("notYet"), `${stateText(id, walk.done)}${soFar >= 0 ? `: ${textHere(soFar)}` : ""}`];
    texts.forEach((text, i) => { if (tr.cells[4 + i].textContent !== text) tr.cells[4 + i].textContent = text; });
    if (id === cardShown()) tr.setAttribute("aria-current", "step");
    else tr.removeAttribute("aria-current");
  }
}
function buildTwin(table) {
  table.dataset.language = languageCode();
  table.innerHTML = "<thead><tr></tr></thead><tbody></tbody>";
  for (const word of ["station", "name", "shape", "formula", "value", "gradient"]) table.tHead.rows[0].append(make("th", { scope: "col" }, say(word)));
  values.forEach((value, id) => {
    if (value?.plain || !["forward", "leaf"].includes(kindOf(value))) return;
    const name = button(nameOf(id), () => choose(id), { class: "plain" });
    const cells = [isLeaf(id) ? "" : `${value.station} ${value.title}`, name, shapeText(id), isLeaf(id) ? "" : numpyOf(id), "", ""];
    table.tBodies[0].append(make("tr", { "data-node": id }, ...cells.map((content) => make("td", {}, content))));
  });
}

// Breakpoints, above the scrubber.
function drawBreaks() {
  byId("breaks").replaceChildren(...[...walk.breakpoints].map((step) => make("i", { style: `left:${(100 * step) / events.length}%` })));
}

onChange((what) => {
  if (what === "mark") return drawMarks(), drawBreaks();
  if (what === "language") drawChecks(), drawMarks();
  if (what !== "cell") drawPlace(), drawSentence(), drawRules(), drawSpread();
  if (onShow() >= 0) drawNumbers(placeOf(onShow(), walk.cell));
  drawInside();
  drawLedger();
  drawSlope();
  drawTwin();
});
