// Where the reader is, and every way to go elsewhere. The address holds the place.
const walk = {
  done: 0,        // so many events are done
  node: -1,       // a node that is looked at beside the step
  cell: [0, 0],   // the element whose numbers are shown
  inside: 0,      // the step inside the event just done, from 1
  breakpoints: new Set(),
  bookmarks: [],
  cameFrom: [],
  timer: 0,
  // The node whose matrix is the result on show.
  shown() {
    if (this.done === 0) return -1;
    const [id, , , , , , , , inside] = events[this.done - 1];
    return this.inside > 0 ? inside[this.inside - 1] : id;
  },
};

// What the event just done wrote, and what the next one writes; -1 where there is none.
const justDone = () => (walk.done > 0 ? events[walk.done - 1][0] : -1);
const comesNext = () => (walk.done < events.length ? events[walk.done][0] : -1);

function draw() {
  drawPicture(walk.done);
  drawPlace();
  drawSentence();
  drawRules();
  drawInside();
  drawMatrices();
  drawElement();
  drawLedger();
  drawHistogram();
  drawSlope();
  drawMarks();
  drawLesson();
  drawQuiz();
  drawTwin();
  follow();  // last, because it asks for the layout
  keepAddress();
}

function go(step) {
  const done = Math.max(0, Math.min(events.length, Math.round(step)));
  if (done === walk.done) return;
  walk.done = done;
  walk.inside = 0;
  showItsPicture();
  draw();
}
// Where the step cannot be seen in the open picture, the picture above that shows it opens.
function showItsPicture() {
  if (walk.done === 0) return openPicture(0);
  const group = groupOf(events[walk.done - 1][0]);
  if (!isWithin(group, drawing.group)) {
    let g = drawing.group;
    while (!isWithin(group, g)) g = pictureOf(groups[g].parent);
    openPicture(g);
  }
}
const forward = () => go(walk.done + 1);
const back = () => go(walk.done - 1);

// A jump can be taken back with W.
function jump(step) {
  if (!Number.isFinite(step)) return;
  walk.cameFrom.push(walk.done);
  go(step);
}
function jumpBack() {
  if (walk.cameFrom.length === 0) return toast(say("nothingBefore"));
  go(walk.cameFrom.pop());
}
function goToWriter(id) {
  if (writtenAt[id] === 0) return toast(say("noWriter", nameOf(id)));
  if (!hasAt(id, walk.done)) return toast(`${nameOf(id)}: ${say("notYet")}`);
  const step = writtenAt[id];
  jump(step);
  toast(say("writer", nameOf(id), step));
}

// Of large values every one holds these rows and columns.
const heldCell = (...cell) => cell.map((k) => Math.min(k, (record.window ?? Infinity) - 2));
function setCell(r, c) {
  walk.cell = heldCell(r, c);
  drawPicture(walk.done);
  drawNumbers(r, c);
  markCells();
  drawElement();
  drawLedger();
  drawSlope();
  drawInside();
  drawQuiz();
  drawTwin();
  keepAddress();
}

// A node to look at; the same again lets it go.
function choose(id) {
  walk.node = walk.node === id ? -1 : id;
  draw();
}

// ---- phases, breakpoints, bookmarks ----

function nextPhase() {
  const phase = phases.find(([, , end]) => end > walk.done);
  if (phase) go(phase[2]);
}
function previousPhase() {
  const phase = [...phases].reverse().find(([, begin]) => begin < walk.done);
  if (phase) go(phase[1]);
}
function toggleBreakpoint() {
  const has = walk.breakpoints.has(walk.done);
  if (has) walk.breakpoints.delete(walk.done);
  else walk.breakpoints.add(walk.done);
  drawMarks();
  drawTicks();
  toast(say(has ? "breakGone" : "breakSet", walk.done));
}
function clearBreakpoints() {
  walk.breakpoints.clear();
  drawMarks();
  drawTicks();
  toast(say("breaksGone"));
}
function toBreakpoint(direction) {
  const ahead = [...walk.breakpoints].filter((step) => (step - walk.done) * direction > 0).sort((a, b) => (a - b) * direction);
  if (ahead.length === 0) toast(say("noBreak"));
  go(ahead.length > 0 ? ahead[0] : direction > 0 ? events.length : 0);
}
function bookmark(k) {
  const step = walk.bookmarks[k];
  if (step === undefined) {
    walk.bookmarks[k] = walk.done;
    toast(say("markSet", k, walk.done));
  } else if (step === walk.done) {
    walk.bookmarks[k] = undefined;
    toast(say("markGone", k));
  } else jump(step);
  drawMarks();
}

function stepInside(direction) {
  const steps = walk.done > 0 ? events[walk.done - 1][8] : [];
  if (steps.length === 0) return toast(say("insideNone"));
  walk.inside = Math.max(0, Math.min(steps.length, walk.inside + direction));
  draw();
}

// ---- playing ----

function play() {
  if (walk.timer) return pause();
  if (walk.done === events.length) go(0);
  const beat = () => {
    forward();
    if (walk.done === events.length || walk.breakpoints.has(walk.done)) return pause();
    walk.timer = setTimeout(beat, Number(byId("speed").value));
  };
  walk.timer = setTimeout(beat, 60);
  drawPlay();
}
function pause() {
  clearTimeout(walk.timer);
  walk.timer = 0;
  drawPlay();
}
function drawPlay() {
  byId("play").querySelector(".sign").setAttribute("d", walk.timer ? "M7 6h2v8H7zM11 6h2v8h-2z" : "M8 6l6 4-6 4z");
  byId("play").setAttribute("aria-label", say(walk.timer ? "pause" : "play"));
}

// ---- the address ----

function address() {
  const parts = [`step=${walk.done}`];
  const node = walk.node >= 0 ? walk.node : justDone();
  if (node >= 0) parts.push(`node=${encodeURIComponent(nameOf(node))}`);
  if (walk.node >= 0) parts.push("look");
  if (walk.cell.some((k) => k > 0)) parts.push(`cell=${walk.cell.join(",")}`);
  if (language !== record.language) parts.push(`lang=${language}`);
  return `#${parts.join("&")}`;
}
// Browsers refuse very many changes of the address, so it follows after a moment.
let addressTimer = 0;
function keepAddress() {
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => history.replaceState(null, "", address()), 150);
}
function readAddress() {
  const place = new Map(location.hash.slice(1).split("&").map((part) => {
    const [key, ...rest] = part.split("=");
    try { return [key, decodeURIComponent(rest.join("="))]; } catch { return [key, ""]; }
  }));
  if (["en", "ko"].includes(place.get("lang"))) language = place.get("lang");
  const cell = (place.get("cell") || "").split(",").map(Number);
  if (cell.length === 2 && cell.every((k) => Number.isInteger(k) && k >= 0)) walk.cell = heldCell(...cell);
  const node = place.has("node") ? nodes.findIndex((is) => is.n === place.get("node")) : -1;
  const step = place.has("step") ? Number(place.get("step")) : NaN;
  walk.node = node >= 0 && place.has("look") && partOf(node) === PART.forward ? node : -1;
  if (Number.isFinite(step)) walk.done = Math.max(0, Math.min(events.length, Math.round(step)));
  else if (node >= 0 && writtenAt[node] !== NEVER) walk.done = writtenAt[node];
}
