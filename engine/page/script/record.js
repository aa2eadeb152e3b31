// The record of the run, and what is there after so many events: every node is written once, by one
// event, so stepping, scrubbing and going back are all the same comparison.
import { byId } from "./dom.js";

/** @type {Run} */
export const record = JSON.parse(byId("record").textContent);
export const { values, events, groups, phases } = record;
export const NEVER = Infinity;

// ---- languages ----
let language = record.language;
export const languageCode = () => record.languages[language].code;
export const nextLanguage = () => record.languages[(language + 1) % record.languages.length];
/** @param {string} code */
export function speak(code) {
  const found = record.languages.findIndex((is) => is.code === code);
  if (found >= 0) language = found;
}
/** @param {Said} said */
export const inWords = (said) => said[language];
// A word of the page with its places filled in.
export const say = (key, ...fill) => inWords(record.words[key]).replace(/\{(\d)\}/g, (_, k) => String(fill[k]));

// ---- values ----
const exact = new Float64Array(Uint8Array.from(atob(record.numbers), (c) => c.charCodeAt(0)).buffer);

export const nameOf = (id) => values[id].name;
export const isLeaf = (id) => values[id].formula === undefined;
export const isGradient = (id) => values[id].of !== undefined;
export const shapeText = (id) => { const { shape } = values[id]; return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`; };
// As a matrix: the last side in a row, all others down the rows.
export const rowsOf = (id) => values[id].shape.slice(0, -1).reduce((all, side) => all * side, 1);
export const colsOf = (id) => values[id].shape.at(-1) ?? 1;
export const sizeOf = (id) => rowsOf(id) * colsOf(id);
// The place of a cell, in row-major order; of a smaller value the nearest.
/** @param {number} id @param {number[]} cell */
export const placeOf = (id, [r, c]) => Math.min(r, rowsOf(id) - 1) * colsOf(id) + Math.min(c, colsOf(id) - 1);
/** @returns {[number, number]} */
export const cellOf = (id, place) => [Math.floor(place / colsOf(id)), place % colsOf(id)];

// ---- places ----
// The index along each side.
function indexOf(sides, place) {
  const index = [];
  for (let side = sides.length - 1; side >= 0; --side) {
    index[side] = place % sides[side];
    place = Math.floor(place / sides[side]);
  }
  return index;
}
// The place of an element as NumPy indexes it: "[0, 2]", "[2]" of a vector, "" of a number.
export const placeText = (id, place) => (values[id].shape.length ? `[${indexOf(values[id].shape, place).join(", ")}]` : "");
export function elementName(id, place) {
  const { formula } = values[id];
  return (formula?.written ? `(${formula.numpy})` : nameOf(id)) + placeText(id, place);
}

/** @param {WayStep} step @returns {number[]} */
function along(step, place) {
  if (step.each) return step.each[place];
  const { from, to, by: sides } = step;
  const index = indexOf(from, place);
  return sides.reduce((/** @type {number[]} */ places, by, side) => {
    const all = by === null ? Array.from({ length: to[side] }, (_, i) => i) : [typeof by === "string" ? Number(by) : index[by]];
    return places.flatMap((at) => all.map((i) => at * to[side] + i));
  }, [0]);
}
/** @param {Way | undefined} way @param {number} place */
export const follow = (way, place) => (way ?? []).reduce((places, step) => places.flatMap((at) => along(record.ways[step], at)), [place]);

// ---- numbers: of a large value the record holds a window ----
export const keptRows = (id) => Math.min(rowsOf(id), record.window ?? NEVER);
export const keptCols = (id) => Math.min(colsOf(id), record.window ?? NEVER);
export const isWindow = (id) => keptRows(id) < rowsOf(id) || keptCols(id) < colsOf(id);
const keptAt = (count, kept, i) => (i < kept - 1 || count === kept ? i : i === count - 1 ? kept - 1 : NaN);
export const heldAt = (count, kept, i) => (i === kept - 1 ? count - 1 : i);
function held(id, place) {
  const [r, c] = cellOf(id, place);
  return keptAt(rowsOf(id), keptRows(id), r) * keptCols(id) + keptAt(colsOf(id), keptCols(id), c);
}
const split = new Map();
function textsOf(id) {
  if (!split.has(id)) split.set(id, values[id].texts?.split(" "));
  return split.get(id);
}
// Calls `get` with the node and the place that an element is read from.
function read(id, place, get) {
  const { as } = values[id];
  return as ? read(as.node, follow(as.way, place)[0], get) : get(id, place);
}
// The text of an element; undefined where the window does not hold it.
/** @returns {string | undefined} */
export const textAt = (id, place) => read(id, place, (node, at) => textsOf(node)[held(node, at)]);
export const exactAt = (id, place) => read(id, place, (node, at) => exact[values[node].at + held(node, at)]);
// The least and the greatest right answer to what it will be; nothing of one that is not asked.
export const rangeAt = (id, place) => read(id, place, (node, at) => values[node].ranges?.split(" ").slice(2 * at, 2 * at + 2) ?? []);
// All exact numbers that the record holds, row by row.
export const allExact = (id) => Array.from({ length: keptRows(id) * keptCols(id) }, (_, i) =>
  exactAt(id, heldAt(rowsOf(id), keptRows(id), Math.floor(i / keptCols(id))) * colsOf(id) + heldAt(colsOf(id), keptCols(id), i % keptCols(id))));

// ---- the line of numbers ----
/** @param {Form} form @param {string} text */
export function signed(form, text) {
  if (text.startsWith("-")) return form.minus + text.slice(1) + form.behind;
  return (text === "0" || text === "nan" ? form.zero : form.plus) + text;
}
// What one element is made of: pieces of text, each with the cell that it is the number of. Nothing
// where that is the number itself, or where the record does not hold all of it.
export function madeOf(id, place) {
  const { terms = [], made = {} } = values[id].formula ?? {};
  if (made[place]) return [{ text: made[place], at: "" }];
  const pieces = terms.map((term) => {
    if (typeof term === "string") return { text: term, at: "" };
    const at = follow(term.way, place)[0];
    const text = textAt(term.node, at);
    return { text: text && signed(record.forms[term.form ?? 0], text), at: `${term.node},${at}` };
  });
  const whole = pieces.every(({ text }) => text !== undefined) && pieces.map(({ text }) => text).join("") !== textAt(id, place);
  return whole ? pieces : [];
}
// The cells that one element is made of: "node,place".
const readsOf = (id) => values[id].formula?.reads ?? (values[id].formula?.terms ?? []).flatMap((term) => (typeof term === "string" ? [] : [term]));
export const sourcesOf = (id, place) => readsOf(id).flatMap(({ node, way }) => follow(way, place).map((at) => `${node},${at}`));
// The values that a formula names, in their order, each once.
export const operandsOf = (id) => [...new Set(readsOf(id).map(({ node }) => node))];
export const numpyOf = (id) => (isLeaf(id) ? nameOf(id) : `${nameOf(id)} = ${values[id].formula?.numpy}`);

// ---- what is there after so many events ----
const KINDS = ["forward", "leaf", "inside", "seed", "contribution", "partial", "final"];
export const kindOf = (value) => (value ? KINDS[value.kind ?? 0] : "none");
export const writtenAt = values.map((value) => (kindOf(value) === "leaf" ? 0 : NEVER));
events.forEach(({ node, inside }, k) => {
  for (const id of [node, ...(inside ?? [])]) writtenAt[id] = Math.min(writtenAt[id], k + 1);
});
export const hasAt = (id, done) => writtenAt[id] <= done;

// What holds the gradient of a value so far, one after the other, and what makes it grow.
/** @param {Value} value */
const sumsOf = ({ gradient }) => (gradient ? gradient.sums ?? [gradient.whole] : []);
/** @param {Value} value */
const arrivalsOf = ({ gradient }) => (gradient ? [...(gradient.parts ?? []).slice(0, -1).map(({ node }) => node), gradient.whole] : []);
const countAt = (nodes, done) => nodes.filter((id) => hasAt(id, done)).length;
export const wholeOf = (id) => values[id].gradient?.whole ?? -1;
export const addedAt = (id, done) => countAt(sumsOf(values[id]), done);
export const soFarAt = (id, done) => sumsOf(values[id])[addedAt(id, done) - 1] ?? -1;  // -1: nothing
// How far the gradient has come: the sum is an event of its own.
export function stateAt(id, done) {
  const arrivals = arrivalsOf(values[id]);
  const [arrived, expected] = [countAt(arrivals, done), arrivals.length];
  const name = expected === 0 ? "none" : arrived === 0 ? "pending" : arrived < expected ? "partial" : "final";
  return { arrived, expected, name };
}
export function stateText(id, done) {
  const { arrived, expected, name } = stateAt(id, done);
  return name === "none" ? say("noGradient") : say(name, arrived, expected);
}

// The node of the forward pass that a picture shows an event at.
export const cardOf = (id) => values[id].of ?? id;
// Contributions that stand on a lane of their own.
export const sharedParts = new Set(values.flatMap((value) => (value?.gradient?.parts ?? []).map(({ node }) => node)));
export const phaseOf = (done) => phases.findLast(({ begin }) => begin < done) ?? phases[0];
