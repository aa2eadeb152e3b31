// Matrices as heat maps: blue below zero, orange above, one range for all values of a quantity.
const MOST = { rows: 12, cols: 9 };
const ranges = new Map();

// The gradient of a node is one quantity with its contributions and partial sums.
function quantityOf(id) {
  return isGradient(id) ? `d${nodes[id].of}` : `v${id}`;
}
function rangeOf(id) {
  const key = quantityOf(id);
  if (!ranges.has(key)) {
    const of = nodes[id].of;
    const all = isGradient(id) ? [gradientOf[of], ...contributions[of], ...sums[of]] : [id];
    let largest = 0;
    for (const k of all) {
      if (k >= 0) largest = Math.max(largest, largestOf(k));
    }
    ranges.set(key, largest);
  }
  return ranges.get(key);
}
function heatOf(value, range) {
  if (!Number.isFinite(value) || range === 0 || value === 0) return "";
  const strength = 0.06 + 0.42 * Math.min(1, Math.abs(value) / range);
  return `rgba(var(--${value < 0 ? "minus" : "plus"}), ${strength.toFixed(2)})`;
}

// Which rows or columns are shown: all of a few; of many the first ones and the last two, or the
// last where the record holds no more.
function shown(count, most) {
  if (count > (record.window ?? count)) return [...Array.from({ length: most - 2 }, (_, i) => i), -1, count - 1];
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  const first = Array.from({ length: most - 3 }, (_, i) => i);
  return [...first, -1, count - 2, count - 1];
}

// options: note (beside the name), result (hovering lights its sources), done (for what is empty).
function matrix(id, { note = "", result = false, done = walk.done } = {}) {
  const [rows, cols] = nodes[id].matrix;
  const there = hasAt(id, done);
  const figure = make("figure", { class: `matrix${result ? " result" : ""}`, "data-matrix": id });
  const caption = make("figcaption");
  caption.append(make("b", {}, nameOf(id)), make("span", {}, `${shapeText(id)} ${note}`));
  const table = make("table", { class: "heat", role: "grid", "aria-label": `${nameOf(id)} ${shapeText(id)}` });
  const range = rangeOf(id);
  const body = make("tbody");
  for (const r of shown(rows, MOST.rows)) {
    const tr = make("tr", { role: "row" });
    for (const c of shown(cols, MOST.cols)) tr.append(cell(id, r, c, there, range));
    body.append(tr);
  }
  table.append(body);
  const scroll = make("div", { class: "scroll" });
  scroll.append(table);
  figure.append(caption, scroll);
  if (there && sizeOf(id) > 1) figure.append(legend(range));
  if (there && (rows > MOST.rows || cols > MOST.cols)) figure.append(wholePicture(id, range));
  if (there && nodes[ownerOf(id)].all) figure.append(ofAll(id));
  return figure;
}

// What the engine says of all elements, where the record holds a window of them.
function ofAll(id) {
  const { least, most, mean, norm } = nodes[ownerOf(id)].all;
  const [high, wide] = keptOf(id);
  return make("p", { class: "of-all" }, say("ofAll", high, wide, least, most, mean, norm));
}

function cell(id, r, c, there, range) {
  if (r < 0 || c < 0) return make("td", { class: "gap", role: "gridcell" }, r < 0 && c < 0 ? "⋱" : r < 0 ? "⋮" : "…");
  const td = make("td", { role: "gridcell", "data-at": `${id},${r},${c}`, tabindex: -1 });
  if (!there) {
    td.classList.add("empty");
    td.setAttribute("aria-label", say("notYet"));
    return td;
  }
  const value = element(id, r, c);
  td.textContent = numberText(value).replace(/^-/, "−");
  td.style.background = heatOf(value, range);
  if (!Number.isFinite(value)) td.classList.add("odd");
  return td;
}

function legend(range) {
  const el = make("div", { class: "legend", "aria-hidden": "true" });
  const bar = make("i");
  bar.style.background = "linear-gradient(to right, rgba(var(--minus), .48), rgba(var(--minus), .06), var(--card), rgba(var(--plus), .06), rgba(var(--plus), .48))";
  const text = numberText(range, 3);
  el.append(make("span", {}, `−${text}`), bar, make("span", {}, `+${text}  `));
  return el;
}

// The two colours as numbers; asked for once a scheme, since asking makes the browser lay out.
let signColours = [];
function readColours() {
  const style = getComputedStyle(document.documentElement);
  signColours = ["--minus", "--plus"].map((name) => style.getPropertyValue(name).split(",").map(Number));
}

