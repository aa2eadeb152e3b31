// The record of the run: numbers, nodes, events, and what is there after so many events.
const record = JSON.parse(document.getElementById("record").textContent);
const { nodes, events, primitives, groups, phases } = record;
nodes.forEach((node, id) => {
  node.n ??= `_${id}`;
  node.s ??= nodes[node.i[0]].s;
  // As a matrix: the last side in a row, all others down the rows.
  node.matrix = [node.s.slice(0, -1).reduce((all, side) => all * side, 1), node.s.at(-1) ?? 1];
});
const PART = { forward: 0, seed: 1, inside: 2, contribution: 3, partial: 4, final: 5 };
const NEVER = Infinity;

function decoded(base64, Numbers) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return new Numbers(bytes.buffer);
}
const numbers = decoded(record.values, Float64Array);
// How far the slopes that were measured are from the gradients.
const slopes = new Map(Object.entries(record.slopes).map(([id, text]) => [Number(id), decoded(text, Float32Array)]));

const nameOf = (id) => nodes[id].n;
const partOf = (id) => nodes[id].t || 0;
const isLeaf = (id) => nodes[id].p === undefined;
const primitiveOf = (id) => primitives[nodes[id].p];
const shapeOf = (sides) => `(${sides.join(", ")}${sides.length === 1 ? "," : ""})`;
const shapeText = (id) => shapeOf(nodes[id].s);
// The place of an element as NumPy indexes it: "[0, 2]", "[2]" of a vector, "" of a number.
function placeText(id, r, c) {
  const sides = nodes[id].s;
  if (sides.length === 0) return "";
  const place = [c];
  for (let side = sides.length - 2; side >= 0; --side) {
    place.unshift(r % sides[side]);
    r = Math.floor(r / sides[side]);
  }
  return `[${place.join(", ")}]`;
}
const elementName = (id, r, c) => nameOf(id) + placeText(id, r, c);
const sizeOf = (id) => nodes[id].matrix[0] * nodes[id].matrix[1];
const isGradient = (id) => partOf(id) !== PART.forward && partOf(id) !== PART.inside;
const titleOf = (id) => nodes[id].w || (isLeaf(id) ? nameOf(id) : primitiveOf(id)[0]);
const clamped = (id, r, c) => [Math.min(r, nodes[id].matrix[0] - 1), Math.min(c, nodes[id].matrix[1] - 1)];

// Of a large value the record holds a window: the first rows and columns, and the last of each.
const keptOf = (id) => nodes[id].matrix.map((count) => Math.min(count, record.window ?? count));
const isWindow = (id) => keptOf(id).some((count, i) => count < nodes[id].matrix[i]);
const keptAt = (count, kept, i) => (i < kept - 1 || count === kept ? i : i === count - 1 ? kept - 1 : NaN);
const heldPlace = (count, kept, i) => (i === kept - 1 ? count - 1 : i);
function ownerOf(id) {
  while (nodes[id].v === undefined) id = nodes[id].i[0];
  return id;
}

// One element. A broadcast or a copy has no numbers of its own: it is read from its argument.
function element(id, r, c) {
  id = ownerOf(id);
  const [rows, cols] = nodes[id].matrix;
  const [high, wide] = keptOf(id);
  return numbers[nodes[id].v + keptAt(rows, high, Math.min(r, rows - 1)) * wide + keptAt(cols, wide, Math.min(c, cols - 1))];
}

// All elements that the record holds, row by row.
function elements(id) {
  const [rows, cols] = nodes[id].matrix;
  const [high, wide] = keptOf(id);
  if (nodes[id].v !== undefined) return numbers.subarray(nodes[id].v, nodes[id].v + high * wide);
  return Float64Array.from({ length: high * wide }, (_, i) => element(id, heldPlace(rows, high, Math.floor(i / wide)), heldPlace(cols, wide, i % wide)));
}
// Of all elements, whether the record holds them or not.
const largestOf = (id) => nodes[ownerOf(id)].all?.largest ?? elements(id).reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
const isFiniteAll = (id) => nodes[ownerOf(id)].all?.finite ?? elements(id).every(Number.isFinite);

// A node is written once, by one event, so what is there after any number of events is known from
// when it was written: stepping, scrubbing and going back are all the same comparison.
const writtenAt = nodes.map((_, id) => (isLeaf(id) && partOf(id) === PART.forward ? 0 : NEVER));
const contributions = nodes.map(() => []);
const gradientOf = nodes.map(() => -1);
const sums = nodes.map(() => []);

(function index() {
  events.forEach(([id, , , , , , , , inside], k) => {
    writtenAt[id] = k + 1;
    for (const step of inside) writtenAt[step] = Math.min(writtenAt[step], k + 1);
    const of = nodes[id].of;
    const part = partOf(id);
    if (of === undefined) return;
    if (part === PART.contribution) contributions[of].push(id);
    if (part === PART.partial || part === PART.final) sums[of].push(id);
    const whole = part === PART.seed || part === PART.final || (part === PART.contribution && nodes[id].m === 1);
    if (whole) gradientOf[of] = id;
  });
  nodes.forEach((node, id) => {
    if (node.f) writtenAt[id] = writtenAt[node.i[0]];
  });
})();
const hasAt = (id, done) => writtenAt[id] <= done;

// How far the gradient of a node has come: the sum is an event of its own.
function gradientState(id, done) {
  const whole = gradientOf[id];
  if (whole < 0) return { arrived: 0, expected: 0 };
  const all = contributions[id];
  if (all.length < 2) return { arrived: hasAt(whole, done) ? 1 : 0, expected: 1 };
  let arrived = all.filter((k) => hasAt(k, done)).length;
  if (arrived === all.length && !hasAt(whole, done)) --arrived;
  return { arrived, expected: all.length };
}
function stateName({ arrived, expected }) {
  if (expected === 0) return "none";
  return arrived === 0 ? "pending" : arrived < expected ? "partial" : "final";
}
function stateText(state) {
  const name = stateName(state);
  if (name === "none") return say("noGradient");
  return name === "partial" ? say("partial", state.arrived, state.expected) : say(name);
}
// The node that holds what is added up of a gradient so far: the first contribution, a partial sum
// or the whole; -1 if nothing has arrived.
function gradientSoFar(id, done) {
  let best = -1;
  for (const k of [gradientOf[id], contributions[id][0] ?? -1, ...sums[id]]) {
    if (k >= 0 && hasAt(k, done) && (best < 0 || writtenAt[k] > writtenAt[best])) best = k;
  }
  return best;
}

// The node that a picture shows an event at.
const cardOf = (id) => (partOf(id) === PART.forward ? id : nodes[id].of);
const sentenceOf = (k) => events[k][language === "ko" ? 3 : 1];
const whyOf = (k) => events[k][language === "ko" ? 4 : 2];

function phaseOf(done) {
  let low = 0;
  let high = phases.length - 1;
  const event = Math.max(0, done - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (phases[middle][1] <= event) low = middle;
    else high = middle - 1;
  }
  return phases[low];
}
const phaseTitle = (phase) => phase[language === "ko" ? 4 : 3];
