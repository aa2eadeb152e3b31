// The picture: what changes from step to step are classes, numbers and two markers. Nothing moves.
import { all, button, byId, make, makeSvg } from "./dom.js";
import { cardOf, events, groups, hasAt, inWords, isLeaf, nameOf, placeOf, say, shapeText, sharedParts, soFarAt, stateAt, textAt, values, wholeOf } from "./record.js";
import { changed, choose, comesNext, justDone, onChange, walk } from "./walk.js";

const stage = byId("picture");
const drawings = new Map();
const closedGroups = new Set();
/** @type {any} */
export let drawing = null;
let [zoom, fits] = [0, false];

const listOf = (text) => (text ? text.split(" ").map(Number) : []);
const groupOf = (id) => values[id].group ?? 0;
const isWithin = (group, ancestor) => {
  while (group !== ancestor && group !== 0) group = groups[group].parent;
  return group === ancestor;
};
const groupName = (group) => inWords(groups[group].name);

// Finds the parts of a picture by their data, once.
function bound(svg, group) {
  /** @type {any} */
  const parts = { svg, group, cards: new Map(), laneOf: new Map(), closed: new Map() };
  for (const el of all("[data-card]", svg)) {
    const id = Number(el.dataset.card);
    const card = { el, id, val: el.querySelector(".val"), gv: el.querySelector(".gv"), mini: el.classList.contains("mini"), base: el.getAttribute("class") };
    parts.cards.set(id, [...parts.cards.get(id) ?? [], card]);
  }
  parts.lanes = all(".lane", svg).map((el) => ({ el, value: Number(el.dataset.v), gradients: listOf(el.dataset.g), at: el.dataset.at }));
  for (const lane of parts.lanes) for (const id of lane.gradients) parts.laneOf.set(id, lane);
  parts.boxes = all("[data-open]", svg).map((el) => {
    const group = Number(el.dataset.open);
    const steps = events.flatMap(({ node }, k) => (isWithin(groupOf(node), group) ? [k + 1] : []));
    return { el, group, steps, bar: el.querySelector(".done") };
  });
  for (const el of all(".closed", svg)) parts.closed.set(Number(el.dataset.group), el);
  parts.inGroups = all(".card[data-group], .lane[data-group], .frame, .closed", svg);
  for (const el of all(".card, .fold", svg)) {
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
  const flag = [makeSvg("rect", { x: -21, y: -15, width: 42, height: 14, rx: 7 }), makeSvg("text", { x: 0, y: -4.5 })];
  return makeSvg("g", { id: `mark-${kind}`, class: "mark", visibility: "hidden" }, ...flag);
}

// Shows the picture of a group, from its template the first time.
export function openPicture(group) {
  if (drawing && drawing.group === group) return;
  if (!drawings.has(group)) {
    const [template] = all(`template[data-picture="${group}"]`);
    drawings.set(group, bound(template ? template.content.firstElementChild : stage.querySelector("svg"), group));
  }
  drawing = drawings.get(group);
  stage.replaceChildren(drawing.svg);
  applyZoom();
  drawFolds();
  drawCrumbs();
}
// Which pictures show the stations of a group: its own, or the nearest above.
const pictureOf = (group) => {
  while (group !== 0 && !groups[group].own) group = groups[group].parent;
  return group;
};
// Where the step cannot be seen in the open picture, the picture above that shows it opens.
function showItsPicture() {
  if (walk.done === 0) return openPicture(0);
  let group = drawing.group;
  while (!isWithin(groupOf(justDone()), group)) group = pictureOf(groups[group].parent);
  openPicture(group);
}
function drawCrumbs() {
  const path = [];
  for (let g = drawing.group; g !== 0; g = groups[g].parent) if (groups[g].own) path.unshift(g);
  const open = (g) => { openPicture(g); changed(); };
  const crumbs = path.length === 0 ? [] : [0, ...path].flatMap((g) => {
    const name = g === 0 ? say("crumbAll") : groupName(g);
    return ["›", g === drawing.group ? make("b", {}, name) : button(name, () => open(g))];
  });
  byId("crumbs").replaceChildren(...crumbs.slice(1));
}

// ---- groups that close ----
const isHidden = (group) => group !== 0 && (closedGroups.has(group) || isHidden(groups[group].parent));
function drawFolds() {
  for (const el of drawing.inGroups) {
    const group = Number(el.dataset.group);
    if (el.classList.contains("closed")) el.classList.toggle("shut", closedGroups.has(group) && !isHidden(groups[group].parent));
    else el.classList.toggle("folded", isHidden(group));
  }
  byId("fold-all").hidden = drawing.closed.size === 0;
  byId("fold-all").textContent = say(closedGroups.size > 0 ? "unfoldAll" : "foldAll");
  for (const [id, cards] of drawing.cards) for (const { el } of cards) el.setAttribute("aria-label", labelOf(id));
  for (const { el, group } of drawing.boxes) el.setAttribute("aria-label", `${groupName(group)}, ${say("stations", groups[group].size)}`);
  for (const el of all(".fold", drawing.svg)) {
    const group = Number(el.dataset.fold);
    el.setAttribute("aria-expanded", String(!closedGroups.has(group)));
    el.setAttribute("aria-label", groupName(group));
    const text = el.querySelector("text");
    text.textContent = `${text.textContent[0]} ${groupName(group)}`;
  }
}
const labelOf = (id) => `${isLeaf(id) ? "" : `${say("station")} ${values[id].station}, ${values[id].title}: `}${nameOf(id)} ${shapeText(id)}`;
function foldedAnew() {
  drawFolds();
  changed();
}
function toggleGroup(group) {
  if (!closedGroups.delete(group)) closedGroups.add(group);
  foldedAnew();
  // The button that was pressed is hidden now; its twin takes the focus.
  all(`[data-fold="${group}"]`, drawing.svg).find((el) => el.getClientRects().length > 0)?.focus();
}
export function toggleAllGroups() {
  if (closedGroups.size > 0) closedGroups.clear();
  else for (const group of drawing.closed.keys()) closedGroups.add(group);
  foldedAnew();
}

// ---- a step ----
const isNew = (part, key, value) => part[key] !== value && ((part[key] = value), true);
const marks = (just, next) => `${just ? " just" : ""}${next ? " next" : ""}`;

function drawPicture() {
  for (const cards of drawing.cards.values()) cards.forEach(drawCard);
  drawing.lanes.forEach(drawLane);
  drawing.boxes.forEach(drawBox);
  const [just, next] = [spotOf(justDone()), spotOf(comesNext())];
  // Both flags above one card stand side by side.
  if (just && next && Math.abs(just[0] - next[0]) < 44 && Math.abs(just[1] - next[1]) < 14) {
    just[0] -= 22;
    next[0] += 22;
  }
  placeFlag(drawing.just, just, "justShort");
  placeFlag(drawing.next, next, "nextShort");
}
function drawCard(card) {
  const { id } = card;
  const { done } = walk;
  const { name, arrived, expected } = stateAt(id, done);
  const marked = marks(cardAt(justDone()) === id, cardAt(comesNext()) === id);
  const classes = `${card.base}${hasAt(id, done) ? "" : " unwritten"} ${name}${marked}${walk.node === id ? " chosen" : ""}`;
  if (isNew(card, "classes", classes)) card.el.setAttribute("class", classes);
  const text = (node) => textAt(node, placeOf(node, walk.cell)) ?? "";
  const value = hasAt(id, done) ? text(id) : "";
  if (card.val && isNew(card, "value", value)) card.val.textContent = value;
  if (!card.gv || wholeOf(id) < 0) return;
  const soFar = soFarAt(id, done);
  const gradient = soFar < 0 ? "" : `${text(soFar)}${name === "partial" ? ` ${arrived}/${expected}` : ""}`;
  if (isNew(card, "gradientText", gradient)) card.gv.textContent = gradient;
}
// A contribution to a sum is marked on its lane; everything else on a card.
const cardAt = (id) => (id < 0 ? -1 : sharedParts.has(id) ? -2 : cardOf(id));

function drawLane(lane) {
  const arrived = lane.gradients.filter((id) => hasAt(id, walk.done)).length;
  const way = arrived === 0 ? "pending" : arrived < lane.gradients.length ? "some" : "arrived";
  const marked = marks(lane.gradients.includes(justDone()), lane.gradients.includes(comesNext()));
  const classes = `lane ${hasAt(lane.value, walk.done) ? "" : "ahead "}${way}${marked}`;
  if (isNew(lane, "classes", classes)) lane.el.setAttribute("class", classes + (isHidden(Number(lane.el.dataset.group || 0)) ? " folded" : ""));
}
function drawBox(box) {
  const after = box.steps.findIndex((step) => step > walk.done);
  const share = after < 0 ? Math.min(1, box.steps.length) : after / box.steps.length;
  if (isNew(box, "share", share)) box.bar.setAttribute("width", (share * Number(box.bar.dataset.width)).toFixed(1));
}

// Where the picture shows an event: [x, y] of a flag above it, or nothing.
function spotOf(id) {
  if (id < 0) return null;
  const lane = drawing.laneOf.get(id);
  if (lane?.at && !lane.el.classList.contains("folded")) return lane.at.split(",").map(Number);
  const card = (drawing.cards.get(cardOf(id)) ?? []).find(({ el, mini }) => !mini && !el.classList.contains("folded"));
  if (card && cardAt(id) !== -2) return above(card.el);
  const box = drawing.boxes.find(({ group }) => isWithin(groupOf(id), group));
  if (box) return above(box.el);
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
function placeFlag(mark, spot, word) {
  mark.setAttribute("visibility", spot ? "visible" : "hidden");
  if (!spot) return;
  mark.setAttribute("transform", `translate(${spot[0]},${spot[1]})`);
  mark.querySelector("text").textContent = say(word);
}

// Scrolls, within the picture alone, to where the step is.
export function follow() {
  const spot = spotOf(justDone()) ?? spotOf(comesNext());
  if (!spot) return;
  const [x0, y0] = drawing.svg.getAttribute("viewBox").split(" ").map(Number);
  const x = (spot[0] - x0) * drawing.scale;
  const y = (spot[1] - y0) * drawing.scale;
  const edge = Math.min(140, stage.clientWidth / 4);
  const left = x < stage.scrollLeft + edge || x > stage.scrollLeft + stage.clientWidth - edge ? x - stage.clientWidth / 2 : stage.scrollLeft;
  const top = y < stage.scrollTop + 40 || y > stage.scrollTop + stage.clientHeight - 80 ? y - stage.clientHeight / 2 : stage.scrollTop;
  if (left !== stage.scrollLeft || top !== stage.scrollTop) stage.scrollTo({ left, top });
}

// Fits the width where that leaves it legible; else it scrolls. All of it, where that is asked for.
export function applyZoom() {
  const [, , width, height] = drawing.svg.getAttribute("viewBox").split(" ").map(Number);
  const [wide, high] = [(stage.clientWidth - 4) / width, parseFloat(getComputedStyle(stage).maxHeight) / height];
  drawing.scale = Math.min(1.25, fits ? Math.min(wide, high) : Math.max(0.8, wide)) * 1.25 ** zoom;
  for (const [side, size] of Object.entries({ width, height })) drawing.svg.setAttribute(side, (size * drawing.scale).toFixed(0));
}
export function zoomBy(steps) {
  [zoom, fits] = steps === 0 ? [0, true] : [zoom + steps, fits];
  applyZoom();
}

// ---- the picture's own clicks and keys ----
function press(target) {
  const fold = target.closest(".fold");
  const box = target.closest("[data-open]");
  const card = target.closest("[data-card]");
  if (fold) toggleGroup(Number(fold.dataset.fold));
  else if (box) {
    openPicture(Number(box.dataset.open));
    changed();
    drawing.svg.querySelector("[tabindex]")?.focus();
  } else if (card && !card.classList.contains("mini")) choose(Number(card.dataset.card));
  else return false;
  return true;
}
stage.addEventListener("click", (event) => press(event.target));
stage.addEventListener("keydown", (event) => {
  if ((event.key === "Enter" || event.key === " ") && event.target !== stage && press(event.target)) {
    event.preventDefault();
    event.stopPropagation();
  }
});

onChange((what) => {
  if (what === "language") drawFolds(), drawCrumbs();
  if (what === "step") showItsPicture();
  if (what !== "mark") drawPicture();
});
