// Key by key: what each makes of the stepper's state.
#include "engine/step/model.h"

#include <doctest/doctest.h>

#include "tests/step/records.h"

namespace backstep::step {
namespace {

// The name of the value that the event just done wrote.
std::string here(const Model& model) {
  const Event* event = model.cursor.just_done();
  return event == nullptr ? "" : model.record->graph().name(event->node);
}

TEST_CASE("n and N walk by one event, Right, Left and Space as well; the ends hold") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model start(record);
  CHECK(after(start, "n").cursor.done() == 1);
  CHECK(after(start, "n n Right Space N Left").cursor.done() == 2);
  CHECK(after(start, "N").cursor.done() == 0);
  CHECK_FALSE(after(start, "N").said.empty());
  const Model end = after(start, "End");
  CHECK(end.cursor.at_end());
  CHECK(after(end, "n").cursor.at_end());
  CHECK_FALSE(after(end, "n").said.empty());
  CHECK(after(end, "Home").cursor.at_start());
}

TEST_CASE("every event is reached forward and backward, and looks the same both ways") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  Model model(record);
  std::vector<std::string> forward, backward;
  while (!model.cursor.at_end()) forward.push_back(here(model = press(model, "n")));
  while (!model.cursor.at_start()) {
    backward.insert(backward.begin(), here(model));
    model = press(model, "N");
  }
  CHECK(forward == backward);
  CHECK(forward.size() == trace.events().size());
  CHECK(forward.front() == "mu");
  CHECK(forward.back() == "dx");
}

TEST_CASE("f ends the phase, F returns to where it began") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  Model model(record);
  model = press(model, "f");
  CHECK(here(model) == "out");
  model = press(model, "f");
  CHECK(here(model) == "dout");
  model = press(model, "f");  // station 9 sends to gammax and beta
  CHECK(model.cursor.next()->kind == EventKind::kContribution);
  const std::size_t there = model.cursor.done();
  CHECK(press(press(model, "f"), "F").cursor.done() == there);
  CHECK(after(model, "F F F").cursor.at_start());
  int phases = 0;
  for (Model walk(record); !walk.cursor.at_end(); walk = press(walk, "f")) ++phases;
  CHECK(phases == 12);  // forward, the seed, stations 9 to 1, and the last sum
}

TEST_CASE("b breaks here, c and C stop there, B removes all") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  Model model = after(Model(record), "n*3 b n*4 b End");
  CHECK(press(model, "C").cursor.done() == 7);
  CHECK(after(model, "C C").cursor.done() == 3);
  CHECK(after(model, "C C C").cursor.at_start());
  CHECK(after(model, "Home c").cursor.done() == 3);
  CHECK(after(model, "Home c c").cursor.done() == 7);
  CHECK(after(model, "Home c c c").cursor.at_end());
  CHECK(after(model, "Home c b c").cursor.done() == 7);
  CHECK(after(model, "Home c b").breakpoints.size() == 1);
  CHECK(after(model, "B").breakpoints.empty());
}

TEST_CASE("a number marks a place, comes back to it, and there frees it") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model marked = after(Model(record), "n*5 1 End");
  CHECK(marked.cursor.at_end());
  const Model back = press(marked, "1");
  CHECK(back.cursor.done() == 5);
  const Model freed = press(back, "1");
  CHECK(freed.bookmarks[0] == Model::kUnset);
  CHECK(press(marked, "9").bookmarks[8] == marked.cursor.done());
}

TEST_CASE("g goes to an event by number or by name, and G comes back") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model start = press(Model(record), "n");
  CHECK(entered(press(start, "g"), "17").cursor.done() == 17);
  CHECK(entered(press(start, "g"), "#0").cursor.at_start());
  const Model there = entered(press(start, "g"), "dxmu2");
  CHECK(here(there) == "dxmu2");
  CHECK(press(there, "G").cursor.done() == 1);
  CHECK(there.mode == Mode::kWalk);
}

TEST_CASE("a place that is not there is told, and can be mended") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model start = press(Model(record), "g");
  CHECK(entered(start, "999").said == "Steps run from 0 to 25.");
  CHECK(entered(start, "99999999999999999999999").mode == Mode::kGoTo);
  CHECK(entered(start, "x").said == "x is given, not computed: no step wrote it.");
  CHECK(entered(start, "dxmu9").said == "No value is called dxmu9.");
  CHECK(entered(start, "DXM").said ==
        "No value is called DXM, but these begin so: dxmu1, dxmu2, dxmu.");
  CHECK(entered(start, "nan").said == "No NaN and no infinity in this run.");
  const Model wrong = entered(start, "dxmu9");
  const Model mended = entered(apply(wrong, Key{Key::kBackspace}), "1");
  CHECK(here(mended) == "dxmu1");
  CHECK(apply(wrong, Key{Key::kEscape}).mode == Mode::kWalk);
}

