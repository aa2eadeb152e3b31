// Predict, then reveal: the shape, the sign or the value that the next event will write.
const quiz = { open: false, about: "shape", verdict: "", asked: 0, right: 0, step: -1 };

function openQuiz() {
  if (walk.done >= events.length) return toast(say("predictNone"));
  quiz.open = true;
  if (quiz.step !== walk.done) Object.assign(quiz, { step: walk.done, verdict: "", answered: false });
  drawQuiz();
  byId("predict").querySelector("input, button")?.focus();
}
function closeQuiz() {
  quiz.open = false;
  drawQuiz();
}

// The upstream gradient comes from outside: only its shape can be foreseen.
const askable = (id) => (partOf(id) === PART.seed ? ["shape"] : ["shape", "sign", "value"]);

function drawQuiz() {
  const box = byId("predict");
  if (quiz.open && quiz.step !== walk.done) {
    quiz.step = walk.done;
    quiz.verdict = "";
    quiz.answered = false;
    if (walk.done >= events.length) quiz.open = false;
  }
  box.hidden = !quiz.open;
  if (!quiz.open) return;
  const id = events[walk.done][0];
  if (!askable(id).includes(quiz.about)) quiz.about = "shape";
  const [r, c] = clamped(id, ...walk.cell);
  const tabs = make("div", { class: "tabs" });
  for (const about of askable(id)) {
    const button = make("button", { type: "button", "aria-pressed": String(about === quiz.about) }, say(`about${capital(about)}`));
    button.onclick = () => { Object.assign(quiz, { about, verdict: "", answered: false }); drawQuiz(); };
    tabs.append(button);
  }
  const question = make("p", { id: "question" }, say(`ask${capital(quiz.about)}`, nameOf(id), r, c));
  const form = make("form", { "aria-labelledby": "question" });
  fillForm(form, id, r, c);
  const verdict = make("p", { role: "status", class: quiz.good === undefined ? "" : quiz.good ? "pass" : "fail" });
  verdict.textContent = quiz.verdict;
  box.replaceChildren(make("h2", {}, say("predictTitle")), tabs, question, form, verdict);
  if (quiz.answered) {
    const step = make("button", { type: "button" }, say("takeStep"));
    step.onclick = () => forward();
    box.append(step, " ");
  }
  if (quiz.asked > 0) box.append(make("small", {}, say("score", quiz.right, quiz.asked)));
}
const capital = (text) => text[0].toUpperCase() + text.slice(1);

// Shapes that a mistake would give: a lost or an added sum, a transpose.
function shapeChoices(id) {
  const { s, matrix: [rows, cols] } = nodes[id];
  const inputs = operandsOf(id).map((k) => nodes[k].s);
  const all = [s, [cols], [rows, 1], ...inputs, [cols, rows], [1, cols], []];
  const texts = [...new Set(all.map(shapeOf))].slice(0, 4);
  return texts.sort();
}
const signOf = (value) => (value > 0 ? "plus" : value < 0 ? "minus" : Number.isNaN(value) ? "nan" : "zero");

function fillForm(form, id, r, c) {
  const truth = { shape: shapeText(id), sign: signOf(element(id, r, c)), value: element(id, r, c) };
  if (quiz.about === "value") {
    const input = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-labelledby": "question", size: 12 });
    form.append(input, make("button", {}, say("answer")));
    form.onsubmit = (event) => {
      event.preventDefault();
      const answer = Number(input.value.replace("−", "-"));
      if (input.value.trim() === "" || Number.isNaN(answer)) { quiz.verdict = say("notNumber"); quiz.good = undefined; return drawQuiz(); }
      const near = Math.abs(answer - truth.value) <= 0.02 * Math.abs(truth.value) + 1e-12;
      judge(near, numberText(truth.value), id);
    };
  } else {
    const choices = quiz.about === "shape" ? shapeChoices(id) : ["plus", "minus", "zero"];
    for (const choice of choices) {
      const text = quiz.about === "shape" ? choice : say(choice);
      const button = make("button", { type: "button", "data-choice": choice }, text);
      const right = quiz.about === "shape" ? truth.shape : truth.sign;
      button.onclick = () => judge(choice === right, quiz.about === "shape" ? right : say(right) || right, id);
      form.append(button);
    }
    form.onsubmit = (event) => event.preventDefault();
  }
  const reveal = make("button", { type: "button" }, say("reveal"));
  reveal.onclick = () => {
    quiz.good = undefined;
    conclude(say("isShown", quiz.about === "value" ? numberText(truth.value) : quiz.about === "shape" ? truth.shape : say(truth.sign) || truth.sign));
  };
  form.append(reveal);
}

function judge(right, answer) {
  if (!quiz.answered) {
    ++quiz.asked;
    if (right) ++quiz.right;
  }
  quiz.good = right;
  conclude(right ? say("isRight") : say("isWrong", answer));
}
// Right or wrong, and why: the reason is the engine's, and the numbers are those of the step.
function conclude(text) {
  const id = events[walk.done][0];
  const [r, c] = clamped(id, ...walk.cell);
  const parts = quiz.about === "shape" ? [] : withNumbers(id, r, c);
  const sum = parts.length ? ` ${elementName(id, r, c)} = ${parts.map((part) => part.text).join("")} = ${numberText(element(id, r, c))}.` : "";
  const line = quiz.about === "shape" && !isLeaf(id) ? ` ${events[walk.done][7]}.` : "";
  quiz.answered = true;
  quiz.verdict = `${text}${line}${sum} ${whyOf(walk.done) || sentenceOf(walk.done)}`;
  drawQuiz();
  [...byId("predict").querySelectorAll("button")].pop()?.focus();
}
