// The picture: what changes from step to step are classes, numbers and two markers. Nothing moves.
const SVG = "http://www.w3.org/2000/svg";
const stage = document.getElementById("picture");
const drawings = new Map();
const closedGroups = new Set();
let drawing = null;
let zoom = 0;

function make(name, attributes = {}, text = "") {
  const el = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
  if (text !== "") el.textContent = text;
  return el;
}
function makeSvg(name, attributes = {}) {
  const el = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
  return el;
}
const listOf = (text) => (text ? text.split(" ").map(Number) : []);
const isWithin = (group, ancestor) => {
  while (group !== ancestor && group !== 0) group = groups[group].parent;
  return group === ancestor;
};
// The group of a node; of a gradient, that of the station it was sent back through.
const groupOf = (id) => {
  const node = nodes[id];
  if (partOf(id) === PART.forward) return node.g || 0;
  return nodes[node.u ? node.u[0] : node.of].g || 0;
};

// Finds the parts of a picture by their data, once.
function bound(svg) {
  const parts = { svg, cards: new Map(), lanes: [], laneOf: new Map(), boxes: [], closed: new Map(), frames: [] };
  for (const el of svg.querySelectorAll("[data-card]")) {
    const card = { el, id: Number(el.dataset.card), val: el.querySelector(".val"), gv: el.querySelector(".gv"), mini: el.classList.contains("mini") };
    card.gradient = gradientOf[card.id];
    if (!parts.cards.has(card.id)) parts.cards.set(card.id, []);
    parts.cards.get(card.id).push(card);
  }
  for (const el of svg.querySelectorAll(".lane")) {
    const lane = { el, value: Number(el.dataset.v), gradients: listOf(el.dataset.g), at: el.dataset.at };
    parts.lanes.push(lane);
    for (const id of lane.gradients) parts.laneOf.set(id, lane);
  }
  for (const el of svg.querySelectorAll("[data-open]")) {
    const group = Number(el.dataset.open);
    const steps = [];
    events.forEach(([id], k) => { if (isWithin(groupOf(id), group)) steps.push(k + 1); });
    parts.boxes.push({ el, group, steps, bar: el.querySelector(".done") });
  }
  for (const el of svg.querySelectorAll(".closed")) parts.closed.set(Number(el.dataset.group), el);
  parts.inGroups = [...svg.querySelectorAll(".card[data-group], .lane[data-group], .frame, .closed")];
  for (const el of svg.querySelectorAll(".card, .fold")) {
    el.setAttribute("role", "button");
    el.tabIndex = 0;
  }
  parts.just = marker("just");
  parts.next = marker("next");
  svg.append(parts.next, parts.just);
  return parts;
}

// A flag with a word, so that colour is not the only sign.
function marker(kind) {
  const g = makeSvg("g", { id: `mark-${kind}`, class: "mark", visibility: "hidden" });
  g.append(makeSvg("rect", { x: -21, y: -15, width: 42, height: 14, rx: 7 }));
  g.append(makeSvg("text", { x: 0, y: -4.5 }));
  return g;
}

// Shows the picture of a group, from its template the first time.
function openPicture(group) {
  if (drawing && drawing.group === group) return;
  if (!drawings.has(group)) {
    const template = document.querySelector(`template[data-picture="${group}"]`);
    const svg = template ? template.content.firstElementChild : stage.querySelector("svg");
    drawings.set(group, Object.assign(bound(svg), { group }));
  }
  drawing = drawings.get(group);
  stage.replaceChildren(drawing.svg);
  applyZoom();
  drawFolds();
  drawCrumbs();
}

function drawCrumbs() {
  const crumbs = document.getElementById("crumbs");
  crumbs.replaceChildren();
  if (drawing.group === 0) return;
  const path = [];
  for (let g = drawing.group; ; g = groups[g].parent) {
    if (g === 0 || groups[g].own) path.unshift(g);
    if (g === 0) break;
  }
  path.forEach((g, i) => {
    const name = g === 0 ? say("crumbAll") : groups[g][language];
    if (i > 0) crumbs.append("›");
    if (g === drawing.group) crumbs.append(make("b", {}, name));
    else {
      const button = make("button", { type: "button" }, name);
      button.onclick = () => { openPicture(g); draw(); };
      crumbs.append(button);
    }
  });
}

// Which pictures show the stations of a group: its own, or the nearest above.
const pictureOf = (group) => {
  while (group !== 0 && !groups[group].own) group = groups[group].parent;
  return group;
};

// ---- groups that close ----

