// A page with a lesson: its text below the stepper, each section tied to its events, each name to the
// step that wrote it.
import { all, button, byId, make } from "./dom.js";
import { begin } from "./main.js";
import { NEVER, inWords, nameOf, record, say, values, writtenAt } from "./record.js";
import { jump, onChange, walk } from "./walk.js";

function jumpUp(step) {
  jump(step);
  byId("stage").scrollIntoView();
}

function buildLesson() {
  byId("text").hidden = record.sections.length === 0;
  byId("text").replaceChildren(...record.sections.map(({ title, html, stretches }, k) => {
    const links = stretches.map(([first, last]) => button(first === last ? say("lessonStep", first) : say("lessonSteps", first, last), () => jumpUp(first)));
    const words = make("div");
    words.innerHTML = inWords(html);
    all(":not(pre) > code", words).forEach(linkToValue);
    for (const pre of all("pre", words)) pre.tabIndex = 0;
    return make("article", { id: `section-${k}`, tabindex: -1 }, make("h2", {}, inWords(title)), make("p", { class: "steps" }, ...links), words);
  }));
}
// A name in the text leads to the step that wrote it.
function linkToValue(code) {
  const id = values.findIndex((value) => value?.name === code.textContent);
  if (id < 0 || writtenAt[id] === 0 || writtenAt[id] === NEVER) return;
  const link = make("a", { href: `#node=${encodeURIComponent(nameOf(id))}` });
  link.onclick = (event) => { event.preventDefault(); jumpUp(writtenAt[id]); };
  code.replaceWith(link);
  link.append(code);
}

// Beside the step: which sections tell of it; at the start, all of them.
function drawLesson() {
  const telling = [...record.sections.keys()].filter((k) => walk.done === 0 || record.sections[k].stretches.some(([first, last]) => first <= walk.done && walk.done <= last));
  byId("lesson").hidden = telling.length === 0;
  const show = (k) => { byId(`section-${k}`).scrollIntoView(); byId(`section-${k}`).focus({ preventScroll: true }); };
  const links = telling.map((k) => make("li", {}, button(inWords(record.sections[k].title), () => show(k), { class: "plain" })));
  byId("lesson").replaceChildren(make("h2", {}, say(walk.done === 0 ? "lesson" : "lessonHere")), make("ul", {}, ...links));
  for (const [k, article] of [...byId("text").children].entries()) {
    if (walk.done > 0 && telling.includes(k)) article.setAttribute("aria-current", "step");
    else article.removeAttribute("aria-current");
  }
}

onChange((what) => {
  if (what === "language") buildLesson();
  if (what !== "mark" && what !== "cell") drawLesson();
});
begin();
