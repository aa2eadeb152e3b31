// Keys, buttons, dialogs and files that are saved; then the page begins.
let toastTimer = 0;
function toast(text) {
  byId("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { byId("toast").textContent = ""; }, 4000);
}

// ---- dialogs ----

function openDialog(title, how, ...content) {
  const dialog = byId("dialog");
  const close = make("button", { type: "button" }, say("close"));
  close.onclick = () => dialog.close();
  dialog.setAttribute("aria-label", title);
  dialog.replaceChildren(make("h2", {}, title), make("p", {}, how), ...content, close);
  dialog.showModal();
}
function openHelp() {
  const dl = make("dl");
  for (const [keys, does] of words[language].keys) {
    const dt = make("dt");
    for (const key of keys.split(" ")) dt.append(key === "…" ? key : make("kbd", {}, key), " ");
    dl.append(dt, make("dd", {}, does));
  }
  openDialog(say("help"), say("helpHow"), dl);
}

// Where a typed place lies: the number of a step, the name of a value, or the first that is not
// finite. -1 if there is none.
function placeOf(text) {
  if (/^\d+$/.test(text)) return Math.min(events.length, Number(text));
  if (text.toLowerCase() === "nan") {
    return events.findIndex(([id]) => !isFiniteAll(id)) + 1 || -1;
  }
  const exact = nodes.findIndex((node, id) => node.n === text && writtenAt[id] !== NEVER);
  if (exact >= 0) return writtenAt[exact];
  const start = nodes.findIndex((node, id) => node.n.startsWith(text) && writtenAt[id] !== NEVER);
  return text && start >= 0 ? writtenAt[start] : -1;
}
function openPlace(kind, found) {
  const form = make("form", { method: "dialog" });
  const input = make("input", { type: "text", "aria-label": say(kind), autocomplete: "off" });
  const list = make("ul");
  form.append(input, list);
  const show = () => {
    list.replaceChildren(...found(input.value.trim()).slice(0, 60).map(([text, step]) => {
      const li = make("li");
      const button = make("button", { type: "button", class: "plain" }, text);
      button.onclick = () => { byId("dialog").close(); jump(step); };
      li.append(button);
      return li;
    }));
  };
  input.oninput = show;
  form.onsubmit = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    const all = found(text);
    const step = kind === "goTo" ? placeOf(text) : all.length ? all[0][1] : -1;
    byId("dialog").close();
    if (step >= 0) jump(step);
    else if (text) toast(text.toLowerCase() === "nan" ? say("allFinite") : say("noPlace", text));
  };
  openDialog(say(kind), say(`${kind}How`), form);
  show();
  input.focus();
}
const found = {
  goTo: (text) => events.flatMap(([id], k) => (nameOf(id).startsWith(text) ? [[`${k + 1}  ${nameOf(id)}`, k + 1]] : [])),
  search: (text) => (text === "" ? [] : events.flatMap((event, k) =>
    [sentenceOf(k), whyOf(k), event[7]].some((words) => words.toLowerCase().includes(text.toLowerCase())) ? [[`${k + 1}  ${sentenceOf(k)}`, k + 1]] : [])),
};

// ---- files ----