function isHidden(group) {
  for (let g = group; g !== 0; g = groups[g].parent) if (closedGroups.has(g)) return true;
  return false;
}
function drawFolds() {
  for (const el of drawing.inGroups) {
    const group = Number(el.dataset.group);
    if (el.classList.contains("closed")) {
      el.classList.toggle("shut", closedGroups.has(group) && !isHidden(groups[group].parent));
    } else el.classList.toggle("folded", isHidden(group));
  }
  const all = document.getElementById("fold-all");
  all.hidden = drawing.closed.size === 0;
  all.textContent = say(closedGroups.size > 0 ? "unfoldAll" : "foldAll");
  for (const [id, cards] of drawing.cards) for (const { el } of cards) el.setAttribute("aria-label", labelOf(id));
  for (const { el, group } of drawing.boxes) el.setAttribute("aria-label", `${groups[group][language]}, ${say("stations", groups[group].size)}`);
  for (const el of drawing.svg.querySelectorAll(".fold")) {
    const group = Number(el.dataset.fold);
    el.setAttribute("aria-expanded", String(!closedGroups.has(group)));
    el.setAttribute("aria-label", groups[group][language]);
    const text = el.querySelector("text");
    text.textContent = `${text.textContent[0]} ${groups[group][language]}`;
  }
}
const labelOf = (id) => `${isLeaf(id) ? "" : `${say("station")} ${nodes[id].st}, ${titleOf(id)}: `}${nameOf(id)} ${shapeText(id)}`;
function toggleGroup(group) {
  if (closedGroups.has(group)) closedGroups.delete(group);
  else closedGroups.add(group);
  drawFolds();
  draw();
  // The button that was pressed is hidden now; its twin takes the focus.
  const twin = [...drawing.svg.querySelectorAll(`[data-fold="${group}"]`)].find((el) => el.getClientRects().length > 0);
  if (twin) twin.focus();
}
function toggleAllGroups() {
  if (closedGroups.size > 0) closedGroups.clear();
  else for (const group of drawing.closed.keys()) closedGroups.add(group);
  drawFolds();
  draw();
}

// ---- a step ----

const changed = (part, key, value) => part[key] !== value && ((part[key] = value), true);

function drawPicture(done) {
  const just = justDone();
  const next = comesNext();
  for (const cards of drawing.cards.values()) for (const card of cards) drawCard(card, done, just, next);
  for (const lane of drawing.lanes) drawLane(lane, done, just, next);
  for (const box of drawing.boxes) drawBox(box, done);
  placeFlags(just, next);
}

function drawCard(card, done, just, next) {
  const { id } = card;
  const state = gradientState(id, done);
  const classes = `${hasAt(id, done) ? "" : " unwritten"} ${stateName(state)}` +
    `${cardAt(just) === id ? " just" : ""}${cardAt(next) === id ? " next" : ""}${walk.node === id ? " chosen" : ""}`;
  if (changed(card, "classes", classes)) {
    card.base = card.base ?? card.el.getAttribute("class");
    card.el.setAttribute("class", `${card.base} ${classes.trim()}`);
  }
  const [r, c] = walk.cell;
  const value = hasAt(id, done) ? numberText(element(id, r, c), 3) : "";
  if (card.val && changed(card, "value", value)) card.val.textContent = value;
  if (!card.gv || card.gradient < 0) return;
  const soFar = gradientSoFar(id, done);
  const partial = stateName(state) === "partial";
  let text = soFar < 0 ? "" : numberText(element(soFar, r, c), partial ? 2 : 3);
  if (partial) text = `${text} · ${state.arrived}/${state.expected}`;
  if (changed(card, "gradientText", text)) card.gv.textContent = text;
}
// A contribution to a sum is marked on its lane; everything else on a card.
const cardAt = (id) => {
  if (id < 0) return -1;
  const ownLane = partOf(id) === PART.contribution && nodes[id].m > 1;
  return ownLane ? -2 : cardOf(id);
};

function drawLane(lane, done, just, next) {
  const arrived = lane.gradients.filter((id) => hasAt(id, done)).length;
  const way = arrived === 0 ? "pending" : arrived < lane.gradients.length ? "some" : "arrived";
  const classes = `lane ${hasAt(lane.value, done) ? "" : "ahead "}${way}` +
    `${lane.gradients.includes(just) ? " just" : ""}${lane.gradients.includes(next) ? " next" : ""}` ;
  if (changed(lane, "classes", classes)) lane.el.setAttribute("class", classes + (isHidden(Number(lane.el.dataset.group || 0)) ? " folded" : ""));
}

