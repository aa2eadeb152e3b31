// The page in Chromium: node page_test.mjs FOLDER_OF_PAGES FOLDER_OF_CIRCUITS
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { appears, axeFaults, check, closeClean, equal, finish, open, threadTime, timed, withBrowser } from "./browser.mjs";

const [pages, graphs] = process.argv.slice(2);
const file = (name) => join(pages, `${name}.html`);
const stepOf = (page) => page.evaluate(() => Number(document.getElementById("scrub").value));
const lastOf = (page) => page.evaluate(() => Number(document.getElementById("scrub").max));
const textOf = (page, selector) => page.locator(selector).first().innerText();
const press = async (page, ...keys) => { for (const key of keys) await page.keyboard.press(key); };
// Where every card and lane stands: it must never change.
const places = (page) => page.evaluate(() =>
  [...document.querySelectorAll("#picture .card, #picture .lane path")]
    .map((el) => el.getAttribute("transform") || el.getAttribute("d")).join(" "));
const recordOf = (page) => page.evaluate(() => JSON.parse(document.getElementById("record").textContent));
const stepThat = (record, name) => record.events.findIndex(({ node }) => record.values[node].name === name) + 1;

// The page forbids eval, so waiting is asking again.
async function until(what, holds) {
  for (let tries = 0; tries < 100; ++tries) {
    if (await holds()) return;
    await new Promise((done) => { setTimeout(done, 50); });
  }
  check(what, false, "it did not come to pass in 5 s");
}
const atStep = (page, step) => until(`step ${step}`, async () => (await stepOf(page)) === step);

async function testSteps(context) {
  const page = await open(context, file("batch_norm"));
  const last = await lastOf(page);
  const before = await places(page);
  equal("starts at 0", await stepOf(page), 0);
  check("nothing is drawn as 0 before it is there",
    (await page.locator("#picture .gv").allTextContents()).every((text) => text === ""));
  for (let k = 1; k <= last; ++k) await press(page, k % 2 ? "ArrowRight" : "n");
  equal("keys lead to the end", await stepOf(page), last);
  check("every gradient is final at the end", (await page.locator("#picture .card.pending, #picture .card.partial").count()) === 0);
  for (let k = 1; k <= last; ++k) await press(page, k % 2 ? "ArrowLeft" : "Shift+N");
  equal("keys lead back to the start", await stepOf(page), 0);
  for (let k = 1; k <= last; ++k) await page.click("#forward");
  equal("buttons lead to the end", await stepOf(page), last);
  check("no step forward from the end", await page.locator("#forward").isDisabled());
  for (let k = 1; k <= last; ++k) await page.click("#back");
  equal("buttons lead back to the start", await stepOf(page), 0);
  await page.click("#last");
  await page.click("#first");
  equal("first", await stepOf(page), 0);
  await press(page, "End");
  equal("End", await stepOf(page), last);
  await press(page, "Home", "f");
  check("f ends the forward phase", (await stepOf(page)) === (await recordOf(page)).phases[0].end);
  await press(page, "f", "f", "F");
  check("F goes to the start of a phase", (await recordOf(page)).phases.some(({ begin }) => begin === 0) && (await stepOf(page)) > 0);
  await page.locator("#scrub").evaluate((el) => { el.value = 7; el.dispatchEvent(new Event("input")); });
  equal("scrubbing", await stepOf(page), 7);
  await page.focus("#scrub");
  await press(page, "ArrowRight");
  equal("the scrubber's own keys", await stepOf(page), 8);
  equal("nothing moved", await places(page), before);
  await closeClean(page, "steps");
}