TEST_CASE("g nan goes to where the first NaN or infinity arose") {
  const Trace trace = run_with_nan();
  const Record record(trace);
  const Model there = entered(press(Model(record), "g"), "nan");
  CHECK(here(there) == "ratio");
}

TEST_CASE("w goes to who wrote the value that is looked at, W comes back") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model sum = entered(press(Model(record), "g"), "dxmu");
  CHECK(here(press(sum, "w")) == "dxmu");
  const Model first = after(sum, "Tab w");
  CHECK(here(first) == "dxmu1");
  CHECK(here(press(first, "W")) == "dxmu");
  CHECK(here(after(sum, "Tab Tab w")) == "dxmu2");
  CHECK(here(after(sum, "Tab Tab Tab w")) == "dxmu");  // round again
  const Model given = after(Model(record), "n Tab w");
  CHECK(given.cursor.done() == 1);
  CHECK(given.said == "x is given, not computed: no step wrote it.");
}

TEST_CASE("i steps through the primitives inside a gradient rule, I back") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model rule = entered(press(Model(record), "g"), "divar");
  const Model root = entered(press(Model(record), "g"), "dsqrtvar");
  const std::vector<NodeId> steps = inside_steps(root);
  REQUIRE(steps.size() == 3);  // -dy, a squared, their quotient
  Model inside = press(root, "i");
  CHECK(inside.inside == 1);
  CHECK(record.graph().place(focused(inside)).part == Part::kInside);
  inside = press(press(inside, "i"), "i");
  CHECK(focused(inside) == root.cursor.just_done()->node);
  CHECK(press(inside, "i").inside == 0);
  CHECK(press(root, "I").inside == 3);
  CHECK(after(root, "i n").inside == 0);
  CHECK(after(root, "i n").cursor.done() == root.cursor.done() + 1);
  CHECK(after(root, "i i I").inside == 1);
  CHECK(after(root, "i Esc").inside == 0);
  CHECK(inside_steps(rule).size() == 2);  // dxhat * xmu, then its sum over the batch
  const Model sum = entered(press(Model(record), "g"), "dxmu");
  CHECK(press(sum, "i").inside == 0);
  CHECK_FALSE(press(sum, "i").said.empty());
}

TEST_CASE("a broadcast of the forward pass is inside the step that needs it") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model subtract = entered(press(Model(record), "g"), "xmu");
  REQUIRE(inside_steps(subtract).size() == 2);
  CHECK(record.graph().node(inside_steps(subtract)[0]).primitive->name == "broadcast");
}

TEST_CASE("predicting: right, wrong, not answered, not understood") {
  using Kind = walk::Verdict::Kind;
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model before = entered(press(Model(record), "g"), "dout");
  const std::size_t done = before.cursor.done();
  const Model asked = press(entered(press(before, "g"), "dgammax"), "p");  // then comes dbeta
  REQUIRE(asked.mode == Mode::kPredict);
  CHECK(asked.question.about == walk::Question::About::kShape);
  CHECK(entered(asked, "(1, 3)").verdict->kind == Kind::kWrong);
  for (const char* answer : {"(3,)", "3", "3,", "(3)"}) {
    CAPTURE(answer);
    CHECK(entered(asked, answer).verdict->kind == Kind::kRight);
  }
  const Model right = entered(asked, "(3,)");
  CHECK(right.mode == Mode::kWalk);
  CHECK(right.verdict->kind == Kind::kRight);
  CHECK(right.cursor.done() == asked.cursor.done() + 1);
  CHECK(right.right == 1);
  CHECK(right.asked == 1);
  const Model wrong = entered(asked, "4x3");
  CHECK(wrong.verdict->kind == Kind::kWrong);
  CHECK(wrong.verdict->answer == "(3,)");
  CHECK(wrong.right == 0);
  CHECK(wrong.asked == 1);
  const Model shown = entered(asked, "");
  CHECK(shown.verdict->kind == Kind::kNotAnswered);
  CHECK(shown.asked == 0);
  const Model again = entered(asked, "what?");
  CHECK(again.mode == Mode::kPredict);
  CHECK_FALSE(again.said.empty());
  CHECK(apply(asked, Key{Key::kEscape}).cursor.done() == done + 1);
  CHECK_FALSE(press(right, "n").verdict.has_value());
  CHECK(after(Model(record), "End p").mode == Mode::kWalk);
}

TEST_CASE("Tab asks for the sign and the value too") {
  using About = walk::Question::About;
  const Trace trace = batch_norm_run();
  const Record record(trace);
  Model model = press(entered(press(Model(record), "g"), "dgammax"), "p");
  model = apply(model, Key{Key::kTab});
  CHECK(model.question.about == About::kSign);
  model = apply(model, Key{Key::kTab});
  CHECK(model.question.about == About::kValue);
  CHECK(apply(model, Key{Key::kTab}).question.about == About::kShape);
  CHECK(apply(model, Key{Key::kBackTab}).question.about == About::kSign);
}

