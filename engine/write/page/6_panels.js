// The words and numbers beside the picture: sentence, rule, ledger, histogram, checks, table.
const cardShown = () => (walk.done > 0 ? cardOf(justDone()) : -1);
const byId = (id) => document.getElementById(id);

function drawSentence() {
  const { done } = walk;
  const text = done === 0 ? say("atStart") : sentenceOf(done - 1);
  if (byId("said").textContent !== text) byId("said").textContent = text;
  byId("why").textContent = done === 0 ? "" : whyOf(done - 1);
}

function drawPlace() {
  const { done } = walk;
  const phase = phaseOf(done);
  const title = done === 0 ? say("start") : phaseTitle(phase);
  byId("place").innerHTML = say("step", done, events.length);
  byId("place").append(make("span", { class: `phase p${done === 0 ? 0 : phase[0]}` }, title));
  byId("scrub").value = done;
  byId("scrub").setAttribute("aria-valuetext", `${say("stepPlain", done, events.length)}, ${title}`);
  byId("first").disabled = byId("back").disabled = done === 0;
  byId("last").disabled = byId("forward").disabled = done === events.length;
}

// Rules come from the engine as MathML: the general one, then the one with the circuit's names.
function drawRules() {
  const list = byId("rules");
  list.replaceChildren();
  if (walk.done === 0) return;
  const [id, , , , , mathml, rule, line] = events[walk.done - 1];
  const row = (word, fill) => {
    const dd = make("dd");
    fill(dd);
    list.append(make("dt", {}, say(word)), dd);
    return dd;
  };
  if (rule >= 0) row("rule", (dd) => { dd.innerHTML = record.rules[rule]; });
  if (!isLeaf(id)) row("here", (dd) => { dd.innerHTML = mathml; });
  row("numbers", (dd) => { dd.className = "numbers number"; dd.id = "numbers"; });
  if (!isLeaf(id)) row("numpy", (dd) => dd.append(make("code", {}, line)));
  drawNumbers(...walk.cell);
}

// The rule with the numbers of one element, each tied to the cell that it stands in.
function drawNumbers(row, col) {
  const dd = byId("numbers");
  const id = walk.shown();
  if (!dd || id < 0) return;
  const [r, c] = clamped(id, row, col);
  dd.replaceChildren(make("b", {}, elementName(id, r, c)), " = ");
  const parts = withNumbers(id, r, c);
  for (const { text, at } of parts) {
    dd.append(at ? make("span", { class: "term", "data-at": at.join(",") }, text.replace(/^-/, "−")) : text.replace(/^-/, "−"));
  }
  if (parts.length > 0) dd.append(" = ");
  dd.append(make("b", {}, numberText(element(id, r, c)).replace(/^-/, "−")));
}

function drawElement() {
  const id = walk.shown();
  byId("element").textContent = id < 0 ? "" : say("element", ...walk.cell);
}

// ---- contributions that are added up ----

function drawLedger() {
  const box = byId("ledger");
  const id = walk.node >= 0 ? walk.node : cardShown();
  const all = id < 0 ? [] : contributions[id];
  box.hidden = all.length < 2;
  if (box.hidden) return;
  const state = gradientState(id, walk.done);
  const [r, c] = clamped(id, ...walk.cell);
  const table = make("table");
  table.innerHTML = `<thead><tr><th scope="col"></th><th scope="col"></th><th scope="col" class="n">[${r}, ${c}]</th><th scope="col" class="n"></th></tr></thead>`;
  const heads = table.querySelectorAll("th");
  heads[0].textContent = say("contribution");
  heads[1].textContent = say("from");
  heads[3].textContent = say("soFar");
  const body = make("tbody");
  const rows = ledgerRows(all.length, state.arrived);
  let total = 0;
  all.forEach((k, i) => {
    const there = hasAt(k, walk.done);
    if (there) total += element(k, r, c);
    if (!rows.has(i)) return rows.has(i - 1) && body.append(ledgerRow(["…"]));
    const user = nodes[k].u[0];
    const tr = ledgerRow([jumpButton(k), `${nodes[user].st || ""} ${titleOf(user)}`, there ? numberText(element(k, r, c)) : make("small", {}, say("notYet")), there ? numberText(total) : ""], there ? "" : "pending");
    body.append(tr);
  });
  const whole = gradientOf[id];
  const there = hasAt(whole, walk.done);
  body.append(ledgerRow([jumpButton(whole), say("sum"), there ? numberText(element(whole, r, c)) : "", stateText(state)], `total${there ? "" : " pending"}`));
  table.append(body);
  box.replaceChildren(make("h2", {}, say("ledger", nameOf(id), state.arrived, state.expected)), table);
}
// Which of many contributions are shown: the first, the last, and those around the place.
function ledgerRows(count, arrived) {
  return new Set(Array.from({ length: count }, (_, i) => i).filter((i) => i < 2 || i > count - 3 || Math.abs(i - arrived) < 5));
}
function ledgerRow(cells, kind = "") {
  const tr = make("tr", { class: kind });
  cells.forEach((cell, i) => {
    const td = make("td", i > 1 ? { class: "n" } : {});
    td.append(cell);
    tr.append(td);
  });
  return tr;
}
function jumpButton(id) {
  const button = make("button", { type: "button", class: "plain" }, nameOf(id));
  button.onclick = () => jump(writtenAt[id]);
  return button;
}