async function testWords(context) {
  const page = await open(context, file("batch_norm"));
  const record = await recordOf(page);
  for (const [k, event] of record.events.entries()) {
    await press(page, "n");
    equal(`sentence ${k + 1}`, await textOf(page, "#said"), event.said[0]);
  }
  equal("one live sentence", await page.locator("[aria-live=polite]").count(), 1);
  await page.click("#language");
  equal("Korean", await textOf(page, "#said"), record.events.at(-1).said[1]);
  equal("the page says its language", await page.evaluate(() => document.documentElement.lang), "ko");
  await page.click("#language");
  check("MathML", (await page.locator("#rules math").count()) >= 1);
  // The numbers of the page are those of the engine.
  const dxhat = stepThat(record, "dxhat");
  await page.evaluate((step) => { location.hash = `#step=${step}&cell=2,1`; }, dxhat);
  await atStep(page, dxhat);
  const shown = await textOf(page, "#numbers");
  check("the rule with numbers", /^dxhat\[2, 1\] = .* \* .* = /.test(shown), shown);
  await closeClean(page, "words");
}

async function testLinks(context) {
  const page = await open(context, file("batch_norm"), "#step=17&node=sqrtvar&look&cell=0,2");
  equal("a link opens its step", await stepOf(page), 17);
  check("a link chooses its node", (await page.locator(".card.chosen").count()) === 1);
  equal("a link chooses its element", await page.locator("#matrices td.chosen").first().getAttribute("data-at").then((at) => at.split(",")[1]), "2");
  await press(page, "n");
  await until("the address follows", () => page.evaluate(() => location.hash.startsWith("#step=18")));
  const record = await recordOf(page);
  await page.evaluate(() => { location.hash = "#node=dgamma"; });
  await atStep(page, stepThat(record, "dgamma"));
  await closeClean(page, "links");
  const odd = await open(context, file("batch_norm"), "#step=1e9&node=%zz&cell=9,9,9");
  equal("an odd link is brought into range", await stepOf(odd), await lastOf(odd));
  await closeClean(odd, "odd links");
}

async function testLooking(context) {
  const page = await open(context, file("batch_norm"));
  const record = await recordOf(page);
  const dx = stepThat(record, "dx");
  const dsq = stepThat(record, "dsq");
  // Hovering lights what an element is made of.
  await page.evaluate((step) => { location.hash = `#step=${step}`; }, stepThat(record, "mu"));
  await page.waitForSelector("#numbers");
  const result = page.locator(".matrix.result td").nth(1);
  await result.hover();
  equal("a mean is lit in all its rows", await page.locator(".matrix:not(.result) td.lit").count(), 8);
  check("its terms are lit", (await page.locator("#numbers .lit").count()) >= 4);
  await result.focus();
  await press(page, "ArrowRight");
  equal("arrow keys move within a matrix", await page.evaluate(() => document.activeElement.dataset.at.split(",")[1]), "2");
  // The ledger, with what has not arrived left empty.
  await page.evaluate((step) => { location.hash = `#step=${step}`; }, stepThat(record, "dxmu1"));
  await page.waitForSelector("#ledger table");
  const rows = await page.locator("#ledger tr").allInnerTexts();
  equal("the ledger has a row a contribution, and the sum", rows.length, 3);
  check("what is pending is said to be so, and is not 0", /pending/.test(rows[1]) && !/\b0\b/.test(rows[1]), rows[1]);
  check("the sum so far", /dxmu\s.*sum so far, 1 of 2/.test(rows[2]), rows[2]);
  // A click on a gradient leads to its last writer.
  await page.evaluate((step) => { location.hash = `#step=${step}`; }, dx);
  await atStep(page, dx);
  await page.locator('.card[data-card]', { hasText: "sq" }).filter({ hasText: "dsq" }).first().click();
  await page.locator("#matrices .matrix", { hasText: "dsq" }).locator("td").first().click();
  equal("the last writer", await stepOf(page), dsq);
  await press(page, "W");
  equal("W goes back", await stepOf(page), dx);
  await press(page, "q");
  equal("q lets the node go", await page.locator(".card.chosen").count(), 0);
  check("a histogram", (await page.locator("#histogram rect").count()) > 4);
  check("the gradient check", /agrees/.test(await textOf(page, "#slope")), await textOf(page, "#slope"));
  check("what must hold holds", (await page.locator("#checks .pass").count()) >= 4 && (await page.locator("#checks .fail").count()) === 0,
    await textOf(page, "#checks"));
  await closeClean(page, "looking");
}

