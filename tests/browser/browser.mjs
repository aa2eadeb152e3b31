// What the tests share: a browser, a page that reports everything it must not do, and counting.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

let passed = 0;
let failed = 0;

export function check(what, holds, detail = "") {
  if (holds) return ++passed;
  ++failed;
  console.log(`FAILED: ${what}${detail === "" ? "" : `: ${detail}`}`);
  return failed;
}
export function equal(what, is, expected) {
  check(what, Object.is(is, expected), `${JSON.stringify(is)} instead of ${JSON.stringify(expected)}`);
}
// Times are printed. A busy machine is slow, so only what is far beyond is a failure.
const PATIENCE = 20;
export function timed(what, milliseconds, aim) {
  console.log(`${what}: ${milliseconds.toFixed(1)} ms, ${(milliseconds / aim).toFixed(2)} of the ${aim} ms aimed at`);
  check(`${what} takes nowhere near ${PATIENCE} times what it should`, milliseconds < PATIENCE * aim, `${milliseconds} ms`);
}
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

// Runs `test` in a browser of its own kind: scheme "light" or "dark", width and height.
export async function withBrowser(options, test) {
  const profile = mkdtempSync(join(tmpdir(), "backstep-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
    acceptDownloads: true,
    colorScheme: options.scheme || "light",
    reducedMotion: options.reducedMotion || "reduce",
    viewport: { width: options.width || 1400, height: options.height || 1000 },
  });
  try {
    await test(context);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

// Opens a file, and keeps what must not happen: errors, and requests to anything but the file.
export async function open(context, file, hash = "") {
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.faults.push(message.text());
  });
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) page.faults.push(`request to ${request.url()}`);
  });
  await page.goto(`file://${file}${hash}`);
  await page.waitForSelector("#language:not(:empty)");  // the script has begun
  return page;
}

// Waits for what the page does in its own time. What never comes, the next check tells.
export async function appears(page, selector) {
  await page.waitForSelector(selector, { state: "attached", timeout: 5000 }).catch(() => {});
}

// How long the page's thread works on `task`, whatever else the machine does meanwhile.
export async function threadTime(page, task) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const worked = async () => (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const before = await worked();
  await task();
  const after = await worked();
  await session.detach();
  return 1000 * (after - before);
}

export async function closeClean(page, name) {
  equal(`${name}: no error and no request leaves the page`, page.faults.join("; "), "");
  await page.close();
}

// What axe finds serious or critical, as text; empty if nothing.
export async function axeFaults(page) {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document);
    return violations
      .filter(({ impact }) => ["serious", "critical"].includes(impact))
      .map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`)
      .join("; ");
  });
}