function save(name, type, text) {
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
const fileName = (end) => `${(record.circuit || "circuit").replace(/[^\w.-]+/g, "_")}${end}`;

// The picture as it is now, with its colours in it, so that it stands alone.
function stepSvg() {
  const svg = drawing.svg.cloneNode(true);
  const rules = [...document.styleSheets[0].cssRules].map((rule) => rule.cssText).join("\n");
  const style = makeSvg("style");
  style.textContent = rules;
  const [x, y, width, height] = svg.getAttribute("viewBox").split(" ");
  svg.prepend(style, makeSvg("rect", { x, y, width, height, style: "fill:var(--card)" }));
  svg.querySelectorAll(".folded, .closed:not(.shut)").forEach((el) => el.remove());
  svg.querySelectorAll("[tabindex]").forEach((el) => el.removeAttribute("tabindex"));
  const title = makeSvg("title");
  title.textContent = `${record.circuit}, ${say("stepPlain", walk.done, events.length)}: ${byId("said").textContent}`;
  svg.prepend(title);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;
}
// The run with its numbers as people read them: rows of rows, NaN and infinities as words.
function traceJson() {
  const number = (value) => (Number.isFinite(value) ? value : numberText(value));
  const places = (id, side) => Array.from({ length: keptOf(id)[side] }, (_, i) => heldPlace(nodes[id].matrix[side], keptOf(id)[side], i));
  // Whole arrays as NumPy nests them; of a window its rows.
  const nested = (values, sides) => (sides.length === 0 ? number(values[0])
    : Array.from({ length: sides[0] }, (_, i) => nested(values.subarray(i * values.length / sides[0], (i + 1) * values.length / sides[0]), sides.slice(1))));
  const rows = (id) => (isWindow(id) ? windowRows(id) : nested(elements(id), nodes[id].s));
  const windowRows = (id) => places(id, 0).map((r) => places(id, 1).map((c) => number(element(id, r, c))));
  const kinds = ["forward", "seed", "inside", "contribution", "partial", "final"];
  const shown = nodes.flatMap((node, id) => (partOf(id) === PART.inside || node.f ? [] : [{
    name: node.n, shape: node.s, station: node.st || 0, kind: isLeaf(id) && partOf(id) === PART.forward ? "leaf" : kinds[partOf(id)], values: rows(id), ...(isWindow(id) && { rows: places(id, 0), columns: places(id, 1), all: nodes[ownerOf(id)].all }) }]));
  const steps = events.map(([id, en, why, ko, , , , line]) => ({ kind: kinds[partOf(id)], node: nameOf(id), formula: line, sentence: en, sentence_ko: ko, why }));
  return JSON.stringify({ circuit: record.circuit, nodes: shown, events: steps }, null, 1);
}
async function copyLink() {
  clearTimeout(addressTimer);
  history.replaceState(null, "", address());
  try {
    await navigator.clipboard.writeText(location.href);
    toast(say("copied"));
  } catch {
    toast(say("notCopied"));
  }
}

// ---- keys ----

const lookedAt = () => {
  const td = document.activeElement?.closest?.("td[data-at]");
  if (td) return Number(td.dataset.at.split(",")[0]);
  const gradient = walk.node >= 0 ? gradientSoFar(walk.node, walk.done) : -1;
  return gradient >= 0 ? gradient : walk.node >= 0 ? walk.node : walk.shown();
};
function closeAll() {
  pause();
  walk.inside = 0;
  walk.node = -1;
  quiz.open = false;
  byId("toast").textContent = "";
  draw();
}
const KEYS = {
  ArrowRight: forward, n: forward, ArrowLeft: back, N: back,
  Home: () => go(0), End: () => go(events.length),
  f: nextPhase, F: previousPhase, c: () => toBreakpoint(1), C: () => toBreakpoint(-1),
  b: toggleBreakpoint, B: clearBreakpoints,
  g: () => openPlace("goTo", found.goTo), "/": () => openPlace("search", found.search),
  w: () => lookedAt() >= 0 && goToWriter(lookedAt()), W: jumpBack, G: jumpBack,
  i: () => stepInside(1), I: () => stepInside(-1), p: openQuiz, "?": openHelp, q: closeAll, Escape: closeAll,
  " ": play,
};
for (let k = 1; k <= 9; ++k) KEYS[k] = () => bookmark(k);

document.addEventListener("keydown", (event) => {
  if (!drawing || event.ctrlKey || event.metaKey || event.altKey) return;
  const dialog = byId("dialog");
  // A dialog that has just closed keeps the focus until the next frame: nothing is typed into it.
  const target = event.target.closest("dialog:not([open])") ? document.body : event.target;
  const typing = target.matches("input[type=text], textarea, select");
  if (dialog.open) {
    if (event.key === "q" && !typing) dialog.close();
    return;
  }
  const { key } = event;
  if (typing) {
    if (key === "Escape") { closeAll(); byId("forward").focus(); }
    return;
  }
  const onButton = target.closest("button, summary, [role=button]");
  const onTrack = target === byId("scrub") && /^(Arrow|Home|End|Page)/.test(key);
  if (onTrack || (key === " " && onButton)) return;
  if (onButton && key === "Enter") return;
  const act = KEYS[key] || (/^[A-Z]$/.test(key) && event.getModifierState("CapsLock") ? KEYS[key.toLowerCase()] : undefined);
  if (!act) return;
  event.preventDefault();
  if (key !== " ") pause();
  act();
});

// ---- the picture's own clicks and keys ----

function press(target) {
  const fold = target.closest(".fold");
  if (fold) return toggleGroup(Number(fold.dataset.fold)), true;
  const box = target.closest("[data-open]");
  if (box) return openPicture(Number(box.dataset.open)), draw(), drawing.svg.querySelector("[tabindex]")?.focus(), true;
  const card = target.closest("[data-card]");
  if (card && !card.classList.contains("mini")) return choose(Number(card.dataset.card)), true;
  return false;
}
stage.addEventListener("click", (event) => press(event.target));
stage.addEventListener("keydown", (event) => {
  if ((event.key === "Enter" || event.key === " ") && event.target !== stage && press(event.target)) {
    event.preventDefault();
    event.stopPropagation();
  }
});

function setLanguage(to) {
  language = to;
  document.documentElement.lang = to;
  for (const el of document.querySelectorAll("[data-t]")) el.textContent = say(el.dataset.t);
  for (const el of document.querySelectorAll("[data-label]")) el.setAttribute("aria-label", say(el.dataset.label));
  for (const el of document.querySelectorAll("button[data-label]")) el.title = say(el.dataset.label);
  byId("language").textContent = say("language");
  byId("language").lang = to === "ko" ? "en" : "ko";
  drawPlay();
  drawKey();
  drawChecks();
  buildLesson();
  drawAbout();
  if (drawing) drawFolds();
  if (drawing) drawCrumbs();
}

const BUTTONS = {
  first: () => go(0), back, forward, last: () => go(events.length), play,
  language: () => { setLanguage(language === "en" ? "ko" : "en"); draw(); },
  "copy-link": copyLink, "help-button": openHelp,
  "save-svg": () => save(fileName(`_step_${walk.done}.svg`), "image/svg+xml", stepSvg()),
  "save-trace": () => save(fileName(".json"), "application/json", traceJson()),
  "fold-all": toggleAllGroups,
  "zoom-in": () => { ++zoom; applyZoom(); }, "zoom-out": () => { --zoom; applyZoom(); }, "zoom-fit": () => { zoom = 0; applyZoom(); },
};
for (const [id, act] of Object.entries(BUTTONS)) {
  byId(id).addEventListener("click", () => { if (id !== "play") pause(); act(); });
}
byId("scrub").max = events.length;
byId("scrub").addEventListener("input", () => { pause(); go(Number(byId("scrub").value)); });
byId("twin").addEventListener("toggle", drawTwin);

// The picture stands in the page already: the browser shows it before it goes on here.
function begin() {
  language = record.language;
  readAddress();
  readColours();
  openPicture(0);
  setLanguage(language);
  if (walk.done > 0) showItsPicture();
  draw();
  drawTicks();
  document.body.classList.remove("starting");
  window.addEventListener("hashchange", () => { readAddress(); setLanguage(language); showItsPicture(); draw(); });
  window.addEventListener("resize", () => { applyZoom(); drawTicks(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); drawTicks(); draw(); });
}
if (document.hidden) begin();
else requestAnimationFrame(() => setTimeout(begin));