async function testInside(context) {
  const page = await open(context, file("batch_norm"));
  const record = await recordOf(page);
  await page.evaluate((step) => { location.hash = `#step=${step}`; }, stepThat(record, "dsqrtvar"));
  await page.waitForSelector("#inside button");
  await press(page, "i");
  equal("step inside", await page.locator("#inside tr").count(), record.events[stepThat(record, "dsqrtvar") - 1].inside.length);
  await press(page, "i");
  equal("the second primitive", await page.locator("#inside tr[aria-current]").evaluate((el) => el.rowIndex), 1);
  await press(page, "I", "I");
  equal("out again", await page.locator("#inside tr").count(), 0);
  await closeClean(page, "inside");
}

async function testGroups(context) {
  const page = await open(context, file("batch_norm"), "#step=12");
  const before = await places(page);
  equal("four groups", await page.locator(".frame .fold").count(), 4);
  await page.locator(".frame .fold", { hasText: "variance" }).click();
  check("a group closes to one box", await page.locator(".closed.shut").count() === 1);
  check("with its formula", (await page.locator(".closed.shut math").count()) === 1);
  check("its stations are gone", !(await page.locator('.card', { hasText: "sq" }).filter({ hasText: "dsq" }).first().isVisible()));
  equal("nothing moves", await places(page), before);
  await page.locator(".closed.shut .fold").focus();
  await press(page, "Enter");
  check("and opens again by a key", await page.locator(".closed.shut").count() === 0);
  await page.click("#fold-all");
  equal("all close", await page.locator(".closed.shut").count(), 4);
  await page.click("#fold-all");
  equal("all open", await page.locator(".closed.shut").count(), 0);
  await closeClean(page, "groups");
}

async function testPredict(context) {
  const page = await open(context, file("batch_norm"));
  const record = await recordOf(page);
  const dgamma = stepThat(record, "dgamma");
  await page.evaluate((step) => { location.hash = `#step=${step}`; }, dgamma - 1);
  await atStep(page, dgamma - 1);
  await press(page, "p");
  await page.locator("#predict .tabs button", { hasText: "shape" }).click();
  await page.locator("#predict [data-choice='(8, 4)']").click();
  check("a wrong shape", /Not so: it is \(4,\)/.test(await textOf(page, "#predict")), await textOf(page, "#predict"));
  await page.locator("#predict [data-choice='(4,)']").click();
  check("the right shape", /Right: \(4,\)\./.test(await textOf(page, "#predict")));
  await page.locator("#predict .tabs button", { hasText: "sign" }).click();
  const signs = ["+", "-"];
  const seen = [];
  for (const sign of signs) {
    await page.locator(`#predict [data-choice="${sign}"]`).click();
    seen.push(/Right: /.test(await textOf(page, "#predict")));
  }
  equal("one sign is right, the other wrong", seen.filter(Boolean).length, 1);
  await page.locator("#predict .tabs button", { hasText: "value" }).click();
  await page.fill("#predict input", "123456");
  await press(page, "Enter");
  const verdict = await textOf(page, "#predict");
  check("a wrong value, and why", /Not so: it is .* = /.test(verdict), verdict);
  const value = Number(verdict.match(/it is (-?[\d.]+)\. /)[1]);
  for (const [share, right] of [[1.015, true], [0.985, true], [1.03, false], [0.97, false]]) {
    await page.fill("#predict input", String(value * share));
    await press(page, "Enter");
    check(`${share} of the value is ${right ? "right" : "wrong"}`, right === /Right: /.test(await textOf(page, "#predict")), await textOf(page, "#predict"));
  }
  await page.locator("#predict button", { hasText: "Take the step" }).click();
  equal("the step is taken", await stepOf(page), dgamma);
  await press(page, "q");
  check("q closes", !(await page.locator("#predict").isVisible()));
  await closeClean(page, "predict");
}

