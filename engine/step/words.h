// The stepper's own words. What an event does is said by engine/describe.h.
#pragma once

#include "engine/say.h"

namespace backstep::step::words {

// What a key did.

inline constexpr auto kAtEnd = Words("This is the end of the run. N steps back.");
inline constexpr auto kAtStart = Words("This is the start of the run. n steps forward.");
inline constexpr auto kNoJump = Words("No jump to take back.");
inline constexpr auto kNoNextBreakpoint = Words("No breakpoint ahead: this is the end.");
inline constexpr auto kNoPreviousBreakpoint = Words("No breakpoint behind: this is the start.");
inline constexpr auto kBreakpointSet = Words("Breakpoint at step {0}: c and C stop here.");
inline constexpr auto kBreakpointRemoved = Words("No breakpoint at step {0} any more.");
inline constexpr auto kBreakpointsCleared = Words("Breakpoints removed: {0}.");
inline constexpr auto kBookmarkSet = Words("Bookmark {0} is step {1}: {0} comes back here.");
inline constexpr auto kBookmarkRemoved = Words("Bookmark {0} is free again.");
inline constexpr auto kBookmarkReached = Words("This is bookmark {0}. {0} again frees it.");
inline constexpr auto kGiven = Words("{0} is given, not computed: no step wrote it.");
inline constexpr auto kInsideHere = Words("{0} was made inside this step.");
inline constexpr auto kWriter = Words("{0} was written by step {1}, this one. W goes back.");
inline constexpr auto kWrittenHere =
    Words("{0} was written by step {1}, this one. Tab picks another.");
inline constexpr auto kNothingInside =
    Words("This step is a single primitive: there is no inside.");
inline constexpr auto kLeftInside = Words("Out of the step again.");
inline constexpr auto kNothingToPredict = Words("No step is left to predict.");
inline constexpr auto kNoSuchKey = Words("No such key; ? lists them.");
inline constexpr auto kScore = Words("Predicted {0} of {1}.");

// Finding.

inline constexpr auto kNoSuchNumber = Words("Steps run from 0 to {0}.");
inline constexpr auto kNoSuchName = Words("No value is called {0}.");
inline constexpr auto kNamesBeginning = Words("No value is called {0}, but these begin so: {1}.");
inline constexpr auto kAllFinite = Words("No NaN and no infinity in this run.");
inline constexpr auto kNotFinite = Words("Here the first NaN or infinity arises: in {0}.");
inline constexpr auto kTypeAPlace = Words("Type the number of a step or the name of a value.");
inline constexpr auto kTypeAText = Words("Type what to look for.");
inline constexpr auto kFoundFromStart = Words("Found from the start again.");
inline constexpr auto kNotFound = Words("No step holds \"{0}\".");

// The frame.

inline constexpr auto kStepOf = Words("step {0} of {1}");
inline constexpr auto kStart = Words("start");
inline constexpr auto kNothingYet =
    Words("Nothing is computed yet: the record of a run, to walk in both directions.");
inline constexpr auto kFirstKeys =
    Words("Press n to take the first step, f to run the whole phase, ? for all keys.");
inline constexpr Words kLegend[] = {
    Words("▶ ▷  the value that this step wrote, and the one that comes next"),
    Words("◀ ◁  the same in the backward pass, for gradients"),
    Words("○    a gradient that has not arrived: there is none, not 0"),
    Words("◐    some of its contributions have arrived"), Words("●    the gradient is complete")};
inline constexpr auto kMoreValues = Words("Tab shows {0}");
inline constexpr auto kNext = Words("next");
inline constexpr auto kDone = Words("The run is complete: every gradient is there.");
inline constexpr auto kRule = Words("rule:");
inline constexpr auto kHere = Words("here:");
inline constexpr auto kNumbers = Words("numbers:");
inline constexpr auto kPartial = Words("{0} of {1}");
inline constexpr auto kFinal = Words("final");
inline constexpr auto kNotYet = Words("not there yet");
inline constexpr auto kStations = Words("stations");
inline constexpr auto kGradient = Words("gradient");
inline constexpr auto kInside = Words("Inside {0}, step {1} of {2}, {3}: {4}");
inline constexpr auto kInput = Words("input");
inline constexpr auto kParameter = Words("parameter");
inline constexpr auto kLooking =
    Words("Looking at {0}, which stands still while you look. Esc returns to the step.");
inline constexpr auto kPredict = Words("Predict the next step");
inline constexpr auto kGoToPrompt = Words("Go to (number or name): ");
inline constexpr auto kSearchPrompt = Words("Search: ");
inline constexpr auto kAnswerPrompt = Words("Answer ({0}): ");
inline constexpr auto kPredictKeys =
    Words("Enter answers, empty reveals   Tab asks differently   Esc leaves");
inline constexpr auto kKeys =
    Words("n next  N back  f phase  i inside  p predict  w writer  Tab value  ? help  q quit");
inline constexpr auto kShortKeys = Words("n next  N back  ? help  q quit");

// Help.

struct HelpLine {
  const char* keys;
  Words does;
};

inline constexpr auto kHelpTitle = Words("Keys (a capital reverses; any key leaves this page)");
inline constexpr HelpLine kHelp[] = {
    {"n  Right  Space", Words("next step")},
    {"N  Left", Words("one step back")},
    {"Home  End", Words("start and end of the run")},
    {"f  F", Words("to the end of this phase, or back to its start")},
    {"i  I", Words("step inside: the primitives of this step, one by one")},
    {"p", Words("predict the next step: shape, sign, value, formula")},
    {"Tab", Words("look at the next value on show")},
    {"h j k l", Words("choose the element whose numbers are shown")},
    {"Up  Down", Words("look at another station; Esc returns")},
    {"w  W", Words("who wrote this value: go there, and back")},
    {"g  G", Words("go to a step by number or name, and back; g nan: the first NaN")},
    {"/", Words("search; / Enter finds the next")},
    {"b  B", Words("break here, or no more; B removes all")},
    {"c  C", Words("next and previous breakpoint")},
    {"1 to 9", Words("mark this place; again from elsewhere: come back")},
    {"?  q", Words("this page; quit")},
};

}  // namespace backstep::step::words