// All of a matrix that is too large for numbers, a square an element.
function wholePicture(id, range) {
  const [rows, cols] = keptOf(id);
  const canvas = make("canvas", { class: "whole", width: cols, height: rows, role: "img", "aria-label": `${nameOf(id)} ${shapeText(id)}` });
  const side = Math.max(1, Math.min(6, Math.floor(220 / Math.max(rows, cols))));
  canvas.style.width = `${cols * side}px`;
  canvas.style.height = `${rows * side}px`;
  const image = new ImageData(cols, rows);
  elements(id).forEach((value, i) => {
    const colour = signColours[value < 0 ? 0 : 1];
    const alpha = Number.isFinite(value) ? (range ? Math.abs(value) / range : 0) : 1;
    image.data.set(Number.isFinite(value) ? [...colour, 255 * alpha] : [128, 128, 128, 255], 4 * i);
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

const isTextNumber = (id) => isLeaf(id) && nodes[id].r === 3 && !Number.isNaN(Number(nameOf(id)));

// The matrices of the step: what goes in, then what comes out; of a chosen node its value and
// gradient.
function drawMatrices() {
  const box = document.getElementById("matrices");
  const id = walk.shown();
  const figures = [];
  const taken = new Set();
  const add = (node, options) => {
    if (node < 0 || taken.has(node)) return;
    taken.add(node);
    figures.push(matrix(node, options));
  };
  if (id >= 0) {
    for (const input of operandsOf(id)) if (!isTextNumber(input)) add(input);
    add(id, { result: true, note: `= ${say("result")}` });
  }
  if (walk.node >= 0) {
    add(walk.node);
    const soFar = gradientSoFar(walk.node, walk.done);
    const gradient = soFar >= 0 ? soFar : gradientOf[walk.node];
    if (gradient >= 0) add(gradient, { note: stateText(gradientState(walk.node, walk.done)) });
  }
  box.replaceChildren(...figures);
  markCells();
}

// The selected element in every matrix, one of them in the tab order.
function markCells() {
  const [row, col] = walk.cell;
  for (const figure of document.querySelectorAll("#matrices .matrix")) {
    const id = Number(figure.dataset.matrix);
    const [r, c] = clamped(id, row, col);
    for (const td of figure.querySelectorAll(".chosen")) td.classList.remove("chosen");
    for (const td of figure.querySelectorAll('[tabindex="0"]')) td.tabIndex = -1;
    const td = figure.querySelector(`[data-at="${id},${r},${c}"]`);
    if (td) td.classList.add("chosen");
    const stop = td || figure.querySelector("td[data-at]");
    if (stop) stop.tabIndex = 0;
  }
}

// Lights what one element is made of, in the matrices and in the rule.
function light(at) {
  for (const el of document.querySelectorAll(".lit")) el.classList.remove("lit");
  if (!at) return;
  const [id, r, c] = at.split(",").map(Number);
  for (const source of sourcesOf(id, r, c)) {
    for (const el of document.querySelectorAll(`[data-at="${source}"]`)) el.classList.add("lit");
  }
}

(function listenToMatrices() {
  const box = document.getElementById("matrices");
  const at = (event) => event.target.closest("td[data-at]")?.dataset.at;
  const look = (event) => {
    const text = at(event);
    if (!text) return;
    const [id, r, c] = text.split(",").map(Number);
    if (id !== walk.shown()) return light(null);
    drawNumbers(r, c);
    light(text);
  };
  const leave = () => {
    light(null);
    drawNumbers(...walk.cell);
  };
  box.addEventListener("mouseover", look);
  box.addEventListener("focusin", look);
  box.addEventListener("mouseleave", leave);
  box.addEventListener("focusout", leave);
  // A click chooses the element; in a gradient of an earlier step it goes to the last writer too.
  const choose = (text) => {
    const [id, r, c] = text.split(",").map(Number);
    setCell(r, c);
    if (isGradient(id) && id !== walk.shown()) goToWriter(id);
  };
  box.addEventListener("click", (event) => at(event) && choose(at(event)));
  box.addEventListener("keydown", (event) => {
    const text = at(event);
    if (!text) return;
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const [id, r, c] = text.split(",").map(Number);
    if (event.key === "Enter") choose(text);
    else if (moves[event.key]) {
      const [rows, cols] = nodes[id].matrix;
      const row = Math.max(0, Math.min(rows - 1, r + moves[event.key][0]));
      const col = Math.max(0, Math.min(cols - 1, c + moves[event.key][1]));
      setCell(row, col);
      box.querySelector(`[data-at="${id},${row},${col}"]`)?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
})();
