// The words of a page. What an event does is said by engine/describe.h, and what both steppers say
// by engine/walk/words.h.
#include "engine/page/words.h"

#include "engine/walk/words.h"

namespace backstep::page {
namespace {

using Json = nlohmann::ordered_json;

struct PageWord {
  const char* key;
  Words says;
};

constexpr PageWord kWords[] = {
    {"tagline", Words("step through the backward pass, both ways")},
    {"copyLink", Words("Copy link")},
    {"saveSvg", Words("Save picture")},
    {"saveTrace", Words("Save trace")},
    {"helpButton", Words("Keys ?")},
    {"tools", Words("Tools")},
    {"circuit", Words("Circuit")},
    {"picture", Words("Picture of the circuit")},
    {"key", Words("Key to the picture")},
    {"controls", Words("Steps")},
    {"details", Words("Details of the step")},
    {"first", Words("First")},
    {"back", Words("Back")},
    {"forward", Words("Forward")},
    {"last", Words("Last")},
    {"play", Words("Play")},
    {"pause", Words("Pause")},
    {"speed", Words("Speed")},
    {"scrub", Words("Step")},
    {"fit", Words("Fit")},
    {"zoomIn", Words("Larger")},
    {"zoomOut", Words("Smaller")},
    {"foldAll", Words("Close groups")},
    {"unfoldAll", Words("Open groups")},
    {"step", Words("Step {0} of {1}")},
    {"stepPlain", Words("step {0} of {1}")},
    {"start", Words("start")},
    {"atStart",
     Words("Nothing is computed yet. Press → to take the first step; ? lists all keys.")},
    {"rule", Words("rule")},
    {"here", Words("here")},
    {"numbers", Words("numbers")},
    {"result", Words("result")},
    {"numpy", Words("NumPy")},
    {"keyValue", Words("value, runs forward")},
    {"keyGradient", Words("gradient, runs back")},
    {"keyPending", Words("not there yet")},
    {"justShort", Words("done")},
    {"nextShort", Words("next")},
    {"element",
     Words("{0} is selected. Hover, click or use the arrow keys within a matrix to choose another "
           "element; click a gradient to jump to the step that last wrote it.")},
    {"notYet", Words("not there yet")},
    {"partial", Words("partial, {0} of {1}")},
    {"final", Words("final")},
    {"noGradient", Words("none asked")},
    {"histogram", Words("How the elements of {0} are spread")},
    {"elements", Words("{0} elements")},
    {"ofAll", Words("The page holds {0} rows and {1} columns of it: the first and the last. All "
                    "elements: least "
                    "{2}, most {3}, mean {4}, norm {5}.")},
    {"notFinite", Words("{0} not finite")},
    {"slope", Words("Gradient check of {0}")},
    {"slopeGradient", Words("gradient")},
    {"slopeMeasured", Words("measured")},
    {"slopeDiffers", Words("difference")},
    {"slopeAgrees", Words("✓ agrees")},
    {"slopeWrong", Words("✗ differs")},
    {"slopeNone", Words("not measured here")},
    {"slopeHow",
     Words("Measured by moving the element a little to both sides and running the circuit again.")},
    {"checks", Words("What must hold")},
    {"marks", Words("Marks")},
    {"breakpoints", Words("breakpoints")},
    {"bookmarks", Words("bookmarks")},
    {"twin", Words("The circuit as a table")},
    {"about", Words("About this run")},
    {"station", Words("station")},
    {"name", Words("name")},
    {"shape", Words("shape")},
    {"formula", Words("formula")},
    {"value", Words("value")},
    {"gradient", Words("gradient")},
    {"insideTitle", Words("Inside {0}: the primitives of this step")},
    {"insideNone", Words("This step is a single primitive: there is no inside.")},
    {"leaveInside", Words("leave (Esc)")},
    {"insideButton", Words("Step inside ({0} primitives)")},
    {"predictTitle", Words("Predict the next step")},
    {"predictNone", Words("No step is left to predict.")},
    {"aboutShape", Words("shape")},
    {"aboutSign", Words("sign")},
    {"aboutValue", Words("value")},
    {"answer", Words("Answer")},
    {"reveal", Words("Reveal")},
    {"takeStep", Words("Take the step")},
    {"score", Words("{0} of {1} right")},
    {"copied", Words("The link to this step is copied.")},
    {"notCopied", Words("Copying is not allowed here; the address bar holds the link.")},
    {"breakSet", Words("Breakpoint at step {0}: c and C stop here.")},
    {"breakGone", Words("No breakpoint at step {0} any more.")},
    {"breaksGone", Words("All breakpoints removed.")},
    {"noBreak", Words("No breakpoint in that direction.")},
    {"markSet", Words("Bookmark {0} is step {1}: {0} comes back here.")},
    {"markGone", Words("Bookmark {0} is free again.")},
    {"noWriter", Words("{0} is given, not computed: no step wrote it.")},
    {"writer", Words("{0} was written by step {1}.")},
    {"nothingBefore", Words("No jump to take back.")},
    {"goTo", Words("Go to")},
    {"goToHow",
     Words(
         "The number of a step or the name of a value; nan: the first value that is not finite.")},
    {"search", Words("Search")},
    {"searchHow", Words("Words of a sentence, a name, a formula.")},
    {"noPlace", Words("No step and no value is called {0}.")},
    {"allFinite", Words("Every number of this run is finite.")},
    {"close", Words("Close")},
    {"help", Words("Keys")},
    {"helpHow", Words("A capital reverses. Within a matrix the arrow keys choose an element.")},
    {"lesson", Words("The lesson")},
    {"lessonHere", Words("The lesson on this step")},
    {"lessonStep", Words("Step {0}")},
    {"lessonSteps", Words("Steps {0} to {1}")},
    {"crumbAll", Words("whole circuit")},
    {"stations", Words("{0} stations")},
    // What the terminal says too.
    {"given", walk::words::kGiven},
    {"ledger", walk::words::kLedger},
    {"through", walk::words::kThrough},
    {"pending", walk::words::kPending},
    {"sum", walk::words::kSum},
    {"sumSoFar", walk::words::kSumSoFar},
    {"askShape", walk::words::kAskShape},
    {"askSign", walk::words::kAskSign},
    {"askValue", walk::words::kAskValue},
    {"valueForm", walk::words::kValueForm},
    {"right", walk::words::kRight},
    {"wrong", walk::words::kWrong},
    {"shown", walk::words::kAnswer},
    {"notUnderstood", walk::words::kNotUnderstood},
    {"gradientShape", walk::words::kGradientShape},
    {"valueShape", walk::words::kValueShape},
};

// A space parts the keys.
constexpr PageWord kKeys[] = {
    {"→ n", Words("next step")},
    {"← N", Words("one step back")},
    {"Home End", Words("start and end of the run")},
    {"f F", Words("to the end of this phase, or back to its start")},
    {"i I", Words("step inside: the primitives of this step, one by one")},
    {"p", Words("predict the next step: its shape, sign or value")},
    {"w W", Words("who wrote this value: go there, and back")},
    {"g", Words("go to a step by number or name")},
    {"/", Words("search")},
    {"b B", Words("break here, or no more; B removes all")},
    {"c C", Words("next and previous breakpoint")},
    {"1 … 9", Words("mark this place; again from elsewhere: come back")},
    {"Space", Words("play or pause")},
    {"Tab", Words("through the nodes, in the order of the run")},
    {"? q", Words("this list; close what is open")},
};

Json in_all(Words words) {
  return in_each_language([words](Language language) { return language.of(words); });
}

}  // namespace

Json language_names() {
  Json names = Json::array();
  for (const Language language : languages()) {
    // Each catalogue says of "English" what its own language is called.
    names.push_back({{"code", language.code()}, {"name", language.of(Words("English"))}});
  }
  return names;
}

Json page_words() {
  Json words = Json::object();
  for (const PageWord& word : kWords) words[word.key] = in_all(word.says);
  return words;
}

Json page_keys() {
  Json keys = Json::array();
  for (const PageWord& key : kKeys) keys.push_back({{"keys", key.key}, {"does", in_all(key.says)}});
  return keys;
}

}  // namespace backstep::page