function drawBox(box, done) {
  let low = 0;
  let high = box.steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (box.steps[middle] <= done) low = middle + 1;
    else high = middle;
  }
  const width = box.steps.length ? (low / box.steps.length) * Number(box.bar.dataset.width) : 0;
  if (changed(box, "width", width)) box.bar.setAttribute("width", width.toFixed(1));
}

// Where the picture shows an event: [x, y] of a flag above it, or nothing.
function spotOf(id) {
  if (id < 0) return null;
  const lane = drawing.laneOf.get(id);
  const onLane = lane?.at && !lane.el.classList.contains("folded");
  if (onLane) return lane.at.split(",").map(Number);
  const card = (drawing.cards.get(cardOf(id)) || []).find(({ el, mini }) => !mini && !el.classList.contains("folded"));
  if (card && cardAt(id) !== -2) return above(card.el);
  for (const box of drawing.boxes) if (isWithin(groupOf(id), box.group)) return above(box.el);
  for (let g = groupOf(id); g !== 0; g = groups[g].parent) {
    if (!closedGroups.has(g) || isHidden(groups[g].parent) || !drawing.closed.has(g)) continue;
    const edge = drawing.closed.get(g).querySelector(".edge");
    return [Number(edge.getAttribute("x")) + Number(edge.getAttribute("width")) / 2, Number(edge.getAttribute("y"))];
  }
  return card ? above(card.el) : null;
}
function above(el) {
  const [x, y] = el.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
  return [x + 16, y + Number(el.querySelector(".ground").getAttribute("y"))];
}
// Both flags above one card stand side by side.
function placeFlags(just, next) {
  const a = spotOf(just);
  const b = spotOf(next);
  if (a && b && Math.abs(a[0] - b[0]) < 44 && Math.abs(a[1] - b[1]) < 14) {
    a[0] -= 22;
    b[0] += 22;
  }
  placeFlag(drawing.just, a, "justShort");
  placeFlag(drawing.next, b, "nextShort");
}
function placeFlag(mark, spot, word) {
  mark.setAttribute("visibility", spot ? "visible" : "hidden");
  if (!spot) return;
  mark.setAttribute("transform", `translate(${spot[0]},${spot[1]})`);
  mark.querySelector("text").textContent = say(word);
}

// Scrolls, within the picture alone, to where the step is.
function follow() {
  const spot = spotOf(justDone()) || spotOf(comesNext());
  if (!spot) return;
  const [x0, y0] = drawing.svg.getAttribute("viewBox").split(" ").map(Number);
  const scale = drawing.scale || 1;
  const x = (spot[0] - x0) * scale;
  const y = (spot[1] - y0) * scale;
  const edge = Math.min(140, stage.clientWidth / 4);
  const left = x < stage.scrollLeft + edge || x > stage.scrollLeft + stage.clientWidth - edge ? x - stage.clientWidth / 2 : stage.scrollLeft;
  const top = y < stage.scrollTop + 40 || y > stage.scrollTop + stage.clientHeight - 80 ? y - stage.clientHeight / 2 : stage.scrollTop;
  if (left !== stage.scrollLeft || top !== stage.scrollTop) stage.scrollTo({ left, top });
}

// Fits the width where that leaves it legible; else it scrolls.
function applyZoom() {
  const [, , width, height] = drawing.svg.getAttribute("viewBox").split(" ").map(Number);
  const fit = Math.min(1.25, Math.max(0.66, (stage.clientWidth - 4) / width));
  const scale = fit * 1.25 ** zoom;
  drawing.scale = scale;
  drawing.svg.setAttribute("width", (width * scale).toFixed(0));
  drawing.svg.setAttribute("height", (height * scale).toFixed(0));
}

// The key below the picture, drawn with the same classes.
function drawKey() {
  const entries = [
    ["keyValue", '<g class="lane"><path class="fw" d="M0 6h22"/><path class="fh" d="M28 6l-8 3.6v-7.2z"/></g>'],
    ["keyGradient", '<g class="lane"><path class="bw" d="M6 6h22"/><path class="bh" d="M0 6l8 3.6v-7.2z"/></g>'],
    ["keyPending", '<rect class="slot" x="1" y="1" width="26" height="10" rx="3"/>'],
  ];
  document.getElementById("key").innerHTML = entries
    .map(([word, shape]) => `<li><svg width="28" height="12" aria-hidden="true">${shape}</svg>${say(word)}</li>`)
    .join("");
}