async function testMarks(context) {
  const page = await open(context, file("batch_norm"));
  await press(page, "n", "n", "n", "b", "End", "C");
  equal("C goes back to the breakpoint", await stepOf(page), 3);
  await press(page, "Home", "c");
  equal("c goes on to it", await stepOf(page), 3);
  await press(page, "5", "End", "5");
  equal("a bookmark", await stepOf(page), 3);
  await press(page, "B", "g");
  await page.keyboard.type("dvar");
  await press(page, "Enter");
  const record = await recordOf(page);
  equal("go to a name", await stepOf(page), stepThat(record, "dvar"));
  await press(page, "w");
  equal("w: who wrote this value", await stepOf(page), stepThat(record, "dvar"));
  await press(page, "/");
  await page.keyboard.type("upstream");
  await press(page, "Enter");
  equal("search", await stepOf(page), stepThat(record, "dout"));
  await press(page, "?");
  check("help", await page.locator("dialog[open]").isVisible());
  await press(page, "q");
  equal("q closes help", await page.locator("dialog[open]").count(), 0);
  await page.selectOption("#speed", "150");
  await press(page, "Home");
  await page.click("#play");
  await until("play goes on", async () => (await stepOf(page)) >= 3);
  await page.click("#play");
  const at = await stepOf(page);
  await page.waitForTimeout(400);
  equal("play stops", await stepOf(page), at);
  await closeClean(page, "marks");
}

