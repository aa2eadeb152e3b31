// Numbers as text, and the rule of a step with its numbers in it: the engine's formatter and
// printer again, over the same patterns, so that any element of the record can be asked for.

// To so many significant digits without trailing zeros; "1.234e-05" below 1e-3 and from 1e6 on.
function numberText(value, digits = 4) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (value === 0) return "0";
  if (Math.abs(value) < 1e6 && value === Math.trunc(value)) return value.toFixed(0);
  const rounded = value.toExponential(digits - 1);
  const at = rounded.indexOf("e");
  const exponent = Number(rounded.slice(at + 1));
  const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (exponent < -3 || exponent >= 6) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${trimmed(rounded.slice(0, at))}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  return trimmed(fixed(value, Math.max(0, digits - 1 - exponent)));
}
// toFixed, but with a tie to the even digit, as the engine rounds.
function fixed(value, digits) {
  const text = value.toFixed(digits);
  if (!/^5?$/.test(value.toFixed(digits + 1).slice(-1))) return text;
  const exact = value.toFixed(Math.min(100, digits + 60));
  const rest = exact.slice(exact.indexOf(".") + 1 + digits);
  if (!/^50*$/.test(rest)) return text;
  const cut = exact.slice(0, exact.indexOf(".") + 1 + digits).replace(/\.$/, "");
  return Number(cut.slice(-1)) % 2 === 0 ? cut : text;
}

const BINDS = { comparison: 0, sum: 1, product: 2, sign: 3, power: 4, atom: 5 };
const MOST_TERMS = 5;

// Whether a node has no line of its own: it is written out in the formula of another.
function isWrittenOut(id) {
  const node = nodes[id];
  if (isLeaf(id)) return false;
  if (node.f || partOf(id) === PART.inside) return true;
  return partOf(id) === PART.contribution && Boolean(nodes[node.of].f);
}

// A formula is a list of texts and terms; a term knows the element it is the number of.
function term(id, r, c) {
  [r, c] = clamped(id, r, c);
  const text = numberText(element(id, r, c));
  return { parts: [{ text, at: [id, r, c] }], binds: text[0] === "-" ? BINDS.sign : BINDS.atom };
}

function operand(id, r, c) {
  [r, c] = clamped(id, r, c);
  return isWrittenOut(id) ? printed(id, r, c) : term(id, r, c);
}
// The place of number k of the elements of an argument that an element is made of, where the record
// gives them one by one.
function mapped(id, argument, k, r, c) {
  const { map, matrix, i } = nodes[id];
  const count = map[argument].length / sizeOf(id);
  const at = map[argument][(r * matrix[1] + c) * count + k];
  const cols = nodes[i[argument]].matrix[1];
  return [Math.floor(at / cols), at % cols];
}
// The elements that a map names, "np.pad", "x[1:3]": of each argument none, one or several.
function mappedAll(id, r, c) {
  const { map, matrix, i } = nodes[id];
  const found = [];
  i.forEach((input, argument) => {
    const cols = nodes[input].matrix[1];
    for (const at of map[argument][r * matrix[1] + c]) found.push([input, Math.floor(at / cols), at % cols]);
  });
  return found;
}
// The place of number k of the elements that a reduction takes together.
function reducedAt(id, k, r, c) {
  if (nodes[id].map) return mapped(id, 0, k, r, c);
  const cols = nodes[nodes[id].i[0]].matrix[1];
  const axis = nodes[id].a || 0;
  if (axis === 0) return [k, c];
  return axis === 1 ? [r, k] : [Math.floor(k / cols), k % cols];
}
const reducedCount = (id) => sizeOf(nodes[id].i[0]) / sizeOf(id);
// The place of the one element that a node which only moves numbers takes here.
const movedFrom = (id, r, c) => (nodes[id].map ? mapped(id, 0, 0, r, c) : primitiveOf(id)[0] === "transpose" ? [c, r] : [r, c]);
// The places of number k of the products that a matrix product adds up.
const factorsAt = (id, k, r, c) => (nodes[id].map ? [mapped(id, 0, k, r, c), mapped(id, 1, k, r, c)] : [[r, k], [k, c]]);
const factorCount = (id) => nodes[nodes[id].i[0]].matrix[1];

// The first terms and the last, or all of a few.
function joined(count, separator, make) {
  const parts = [];
  for (let k = 0; k < count; ++k) {
    if (k > 0) parts.push({ text: separator });
    if (count > MOST_TERMS && k === MOST_TERMS - 2) {
      parts.push({ text: "…" });
      k = count - 2;
    } else {
      parts.push(...make(k));
    }
  }
  return parts;
}

