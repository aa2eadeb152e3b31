// Elements of the page.

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** @returns {any[]} */
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function filled(el, attributes, content) {
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, String(value));
  el.append(...content.filter((part) => part !== ""));
  return el;
}
/** @param {string} name @param {object} attributes @param {(string | Node | undefined)[]} content @returns {any} */
export const make = (name, attributes = {}, ...content) => filled(document.createElement(name), attributes, content);
/** @param {string} name @param {object} attributes @param {(Node | string)[]} content @returns {any} */
export const makeSvg = (name, attributes = {}, ...content) => filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, content);
export const button = (text, act, attributes = {}) => Object.assign(make("button", { type: "button", ...attributes }, text), { onclick: act });
// A list of terms, each with what belongs to it.
export const list = (rows) => make("dl", {}, ...rows.flatMap(([term, ...content]) => [make("dt", {}, term), make("dd", {}, ...content)]));
let toastTimer = 0;
export function toast(text) {
  byId("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = window.setTimeout(() => { byId("toast").textContent = ""; }, 4000);
}
