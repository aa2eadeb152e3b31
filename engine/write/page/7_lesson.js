// A lesson's text below the stepper: each section tied to its events, each name to the step that
// wrote it. Only a page with a lesson has this script.
const sectionTitle = (k) => record.sections[k][language === "ko" ? 1 : 0];
// Runs of events without a gap, [first, last], as numbers of steps.
function stretches(steps) {
  const runs = [];
  for (const k of [...steps].sort((a, b) => a - b)) {
    if (runs.length > 0 && runs.at(-1)[1] === k) runs.at(-1)[1] = k + 1;
    else runs.push([k + 1, k + 1]);
  }
  return runs;
}

buildLesson = () => {
  const box = byId("text");
  box.hidden = record.sections.length === 0;
  box.replaceChildren(...record.sections.map((section, k) => {
    const article = make("article", { id: `section-${k}`, tabindex: -1 });
    const links = make("p", { class: "steps" });
    for (const [first, last] of stretches(section[4])) {
      const button = make("button", { type: "button" }, say("lessonSteps", first, last));
      button.onclick = () => { jump(first); byId("stage").scrollIntoView(); };
      links.append(button);
    }
    const words = make("div");
    words.innerHTML = section[language === "ko" ? 3 : 2];
    for (const code of words.querySelectorAll(":not(pre) > code")) linkToValue(code);
    for (const pre of words.querySelectorAll("pre")) pre.tabIndex = 0;
    article.append(make("h2", {}, sectionTitle(k)), links, words);
    return article;
  }));
};
// A name in the text leads to the step that wrote it.
function linkToValue(code) {
  const id = nodes.findIndex((node) => node.n === code.textContent);
  if (id < 0 || writtenAt[id] === 0 || writtenAt[id] === NEVER) return;
  const link = make("a", { href: `#node=${encodeURIComponent(nameOf(id))}` });
  link.onclick = (event) => {
    event.preventDefault();
    jump(writtenAt[id]);
    byId("stage").scrollIntoView();
  };
  code.replaceWith(link);
  link.append(code);
}

// Beside the step: which sections tell of it; at the start, all of them.
drawLesson = () => {
  const box = byId("lesson");
  const telling = record.sections.map(([, , , , steps], k) => (walk.done === 0 || steps.includes(walk.done - 1) ? k : -1)).filter((k) => k >= 0);
  box.hidden = telling.length === 0;
  const list = make("ul");
  for (const k of telling) {
    const li = make("li");
    const button = make("button", { type: "button", class: "plain" }, sectionTitle(k));
    button.onclick = () => {
      byId(`section-${k}`).scrollIntoView();
      byId(`section-${k}`).focus({ preventScroll: true });
    };
    li.append(button);
    list.append(li);
  }
  box.replaceChildren(make("h2", {}, say(walk.done === 0 ? "lesson" : "lessonHere")), list);
  for (const [k, article] of [...byId("text").children].entries()) {
    if (walk.done > 0 && telling.includes(k)) article.setAttribute("aria-current", "step");
    else article.removeAttribute("aria-current");
  }
};
