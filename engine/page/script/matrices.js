// Matrices as heat maps: blue below zero, orange above, one range for all values of a quantity.
import { all, byId, make } from "./dom.js";
import { allExact, cellOf, colsOf, elementName, exactAt, hasAt, isGradient, keptCols, keptRows, nameOf, operandsOf, placeOf, record, rowsOf, say, shapeText, sizeOf, soFarAt, sourcesOf, stateText, textAt, values, wholeOf } from "./record.js";
import { goToWriter, onChange, onShow, setCell, walk } from "./walk.js";
import { drawNumbers } from "./panels.js";

const MOST = { rows: 12, cols: 9 };

// How strong the colour of a number is: 1 for the size of its range.
const strengthOf = (value, range) => (range === 0 ? 0 : Math.min(1, Math.abs(value) / range));
function heatOf(value, range) {
  if (!Number.isFinite(value) || range === 0 || value === 0) return "";
  return `rgba(var(--${value < 0 ? "minus" : "plus"}), ${(0.06 + 0.42 * strengthOf(value, range)).toFixed(2)})`;
}

// Which rows or columns are shown: all of a few; of many the first ones and the last two, or the
// last where the record holds no more.
function shown(count, most) {
  const first = (n) => Array.from({ length: n }, (_, i) => i);
  if (count > (record.window ?? count)) return [...first(most - 2), -1, count - 1];
  return count <= most ? first(count) : [...first(most - 3), -1, count - 2, count - 1];
}

// options: note (beside the name), result (hovering lights its sources).
function matrix(id, { note = "", result = false } = {}) {
  const [rows, cols] = [rowsOf(id), colsOf(id)];
  const there = hasAt(id, walk.done);
  const caption = make("figcaption", {}, make("b", {}, nameOf(id)), make("span", {}, `${shapeText(id)} ${note}`));
  const trs = shown(rows, MOST.rows).map((r) => make("tr", { role: "row" }, ...shown(cols, MOST.cols).map((c) => cell(id, r, c, there))));
  const table = make("table", { class: "heat", role: "grid", "aria-label": `${nameOf(id)} ${shapeText(id)}` }, ...trs);
  const figure = make("figure", { class: `matrix${result ? " result" : ""}`, "data-matrix": id }, caption, make("div", { class: "scroll" }, table));
  if (!there) return figure;
  if (sizeOf(id) > 1) figure.append(legend(values[id].range ?? "0"));
  if (rows > MOST.rows || cols > MOST.cols) figure.append(wholePicture(id));
  const { all } = values[id];
  if (all) figure.append(make("p", { class: "of-all" }, say("ofAll", keptRows(id), keptCols(id), all.least, all.most, all.mean, all.norm)));
  return figure;
}
function cell(id, r, c, there) {
  if (r < 0 || c < 0) return make("td", { class: "gap", role: "gridcell" }, r < 0 && c < 0 ? "⋱" : r < 0 ? "⋮" : "…");
  const place = r * colsOf(id) + c;
  const attributes = { role: "gridcell", "data-at": `${id},${place}`, tabindex: -1 };
  if (!there) return make("td", { ...attributes, class: "empty", "aria-label": say("notYet") });
  const value = exactAt(id, place);
  const td = make("td", { ...attributes, class: Number.isFinite(value) ? "" : "odd" }, textAt(id, place));
  td.style.background = heatOf(value, Number(values[id].range ?? 0));
  return td;
}
const legend = (range) => make("div", { class: "legend", "aria-hidden": "true" }, make("span", {}, `-${range}`), make("i"), make("span", {}, `+${range}  `));

// The two colours as numbers; asked for once a scheme, since asking makes the browser lay out.
let signColours = [];
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  signColours = ["--minus", "--plus"].map((name) => style.getPropertyValue(name).split(",").map(Number));
}