TEST_CASE("where somebody can judge it, a gradient's formula is asked for") {
  using About = walk::Question::About;
  using Kind = walk::Verdict::Kind;
  const Trace trace = batch_norm_run();
  const auto judge = [](NodeId, std::string_view formula, Language) -> walk::Verdict {
    if (formula == "?") return {Kind::kNotUnderstood, {}, "no formula"};
    return {formula == "good" ? Kind::kRight : Kind::kWrong, {}, "because"};
  };
  const Record record(trace, {}, {}, judge);
  Model model = press(entered(press(Model(record), "g"), "dgammax"), "p");
  model = apply(model, Key{Key::kBackTab});
  CHECK(model.question.about == About::kFormula);
  CHECK(apply(model, Key{Key::kTab}).question.about == About::kShape);

  const Model unread = entered(model, "?");
  CHECK(unread.mode == Mode::kPredict);
  CHECK(unread.said == "no formula");
  const Model right = entered(model, "good");
  CHECK(right.right == 1);
  CHECK(right.verdict->text == "Right: " + right.verdict->answer + ". because");
  const Model wrong = entered(model, "bad");
  CHECK(wrong.asked == 1);
  CHECK(wrong.right == 0);
  CHECK(wrong.verdict->text == "Not so: it is " + right.verdict->answer + ". because");

  const Model forward = press(Model(record), "p");
  CHECK(apply(forward, Key{Key::kBackTab}).question.about != About::kFormula);
}

TEST_CASE("a search finds names and words, goes round, and repeats") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model first = entered(press(Model(record), "/"), "SQRT");
  CHECK(here(first) == "sqrtvar");
  const Model second = entered(press(first, "/"), "");
  CHECK(second.cursor.done() > first.cursor.done());
  const Model round = entered(press(after(first, "End"), "/"), "sqrt");
  CHECK(round.cursor.done() == first.cursor.done());
  CHECK_FALSE(round.said.empty());
  const Model none = entered(press(Model(record), "/"), "no such thing");
  CHECK(none.mode == Mode::kSearch);
  CHECK(none.said == "No step holds \"no such thing\".");
}

TEST_CASE("Up and Down look at a station; any step returns to the event") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model at_xhat = entered(press(Model(record), "g"), "xhat");
  const Model above = after(at_xhat, "Up");
  CHECK(record.graph().name(above.selected) == "ivar");
  CHECK(above.cursor.done() == at_xhat.cursor.done());
  CHECK(record.graph().name(values_on_show(above)[1]) == "divar");
  CHECK_FALSE(is_written(above, values_on_show(above)[1]));
  CHECK(after(above, "Esc").selected == kNoNode);
  CHECK(after(above, "n").selected == kNoNode);
  CHECK(record.graph().name(after(Model(record), "Down").selected) == "x");
  CHECK(record.graph().name(after(Model(record), "Down*99").selected) == "out");
}

TEST_CASE("h, j, k, l choose an element and stay within the value") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model model = after(Model(record), "n n l j j");
  CHECK(element(model).row == 2);
  CHECK(element(model).col == 1);
  CHECK(element(after(model, "j*9 l*9")).row == 3);
  CHECK(element(after(model, "j*9 l*9")).col == 2);
  CHECK(element(after(model, "k*9 h*9")).col == 0);
  CHECK(element(after(model, "N")).row == 0);  // mu has one row
  CHECK(element(after(model, "N n")).row == 2);
}

TEST_CASE("help, quit and unknown keys") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const Model start(record);
  CHECK(press(start, "?").mode == Mode::kHelp);
  CHECK(press(press(start, "?"), "n").mode == Mode::kWalk);
  CHECK(press(press(start, "?"), "n").cursor.at_start());
  CHECK(press(start, "q").quit);
  CHECK_FALSE(press(start, "z").said.empty());
  CHECK_FALSE(press(start, "한").said.empty());
}

TEST_CASE("every key in every state leaves a state that every key can follow") {
  const Trace trace = batch_norm_run({2, 2});
  const Record record(trace);
  std::vector<Key> keys;
  for (const char c : std::string("nNfFcCbBgGwWiIpPhjkl/?129x")) {
    keys.push_back({Key::kText, std::string(1, c)});
  }
  for (int code = Key::kLeft; code <= Key::kBackspace; ++code) {
    keys.push_back({static_cast<Key::Code>(code)});
  }
  Model model(record);
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    model = apply(std::move(model), keys[random() % keys.size()]);
    REQUIRE(model.cursor.done() <= trace.events().size());
    const NodeId node = focused(model);
    if (node != kNoNode) REQUIRE(element(model).row < record.graph().node(node).shape.rows());
  }
}

}  // namespace
}  // namespace backstep::step