async function testFiles(context) {
  const page = await open(context, file("batch_norm"), "#step=15");
  const [svg] = await Promise.all([page.waitForEvent("download"), page.click("#save-svg")]);
  const text = readFileSync(await svg.path(), "utf8");
  equal("the picture's name", svg.suggestedFilename(), "batch_norm_step_15.svg");
  check("the picture stands alone", text.includes("<svg") && text.includes(".ground") && !/https?:\/\/(?!www\.w3\.org)/.test(text));
  check("the picture has its own rules and its colours, and nothing that only a page knows",
    !text.includes("var(") && !/#said|dialog|@media/.test(text) && text.includes("#b81c28"), text.slice(0, 600));
  const parsed = await page.evaluate((xml) => new DOMParser().parseFromString(xml, "image/svg+xml").querySelector("parsererror")?.textContent || "", text);
  equal("the picture parses", parsed, "");
  const [json] = await Promise.all([page.waitForEvent("download"), page.click("#save-trace")]);
  const trace = JSON.parse(readFileSync(await json.path(), "utf8"));
  const record = await recordOf(page);
  equal("the trace has every event", trace.events.length, record.events.length);
  const x = trace.nodes.find(({ name }) => name === "x");
  equal("and the numbers", x.values.length, 8);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("#copy-link");
  await appears(page, "#toast:not(:empty)");
  check("a link is copied", /copied/.test(await textOf(page, "#toast")), await textOf(page, "#toast"));
  await closeClean(page, "files");
}

async function testKeyboard(context) {
  const page = await open(context, file("batch_norm"));
  const order = await page.evaluate(() =>
    [...document.querySelectorAll("#picture .card[tabindex='0']")].map((el) => Number(el.dataset.card)));
  check("every node is reachable, in topological order", order.length === 13 && order.every((id, i) => i === 0 || order[i - 1] < id), order.join());
  await page.locator("#picture .card").nth(4).focus();
  await press(page, "Enter");
  equal("Enter chooses a node", await page.locator(".card.chosen").count(), 1);
  await press(page, "q");
  await page.locator("#twin summary").click();
  await appears(page, "#twin tbody tr");  // it is filled when it has opened
  equal("the table twin has a row a node", await page.locator("#twin tbody tr").count(), 13);
  await press(page, "End");
  check("and follows the step", /final/.test(await page.locator("#twin tbody tr").first().innerText()));
  await closeClean(page, "keyboard");
}

// Every view once: the start, a step with a node and a question beside it, the keys, a network, a
// circuit in boxes, a lesson.
async function testAxe(context, scheme) {
  const none = async () => {};
  const beside = async (page) => {
    await press(page, "p");
    await page.locator("#twin summary").click();
    await appears(page, "#twin tbody tr");
  };
  const views = [["batch_norm", "", none], ["batch_norm", "#step=19&node=xmu&look", beside], ["batch_norm", "#step=9", (page) => press(page, "?")],
    ["two_layer_net", "#step=40", none], ["chain_500", "#step=9", none], ["lesson", "#step=20&lang=ko", none]];
  for (const [name, hash, show] of views) {
    const page = await open(context, file(name), hash);
    await show(page);
    equal(`axe, ${scheme}, ${name}${hash}`, await axeFaults(page), "");
    await closeClean(page, `axe ${name}`);
  }
}

async function testHostile(context) {
  const page = await open(context, file("hostile"));
  const last = await lastOf(page);
  for (let k = 0; k < last; ++k) await press(page, "n", "i", "I");
  await press(page, "p", "Escape");
  await page.locator("#twin summary").click();
  await page.locator("#about summary").click();
  await page.click("#language");
  equal("no name became markup", await page.evaluate(() => [window.broken, document.images.length, document.querySelectorAll("script").length].join()), ",0,2");
  const words = await page.evaluate(() => document.body.innerText);
  check("the name is there as text", words.includes("</script><img src=x"));
  check("NaN is text", /nan/.test(words) || (await page.locator("#picture .val", { hasText: "nan" }).count()) > 0);
  const [svg] = await Promise.all([page.waitForEvent("download"), page.click("#save-svg")]);
  check("the file's name is tame", /^[\w.-]+$/.test(svg.suggestedFilename()), svg.suggestedFilename());
  await closeClean(page, "hostile");
}

async function testSizes(context) {
  const size = statSync(file("batch_norm")).size;
  check("batch norm, x of 8 x 4, takes at most 120 KB", size <= 120 * 1024, `${size} bytes`);
  console.log(`batch norm: ${size} bytes`);
  const page = await open(context, file("batch_norm"));
  const paint = await page.evaluate(() => new Promise((done) => {
    const first = (list) => list.getEntriesByName("first-contentful-paint")[0];
    if (first(performance)) return done(first(performance).startTime);
    new PerformanceObserver((list, observer) => {
      if (!first(list)) return;
      observer.disconnect();
      done(first(list).startTime);
    }).observe({ type: "paint", buffered: true });
  }));
  timed("batch norm: the first picture", paint, 150);
  await closeClean(page, "sizes");
}

// How a circuit stands in its box: the height of its smallest letters, its own size, and whether the
// box scrolls sideways; and labels, cards and flags that stand in each other.
const picture = (page) => page.evaluate(() => {
  const box = document.getElementById("picture");
  const svg = box.querySelector("svg");
  const { width, height } = svg.getBoundingClientRect();
  const scale = width / svg.viewBox.baseVal.width;
  const seen = [...svg.querySelectorAll("text")].filter((el) => el.textContent.trim() !== "" && el.getClientRects().length > 0);
  const letters = Math.min(...seen.map((el) => parseFloat(getComputedStyle(el).fontSize) * scale));
  const inner = (el, by) => {
    const { left, top, right, bottom } = el.getBoundingClientRect();
    return { el, left: left + by, top: top + by, right: right - by, bottom: bottom - by };
  };
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const cards = [...svg.querySelectorAll(".card")].map((el) => inner(el, 1));
  const labels = [...svg.querySelectorAll(".cn, .bc")].map((el) => inner(el, 2));
  const overlaps = [...cards.flatMap((a, i) => cards.slice(i + 1).filter((b) => meet(a, b)).map((b) => [a, b])),
    ...labels.flatMap((a, i) => [...cards, ...labels.slice(i + 1)].filter((b) => meet(a, b)).map((b) => [a, b]))];
  // Along each lane, but for its ends, no card may be under it.
  const through = [...svg.querySelectorAll(".lane .fw")].flatMap((path) => {
    const length = path.getTotalLength();
    const matrix = path.getScreenCTM();
    return Array.from({ length: Math.floor(length / 4) }, (_, k) => 8 + 4 * k).filter((at) => at < length - 10)
      .map((at) => path.getPointAtLength(at).matrixTransform(matrix))
      .flatMap(({ x, y }) => cards.filter((card) => card.left + 2 < x && x < card.right - 2 && card.top + 2 < y && y < card.bottom - 2));
  });
  const says = ({ el }) => el.textContent.slice(0, 20);
  return { letters, width, height, sideways: box.scrollWidth > box.clientWidth, overlaps: overlaps.map((pair) => pair.map(says).join("/")).join(), through: through.map(says).join() };
});

async function testRows(light) {
  await withBrowser({ width: 1400, height: 900 }, async (context) => {
    for (const name of ["batch_norm", "two_layer_net", "distillation.as_it_is", "attention", "three_layers"]) {
      const page = await open(context, file(name));
      const { letters, width, height, sideways, overlaps, through } = await picture(page);
      check(`${name}: its letters are at least 9 pixels high`, letters >= 9, String(letters));
      check(`${name}: it fits a window of 1400 x 900`, width <= 1400 && height <= 900 && !sideways, `${width} x ${height}`);
      equal(`${name}: nothing stands in anything else`, overlaps, "");
      equal(`${name}: no lane leads through a card`, through, "");
      await closeClean(page, name);
    }
  });
  for (const name of readdirSync(graphs).filter((end) => end.endsWith(".py")).map((end) => end.replace(".py", ".as_it_is"))) {
    const page = await open(light, file(name));
    const { overlaps, through } = await picture(page);
    equal(`${name}: nothing stands in anything else`, overlaps, "");
    equal(`${name}: no lane leads through a card`, through, "");
    await closeClean(page, name);
  }
  // In a telephone's window the circuit scrolls in its own box, and the page does not.
  await withBrowser({ width: 390, height: 844 }, async (context) => {
    const page = await open(context, file("batch_norm"));
    const { letters, sideways } = await picture(page);
    check("on a telephone the letters stay legible", letters >= 7.5, String(letters));
    check("on a telephone the circuit scrolls in its box", sideways);
    check("... and the page does not scroll sideways", await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    await press(page, "End");
    check("... to where the step is", await page.evaluate(() => {
      const flag = document.getElementById("mark-just").getBoundingClientRect();
      const box = document.getElementById("picture").getBoundingClientRect();
      return box.left <= flag.left && flag.right <= box.right && box.top <= flag.top && flag.bottom <= box.bottom;
    }));
    await closeClean(page, "telephone");
  });
}

// Paper is light, holds the whole circuit, and says which step it shows; and the scrubber keeps its
// width from step to step, since it is dragged.
async function testPrint() {
  await withBrowser({ scheme: "dark", width: 1000, height: 800 }, async (context) => {
    const page = await open(context, file("two_layer_net"), "#step=20");
    const widths = new Set();
    for (let k = 0; k < 45; ++k) {
      await press(page, "n");
      widths.add(await page.evaluate(() => document.getElementById("scrub").getBoundingClientRect().width));
    }
    equal("the scrubber keeps its width", widths.size, 1);
    await page.emulateMedia({ media: "print" });
    const printed = await page.evaluate(() => {
      const box = document.getElementById("picture");
      const svg = box.querySelector("svg").getBoundingClientRect();
      return { paper: getComputedStyle(document.body).backgroundColor, place: document.getElementById("place").getClientRects().length,
        whole: svg.width <= box.getBoundingClientRect().width && svg.bottom <= box.getBoundingClientRect().bottom + 1, buttons: document.getElementById("forward").getClientRects().length };
    });
    equal("paper is light", printed.paper, "rgb(251, 250, 247)");
    check("paper says which step it shows", printed.place > 0 && printed.buttons === 0);
    check("paper holds the whole circuit", printed.whole, JSON.stringify(printed));
    await closeClean(page, "print");
  });
}

// Scrubs to places all over the run, each to its layout.
const scrub = (page, count) => page.evaluate((steps) => {
  const bar = document.getElementById("scrub");
  for (let k = 0; k < steps; ++k) {
    bar.value = Math.floor((k * 0.6180339887 % 1) * Number(bar.max));
    bar.dispatchEvent(new Event("input"));
    document.body.getBoundingClientRect();
  }
}, count);

async function testLarge(context) {
  for (const name of ["chain_500", "chain_2000", "chain_3800", "large"]) {
    const page = await open(context, file(name));
    const last = await lastOf(page);
    const boxes = await page.locator("#picture .box").count();
    await scrub(page, 20);
    const time = await threadTime(page, () => scrub(page, 100));
    console.log(`${name}: ${statSync(file(name)).size} bytes, ${last} events, ${boxes} boxes`);
    timed(`${name}: a step`, time / 100, 16);
    if (name === "chain_3800") check("10,000 events", last >= 10000, String(last));
    if (name.startsWith("chain")) check(`${name} opens closed into groups`, boxes > 1, String(boxes));
    if (name.startsWith("chain")) await testBoxes(page, name, boxes);
    await closeClean(page, name);
  }
}
// What is used at a thousand places has a ledger that can be read; boxes open and close.
async function testBoxes(page, name, boxes) {
  await press(page, "End");
  const rows = await page.locator("#ledger tr").count();
  check(`${name}: a long ledger is shortened`, rows > 3 && rows < 30, String(rows));
  await press(page, "Home");
  await page.locator("#picture .box").nth(2).click();
  check(`${name}: a box opens`, (await page.locator("#picture .card.station").count()) > 5);
  await page.locator("#crumbs button").first().click();
  equal(`${name}: and closes again`, await page.locator("#picture .box").count(), boxes);
}

// What the page shows of every step, as the lines of the stepper in the terminal: the sentence and
// why, the rule, the line of numbers, the ledger.
const linesShown = (page) => page.evaluate(() => {
  const text = (selector) => [...document.querySelectorAll(selector)].map((el) => el.textContent);
  const bar = document.getElementById("scrub");
  const labelled = (label, selector) => text(selector).map((line) => `${label} ${line}`);
  const [rule, here, numbers] = document.documentElement.lang === "ko" ? ["규칙:", "식:", "숫자:"] : ["rule:", "here:", "numbers:"];
  return Array.from({ length: Number(bar.max) }, (_, k) => {
    bar.value = k + 1;
    bar.dispatchEvent(new Event("input"));
    const place = bar.getAttribute("aria-valuetext").split(",")[0];
    const ledger = document.getElementById("ledger").hidden ? [] : [...text("#ledger h2"),
      ...[...document.querySelectorAll("#ledger tr")].map((tr) => [...tr.cells].map((td) => td.textContent).join(" "))];
    return [`${place}: ${text("#said")[0]}`, ...text("#why").filter((line) => line !== ""), ...labelled(rule, "#rules .rule"),
      ...labelled(here, "#rules .here"), ...labelled(numbers, "#numbers"), ...ledger].map((line) => line.replace(/\s+/g, " ").trim());
  });
});
// Letter for letter; then the terminal goes on with the value.
function compare(what, shown, said) {
  said.forEach((plain, k) => {
    const lines = plain.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
    const count = shown[k].length;
    equal(`${what}, step ${k + 1}`, shown[k].join("\n"), lines.slice(0, count).join("\n"));
    check(`${what}, step ${k + 1}: the page says all of it`, /^[\w.]+ \([\d, ]*\)$/.test(lines[count]), lines[count]);
  });
}
// What the page reveals of each question, beside what the terminal does.
async function compareAnswers(page, what, answers) {
  const revealed = await page.evaluate(() => {
    const bar = document.getElementById("scrub");
    const tabs = () => [...document.querySelectorAll("#predict .tabs button")];
    const words = (selector) => document.querySelector(selector).textContent;
    return Array.from({ length: Number(bar.max) }, (_, k) => {
      bar.value = k;
      bar.dispatchEvent(new Event("input"));
      if (document.getElementById("predict").hidden) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "p", bubbles: true }));
      return tabs().map((_tab, i) => {
        tabs()[i].click();
        document.querySelector("#predict form button:last-child").click();
        return [words("#question"), words("#predict [role=status]")];
      });
    });
  });
  answers.forEach((expected, k) => equal(`${what}, question before step ${k + 1}`, revealed[k].flat().join("\n"), expected.flat().join("\n")));
}