// All of a matrix that is too large for numbers, a square an element.
function wholePicture(id) {
  const [rows, cols] = [keptRows(id), keptCols(id)];
  const canvas = make("canvas", { class: "whole", width: cols, height: rows, role: "img", "aria-label": `${nameOf(id)} ${shapeText(id)}` });
  const side = Math.max(1, Math.min(6, Math.floor(220 / Math.max(rows, cols))));
  Object.assign(canvas.style, { width: `${cols * side}px`, height: `${rows * side}px` });
  const image = new ImageData(cols, rows);
  allExact(id).forEach((value, i) => {
    const colour = [...signColours[value < 0 ? 0 : 1], 255 * strengthOf(value, Number(values[id].range ?? 0))];
    image.data.set(Number.isFinite(value) ? colour : [128, 128, 128, 255], 4 * i);
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

// The matrices of the step: what goes in, then what comes out; of a chosen node its value and
// gradient.
function drawMatrices() {
  const figures = new Map();
  const add = (id, options) => { if (id >= 0 && !figures.has(id)) figures.set(id, matrix(id, options)); };
  const id = onShow();
  if (id >= 0) {
    operandsOf(id).forEach((operand) => add(operand));
    add(id, { result: true, note: `= ${say("result")}` });
  }
  if (walk.node >= 0) {
    add(walk.node);
    const soFar = soFarAt(walk.node, walk.done);
    add(soFar >= 0 ? soFar : wholeOf(walk.node), { note: stateText(walk.node, walk.done) });
  }
  byId("matrices").replaceChildren(...figures.values());
}

// The selected element in every matrix, one of them in the tab order.
function markCells() {
  for (const figure of all("#matrices .matrix")) {
    const id = Number(figure.dataset.matrix);
    for (const td of all(".chosen", figure)) td.classList.remove("chosen");
    for (const td of all('[tabindex="0"]', figure)) td.tabIndex = -1;
    const td = figure.querySelector(`[data-at="${id},${placeOf(id, walk.cell)}"]`);
    td?.classList.add("chosen");
    const stop = td ?? figure.querySelector("td[data-at]");
    if (stop) stop.tabIndex = 0;
  }
  const id = onShow();
  byId("element").textContent = id < 0 ? "" : say("element", elementName(id, placeOf(id, walk.cell)));
}

// Lights what one element is made of, in the matrices and in the line of numbers.
function light(sources) {
  for (const el of all(".lit")) el.classList.remove("lit");
  for (const source of sources) {
    for (const el of all(`[data-at="${source}"]`)) el.classList.add("lit");
  }
}
const atOf = (el) => el.closest("td[data-at]")?.dataset.at.split(",").map(Number) ?? [-1, 0];
function look(event) {
  const [id, place] = atOf(event.target);
  if (id < 0) return;
  if (id === onShow()) drawNumbers(place);
  light(id === onShow() ? sourcesOf(id, place) : []);
}
function leave() {
  light([]);
  drawNumbers(placeOf(onShow(), walk.cell));
}
// A click chooses the element; in a gradient of an earlier step it goes to the last writer too.
function chooseCell([id, place]) {
  if (id < 0) return;
  setCell(cellOf(id, place));
  if (isGradient(id) && id !== onShow()) goToWriter(id);
}
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
function press(event) {
  const [id, place] = atOf(event.target);
  const move = MOVES[event.key];
  if (id < 0 || (!move && event.key !== "Enter")) return;
  if (!move) chooseCell([id, place]);
  else {
    const counts = [rowsOf(id), colsOf(id)];
    const to = cellOf(id, place).map((k, side) => Math.max(0, Math.min(counts[side] - 1, k + move[side])));
    setCell(to);
    all(`#matrices [data-at="${id},${placeOf(id, to)}"]`)[0]?.focus();
  }
  event.preventDefault();
  event.stopPropagation();
}
const box = byId("matrices");
for (const kind of ["mouseover", "focusin"]) box.addEventListener(kind, look);
for (const kind of ["mouseleave", "focusout"]) box.addEventListener(kind, leave);
box.addEventListener("click", (event) => chooseCell(atOf(event.target)));
box.addEventListener("keydown", press);

onChange((what) => {
  if (what !== "mark" && what !== "cell") drawMatrices();
  if (what !== "mark") markCells();
});
