// Predict, then reveal: the shape, the sign or the value that the next event will write. Questions,
// choices and right answers stand in the record.
import { button, byId, make, toast } from "./dom.js";
import { elementName, events, madeOf, nameOf, numpyOf, placeOf, rangeAt, record, say, shapeText, textAt, values } from "./record.js";
import { forward, onChange, walk } from "./walk.js";

const SHAPE = 0, SIGN = 1, VALUE = 2;
const ABOUT = ["Shape", "Sign", "Value"];
const quiz = { open: false, about: SHAPE, step: -1, verdict: "", good: undefined, answered: false, asked: 0, right: 0 };

export function openQuiz() {
  if (walk.done >= events.length) return toast(say("predictNone"));
  quiz.open = true;
  drawQuiz();
  byId("predict").querySelector("form input, form button")?.focus();
}
export const closeQuiz = () => { quiz.open = false; };

const asked = () => events[walk.done].node;
const placeAsked = () => placeOf(asked(), walk.cell);
const rangeAsked = () => rangeAt(asked(), placeAsked());
const asks = () => (events[walk.done].asks ?? [SIGN, VALUE, SHAPE]).filter((about) => about !== VALUE || rangeAsked().length > 0);
function rightAnswer() {
  const text = textAt(asked(), placeAsked());
  if (quiz.about === SHAPE) return shapeText(asked());
  return quiz.about === VALUE || text === "0" || text === "nan" ? text : text?.startsWith("-") ? "-" : "+";
}
function ask(about) {
  Object.assign(quiz, { about, verdict: "", good: undefined, answered: false });
}
export function drawQuiz() {
  const box = byId("predict");
  if (quiz.step !== walk.done && walk.done < events.length) {
    quiz.step = walk.done;
    ask(asks()[0]);
  }
  box.hidden = !quiz.open || walk.done >= events.length;
  if (box.hidden) return;
  if (!asks().includes(quiz.about)) ask(SHAPE);
  const tabs = asks().map((about) => button(say(`about${ABOUT[about]}`), () => { ask(about); drawQuiz(); }, { "aria-pressed": about === quiz.about }));
  const name = quiz.about === SHAPE ? nameOf(asked()) : elementName(asked(), placeAsked());
  const question = make("p", { id: "question" }, say(`ask${ABOUT[quiz.about]}`, name));
  const verdict = make("p", { role: "status", class: quiz.good === undefined ? "" : quiz.good ? "pass" : "fail" }, quiz.verdict);
  box.replaceChildren(make("h2", {}, say("predictTitle")), make("div", { class: "tabs" }, ...tabs), question, answers(), verdict);
  if (quiz.answered) box.append(button(say("takeStep"), forward), " ");
  if (quiz.asked > 0) box.append(make("small", {}, say("score", quiz.right, quiz.asked)));
}

function answers() {
  const form = make("form", { "aria-labelledby": "question" });
  const input = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-labelledby": "question", size: 12 });
  if (quiz.about === VALUE) form.append(input, make("button", {}, say("answer")));
  const choices = quiz.about === SHAPE ? events[walk.done].shapes.map((k) => record.shapes[k]) : quiz.about === SIGN ? ["+", "-", "0"] : [];
  for (const choice of choices) form.append(button(choice, () => judge(choice === rightAnswer()), { "data-choice": choice }));
  form.onsubmit = (event) => {
    event.preventDefault();
    if (quiz.about === VALUE) judgeNumber(input.value.trim().replace("−", "-"));
  };
  form.append(button(say("reveal"), () => conclude(undefined, say("shown", rightAnswer()))));
  return form;
}
function judgeNumber(typed) {
  const [least, most] = rangeAsked().map(Number);
  if (typed === rightAnswer()) return judge(true);
  if (typed !== "" && !Number.isNaN(Number(typed))) return judge(least <= Number(typed) && Number(typed) <= most);
  Object.assign(quiz, { verdict: say("notUnderstood", say("valueForm")), good: undefined });
  drawQuiz();
}
function judge(right) {
  if (!quiz.answered) {
    ++quiz.asked;
    if (right) ++quiz.right;
  }
  conclude(right, say(right ? "right" : "wrong", rightAnswer()));
}
// Right or wrong, and why.
function conclude(good, text) {
  Object.assign(quiz, { good, verdict: `${text} ${reason()}`, answered: true });
  drawQuiz();
  [...byId("predict").querySelectorAll("button")].pop()?.focus();
}
function reason() {
  const { of } = values[asked()];
  if (quiz.about !== SHAPE) return `${numbersText(asked(), placeAsked())}.`;
  return of === undefined ? say("valueShape", numpyOf(asked())) : say("gradientShape", nameOf(of), shapeText(of));
}
// The line of numbers as text.
export function numbersText(id, place) {
  const made = madeOf(id, place).map(({ text }) => text).join("");
  return `${elementName(id, place)} = ${made}${made ? " = " : ""}${textAt(id, place)}`;
}

onChange((what) => { if (what !== "mark") drawQuiz(); });