// ---- how a value is spread ----

// Bins with an edge at 0, so that no bin mixes signs.
function binned(values) {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite);
  const width = (high - low) / 24 || 1;
  const below = Math.ceil(-low / width - 1e-9);
  const above = Math.max(1, Math.ceil(high / width - 1e-9));
  const bins = new Array(below + above).fill(0);
  for (const value of finite) ++bins[Math.min(bins.length - 1, Math.max(0, Math.floor(value / width) + below))];
  return { bins, below, low: -below * width, high: above * width, others: values.length - finite.length };
}
const MOST_IN_HISTOGRAM = 20000;

function drawHistogram() {
  const box = byId("histogram");
  const id = walk.shown() >= 0 ? walk.shown() : walk.node;
  if (id < 0 || sizeOf(id) < 8 || !hasAt(id, walk.done)) return box.replaceChildren();
  const values = Array.from(elements(id).subarray(0, MOST_IN_HISTOGRAM));
  const { bins, below, low, high, others } = binned(values);
  const most = Math.max(...bins, 1);
  const svg = makeSvg("svg", { class: "bars", viewBox: `0 0 ${bins.length * 10} 90`, preserveAspectRatio: "none", role: "img", "aria-label": say("histogram", nameOf(id)) });
  bins.forEach((count, i) => {
    const height = (count / most) * 84;
    svg.append(makeSvg("rect", { class: i < below ? "minus" : "plus", x: i * 10 + 0.5, y: 90 - height, width: 9, height }));
  });
  svg.append(makeSvg("line", { x1: below * 10, x2: below * 10, y1: 0, y2: 90, "stroke-width": 1, "vector-effect": "non-scaling-stroke" }));
  const axis = make("div", { class: "axis" });
  axis.append(make("span", {}, numberText(low, 3).replace(/^-/, "−")), make("span", {}, `${isWindow(id) ? say("elementsOf", elements(id).length, sizeOf(id)) : say("elements", sizeOf(id))}${others ? `, ${say("notFinite", others)}` : ""}`), make("span", {}, numberText(high, 3)));
  box.replaceChildren(make("h2", {}, say("histogram", nameOf(id))), svg, axis);
}

// ---- what was measured, and what must hold ----

function drawSlope() {
  const box = byId("slope");
  const id = walk.node >= 0 ? walk.node : cardShown();
  const whole = id < 0 ? -1 : gradientOf[id];
  const measured = slopes.get(id);
  if (whole < 0 || !measured || !hasAt(whole, walk.done)) return box.replaceChildren();
  const [r, c] = clamped(id, ...walk.cell);
  const ours = element(whole, r, c);
  const off = measured[r * nodes[id].matrix[1] + c];
  const largest = Math.max(1e-3, rangeOf(whole));
  const agrees = Math.abs(off) <= 1e-6 * largest;
  const dl = make("dl");
  const row = (word, text) => dl.append(make("dt", {}, say(word)), make("dd", {}, text));
  row("slopeGradient", `${elementName(whole, r, c)} = ${numberText(ours, 7)}`);
  row("slopeMeasured", Number.isNaN(off) ? say("slopeNone") : numberText(ours + off, 7));
  box.replaceChildren(make("h2", {}, say("slope", nameOf(id))), dl);
  if (Number.isNaN(off)) return;
  row("slopeDiffers", numberText(off, 2));
  box.append(make("div", { class: `verdict ${agrees ? "pass" : "fail"}` }, say(agrees ? "slopeAgrees" : "slopeWrong")), make("small", {}, say("slopeHow")));
}

function drawChecks() {
  const list = make("ul");
  for (const [passed, en, ko, text] of record.checks) {
    const li = make("li", { class: passed ? "pass" : "fail" });
    li.append(make("b", {}, passed ? "✓" : "✗"), language === "ko" ? ko : en, make("small", {}, text));
    list.append(li);
  }
  byId("checks").replaceChildren(make("h2", {}, say("checks")), list);
}

function drawMarks() {
  const box = byId("marks");
  const marks = walk.bookmarks.flatMap((step, k) => (step === undefined ? [] : [[String(k), step]]));
  if (marks.length === 0 && walk.breakpoints.size === 0) return box.replaceChildren();
  const dl = make("dl");
  const links = (steps) => {
    const dd = make("dd");
    for (const [text, step] of steps) {
      const button = make("button", { type: "button", class: "plain" }, text);
      button.onclick = () => jump(step);
      dd.append(button, " ");
    }
    return dd;
  };
  if (walk.breakpoints.size > 0) dl.append(make("dt", {}, say("breakpoints")), links([...walk.breakpoints].sort((a, b) => a - b).map((step) => [String(step), step])));
  if (marks.length > 0) dl.append(make("dt", {}, say("bookmarks")), links(marks.map(([k, step]) => [`${k}: ${step}`, step])));
  box.replaceChildren(make("h2", {}, say("marks")), dl);
}