const SPECIAL = {
  copy: (node, r, c) => operand(node.i[0], r, c),
  broadcast: (node, r, c, id) => operand(node.i[0], ...movedFrom(id, r, c)),
  transpose: (node, r, c, id) => operand(node.i[0], ...movedFrom(id, r, c)),
  reshape: (node, r, c, id) => operand(node.i[0], ...movedFrom(id, r, c)),
  sum: (node, r, c, id) => ({ parts: reduced(id, r, c, " + "), binds: BINDS.sum }),
  max: (node, r, c, id) => ({ parts: [{ text: "max(" }, ...reduced(id, r, c, ", "), { text: ")" }], binds: BINDS.atom }),
  mean: (node, r, c, id) => ({ parts: [{ text: "(" }, ...reduced(id, r, c, " + "), { text: `) / ${reducedCount(id)}` }], binds: BINDS.product }),
  matmul: (node, r, c, id) => {
    const make = (k) => {
      const [left, right] = factorsAt(id, k, r, c);
      return [...term(node.i[0], ...left).parts, { text: " * " }, ...term(node.i[1], ...right).parts];
    };
    return { parts: joined(factorCount(id), " + ", make), binds: BINDS.sum };
  },
};
function picked(id, r, c) {
  const elements = mappedAll(id, r, c);
  if (elements.length === 0) return { parts: [{ text: "0" }], binds: BINDS.atom };
  if (elements.length === 1) return operand(...elements[0]);
  return { parts: joined(elements.length, " + ", (k) => operand(...elements[k]).parts), binds: BINDS.sum };
}
function reduced(id, r, c, separator) {
  const input = nodes[id].i[0];
  return joined(reducedCount(id), separator, (k) => operand(input, ...reducedAt(id, k, r, c)).parts);
}

function printed(id, r, c) {
  const node = nodes[id];
  const [name, , pattern, binds, names] = primitiveOf(id);
  if (node.np) return picked(id, r, c);
  if (SPECIAL[name]) return SPECIAL[name](node, r, c, id);
  const parts = [];
  for (const piece of pattern.split(/(\{\w+\})/)) {
    const place = piece.match(/^\{(\w+)\}$/);
    if (!place) parts.push({ text: piece });
    else if (place[1] === "number") parts.push({ text: node.x || "0" });
    else parts.push(...inBrackets(operand(node.i[names.indexOf(place[1])], r, c), pattern, piece, binds));
  }
  return { parts, binds };
}
function inBrackets(inner, pattern, place, outer) {
  const leftmost = pattern.startsWith(place);
  const needs = outer === BINDS.atom
    ? leftmost && inner.binds < BINDS.atom
    : inner.binds < outer || (inner.binds === outer && (!leftmost || outer === BINDS.power));
  return needs ? [{ text: "(" }, ...inner.parts, { text: ")" }] : inner.parts;
}
// One element of a node with its numbers; nothing for a leaf.
function withNumbers(id, r, c) {
  if (isLeaf(id) || hasUnknownPlaces(id)) return [];
  const { parts } = printed(id, r, c);
  // What the window of a large value does not hold is not told.
  return parts.some((part) => part.at && element(...part.at) === undefined) ? [] : parts;
}
// Whether the elements of a formula are too many to have been given one by one.
const hasUnknownPlaces = (id) => nodes[id].map === null || nodes[id].i.some((input) => isWrittenOut(input) && !isLeaf(input) && hasUnknownPlaces(input));

// The elements that one element of a node is made of: "id,r,c".
function sourcesOf(id, r, c, found = new Set()) {
  if (isLeaf(id) || nodes[id].map === null) return found;
  const node = nodes[id];
  const name = primitiveOf(id)[0];
  const take = (input, row, col) => {
    [row, col] = clamped(input, row, col);
    if (isWrittenOut(input)) sourcesOf(input, row, col, found);
    else found.add(`${input},${row},${col}`);
  };
  if (node.np) for (const element of mappedAll(id, r, c)) take(...element);
  else if (name === "transpose" || name === "reshape" || name === "broadcast") take(node.i[0], ...movedFrom(id, r, c));
  else if (name === "matmul") {
    for (let k = 0; k < factorCount(id); ++k) {
      const [left, right] = factorsAt(id, k, r, c);
      take(node.i[0], ...left);
      take(node.i[1], ...right);
    }
  } else if (name === "sum" || name === "mean" || name === "max") {
    for (let k = 0; k < reducedCount(id); ++k) take(node.i[0], ...reducedAt(id, k, r, c));
  } else for (const input of node.i) take(input, r, c);
  return found;
}

// The values that the formula of a node names, in their order, each once.
function operandsOf(id, found = []) {
  if (isLeaf(id)) return found;
  for (const input of nodes[id].i) {
    if (isWrittenOut(input)) operandsOf(input, found);
    else if (!found.includes(input)) found.push(input);
  }
  return found;
}

// One primitive as a line of NumPy, its arguments by name.
function lineOf(id) {
  const node = nodes[id];
  const places = { number: node.x || "0", shape: shapeText(id), axis: node.ax, turned: node.ax };
  const [, , usual, , names] = primitiveOf(id);
  const pattern = node.np || usual;
  const line = pattern.replace(/\{(\w+)\}/g, (_, place) => {
    let input = node.i[names.indexOf(place)];
    while (input !== undefined && nodes[input].f) input = nodes[input].i[0];
    return places[place] ?? nameOf(input);
  });
  return `${nameOf(id)} = ${line}`;
}
