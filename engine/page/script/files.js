// What the page saves: the picture of a step, and the run.
import { byId, make, makeSvg, toast } from "./dom.js";
import { allExact, colsOf, events, heldAt, isWindow, keptCols, keptRows, kindOf, nameOf, numpyOf, record, rowsOf, say, values } from "./record.js";
import { drawing } from "./picture.js";
import { walk, writeAddress } from "./walk.js";

function save(end, type, text) {
  const name = `${(record.circuit || "circuit").replace(/[^\w.-]+/g, "_")}${end}`;
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// The picture as it is now, with its own rules and its colours in it, so that it stands alone.
export function saveSvg() {
  const svg = drawing.svg.cloneNode(true);
  const colour = (name) => getComputedStyle(document.body).getPropertyValue(name);
  const rules = /** @type {any[]} */ ([...document.styleSheets[0].cssRules]).filter(({ selectorText: name }) => name && (svg.matches(name) || svg.querySelector(name)));
  const style = rules.map(({ cssText }) => cssText.replace(/var\((--[\w-]+)\)/g, (_all, name) => colour(name))).join("\n");
  const [x, y, width, height] = svg.getAttribute("viewBox").split(" ");
  svg.querySelectorAll(".folded, .closed:not(.shut)").forEach((el) => el.remove());
  svg.querySelectorAll("[tabindex]").forEach((el) => el.removeAttribute("tabindex"));
  const title = `${record.circuit}, ${say("stepPlain", walk.done, events.length)}: ${byId("said").textContent}`;
  svg.prepend(makeSvg("title", {}, title), makeSvg("style", {}, style), makeSvg("rect", { x, y, width, height, fill: colour("--card") }));
  save(`_step_${walk.done}.svg`, "image/svg+xml", `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`);
}

// The run with its numbers as people read them: arrays as NumPy nests them (of a window its rows),
// NaN and infinities as words.
export function saveTrace() {
  const numbers = (id) => allExact(id).map((value) => (Number.isFinite(value) ? value : String(value).replace("Infinity", "inf").toLowerCase()));
  const nested = (all, sides) => (sides.length === 0 ? all[0]
    : Array.from({ length: sides[0] }, (_, i) => nested(all.slice(i * all.length / sides[0], (i + 1) * all.length / sides[0]), sides.slice(1))));
  const held = (count, kept) => Array.from({ length: kept }, (_, i) => heldAt(count, kept, i));
  const arrays = (id) => (isWindow(id)
    ? { values: nested(numbers(id), [keptRows(id), keptCols(id)]), rows: held(rowsOf(id), keptRows(id)), columns: held(colsOf(id), keptCols(id)), all: values[id].all }
    : { values: nested(numbers(id), values[id].shape) });
  const nodes = values.flatMap((value, id) => (value?.plain || ["none", "inside"].includes(kindOf(value)) ? [] : [{ name: value.name, shape: value.shape, station: value.station ?? 0, kind: kindOf(value), ...arrays(id) }]));
  const steps = events.map(({ node, said, why }) => ({ kind: kindOf(values[node]), node: nameOf(node), formula: numpyOf(node), sentence: said[0], ...Object.fromEntries(record.languages.slice(1).map(({ code }, k) => [`sentence_${code}`, said[k + 1]])), why: why?.[0] ?? "" }));
  save(".json", "application/json", JSON.stringify({ circuit: record.circuit, nodes, events: steps }, null, 1));
}

export async function copyLink() {
  writeAddress();
  try {
    await navigator.clipboard.writeText(location.href);
    toast(say("copied"));
  } catch {
    toast(say("notCopied"));
  }
}