// ---- the primitives within a step ----

function drawInside() {
  const box = byId("inside");
  const steps = walk.done > 0 ? events[walk.done - 1][8] : [];
  box.hidden = steps.length === 0;
  if (box.hidden) return;
  const id = justDone();
  if (walk.inside === 0) {
    const button = make("button", { type: "button", "aria-keyshortcuts": "i" }, say("insideButton", steps.length));
    button.onclick = () => stepInside(1);
    return box.replaceChildren(button);
  }
  const table = make("table");
  steps.forEach((node, k) => {
    const tr = make("tr");
    if (k + 1 === walk.inside) tr.setAttribute("aria-current", "step");
    const [r, c] = clamped(node, ...walk.cell);
    const button = make("button", { type: "button", class: "plain" }, lineOf(node));
    button.onclick = () => { walk.inside = k + 1; draw(); };
    tr.append(make("td", {}, `${primitiveOf(node)[1]} ${primitiveOf(node)[0]}`), make("td"), make("td", {}, shapeText(node)), make("td", { class: "n" }, k < walk.inside ? numberText(element(node, r, c)) : ""));
    tr.children[1].append(button);
    table.append(tr);
  });
  const leave = make("button", { type: "button" }, say("leaveInside"));
  leave.onclick = () => { walk.inside = 0; draw(); };
  box.replaceChildren(make("h2", {}, say("insideTitle", nameOf(id))), table, leave);
}

// ---- the table twin of the picture ----

function drawTwin() {
  if (!byId("twin").open) return;
  const table = byId("twin").querySelector("table");
  const here = cardShown();
  if (!table.rows.length || table.dataset.language !== language) buildTwin(table);
  for (const tr of table.tBodies[0].rows) {
    const id = Number(tr.dataset.node);
    const [r, c] = walk.cell;
    const there = hasAt(id, walk.done);
    const state = gradientState(id, walk.done);
    const soFar = gradientSoFar(id, walk.done);
    const texts = [there ? numberText(element(id, r, c)) : say("notYet"), `${stateText(state)}${soFar >= 0 ? `: ${numberText(element(soFar, r, c))}` : ""}`];
    texts.forEach((text, i) => { if (tr.cells[4 + i].textContent !== text) tr.cells[4 + i].textContent = text; });
    if (id === here) tr.setAttribute("aria-current", "step");
    else tr.removeAttribute("aria-current");
  }
}
function buildTwin(table) {
  table.dataset.language = language;
  const head = make("tr");
  for (const word of ["station", "name", "shape", "formula", "value", "gradient"]) head.append(make("th", { scope: "col" }, say(word)));
  const body = make("tbody");
  nodes.forEach((node, id) => {
    if (partOf(id) !== PART.forward || node.f || isTextNumber(id)) return;
    const tr = make("tr", { "data-node": id });
    const button = make("button", { type: "button", class: "plain" }, nameOf(id));
    button.onclick = () => choose(id);
    const line = isLeaf(id) ? "" : events[writtenAt[id] - 1][7];
    for (const text of [isLeaf(id) ? "" : `${node.st} ${titleOf(id)}`, "", shapeText(id), line, "", ""]) tr.append(make("td", {}, text));
    tr.cells[1].append(button);
    body.append(tr);
  });
  const thead = make("thead");
  thead.append(head);
  table.replaceChildren(thead, body);
}

// Of a page with a lesson's text; see 7_lesson.js.
let buildLesson = () => {};
let drawLesson = () => {};

function drawAbout() {
  byId("notes").replaceChildren(...record.notes.map((note) => make("li", {}, note)));
  byId("source").textContent = record.source;
  byId("about").hidden = record.notes.length === 0 && !record.source;
}

// The whole run above the scrubber: forward dark and high, backward red and low.
function drawTicks() {
  const canvas = byId("ticks");
  const width = Math.max(100, canvas.clientWidth) * (window.devicePixelRatio || 1);
  canvas.width = width;
  canvas.height = 14 * (window.devicePixelRatio || 1);
  const context = canvas.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  const colours = ["--ink", "--just", "--red"].map((name) => style.getPropertyValue(name));
  const edge = 8 * (window.devicePixelRatio || 1);  // the thumb's half width
  const at = (step) => edge + ((width - 2 * edge) * step) / events.length;
  const thin = Math.max(1, Math.min(3, (width / events.length) * 0.4));
  phases.forEach(([kind, begin, end], p) => {
    context.fillStyle = colours[kind];
    for (let k = begin; k < end; ++k) {
      const tall = k === begin || kind === 1;
      const height = canvas.height * (tall ? 0.85 : 0.5);
      context.fillRect(at(k + 1) - thin / 2, canvas.height - height, thin, height);
    }
  });
  context.fillStyle = style.getPropertyValue("--next");
  for (const step of walk.breakpoints) {
    context.beginPath();
    context.arc(at(step), canvas.height * 0.2, canvas.height * 0.2, 0, 7);
    context.fill();
  }
}