async function testCircuits(context) {
  const named = (folder, end) => readdirSync(folder).filter((name) => name.endsWith(end)).map((name) => name.replace(end, ""));
  const names = named(pages, ".json");
  check("every built-in circuit is here", named(graphs, ".py").every((name) => names.includes(name)) && names.length > 10, names.join());
  for (const name of names) {
    const page = await open(context, file(`${name}.as_it_is`));
    for (const { language, cell, lines, answers } of JSON.parse(readFileSync(join(pages, `${name}.json`), "utf8"))) {
      const what = `${name} in ${language}, [${cell}]`;
      await page.evaluate((hash) => new Promise((done) => {
        window.addEventListener("hashchange", () => setTimeout(done), { once: true });
        location.hash = hash;
      }), `#step=0&cell=${cell}&lang=${language}`);
      compare(what, await linesShown(page), lines);
      await compareAnswers(page, what, answers);
      await press(page, "q");
    }
    check(`${name}: what must hold holds`, (await page.locator("#checks .fail").count()) === 0, await textOf(page, "#checks"));
    await closeClean(page, name);
  }
}

// The lesson's text stands on its page, in both languages, and leads to its steps.
async function testLesson(context) {
  const page = await open(context, file("lesson"));
  const { sections } = await recordOf(page);
  equal("a section a heading", await page.locator("#text article").count(), sections.length);
  equal("at the start the whole lesson is listed", await page.locator("#lesson li").count(), sections.length);
  for (const [k, { title: [titleEn, titleKo], stretches }] of sections.entries()) {
    const article = page.locator("#text article").nth(k);
    equal(`section ${k + 1} in English`, await article.locator("h2").innerText(), titleEn);
    check(`section ${k + 1} has a title in Korean`, /[가-힣]/.test(titleKo), titleKo);
    if (stretches.length === 0) continue;
    await article.locator(".steps button").first().click();
    equal(`section ${k + 1} leads to its step`, await stepOf(page), stretches[0][0]);
    equal(`its step leads to section ${k + 1}`, await article.getAttribute("aria-current"), "step");
    check(`section ${k + 1} is listed beside its step`, (await page.locator("#lesson li").allInnerTexts()).includes(titleEn));
  }
  await page.locator("#text a", { hasText: "dxmu1" }).first().click();
  equal("a name leads to the step that wrote it", await stepOf(page), stepThat(await recordOf(page), "dxmu1"));
  check("its pictures are in the page", (await page.locator("#text img").evaluateAll((all) => all.filter((img) => img.naturalWidth > 0).length)) === 3);
  await page.click("#language");
  equal("the text is in Korean too", await page.locator("#text article h2").first().innerText(), sections[0].title[1]);
  await closeClean(page, "lesson");
}

const TESTS = [testSteps, testWords, testLinks, testLooking, testInside, testGroups, testPredict, testMarks, testFiles, testKeyboard, testHostile, testSizes, testRows, testPrint, testLarge, testLesson, testCircuits];
const only = process.env.ONLY ? TESTS.filter(({ name }) => new RegExp(process.env.ONLY).test(name)) : TESTS;

async function attempt(name, test) {
  const start = performance.now();
  try {
    await test();
  } catch (error) {
    check(name, false, String(error).split("\n").slice(0, 4).join(" "));
  }
  console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
await withBrowser({ scheme: "light" }, async (context) => {
  for (const test of only) await attempt(test.name, () => test(context));
  if (!process.env.ONLY || /axe/i.test(process.env.ONLY)) await attempt("axe, light", () => testAxe(context, "light"));
});
if (!process.env.ONLY || /axe/i.test(process.env.ONLY)) {
  await withBrowser({ scheme: "dark" }, async (context) => attempt("axe, dark", () => testAxe(context, "dark")));
}
finish();
