// The stepper's own words, in both languages. What an event does is said by engine/describe.h.
#pragma once

#include "engine/walk/say.h"

namespace backstep::step::words {

// What a key did.

inline constexpr Words kAtEnd = {"This is the end of the run. N steps back.",
                                 "마지막 단계입니다. N: 뒤로."};
inline constexpr Words kAtStart = {"This is the start of the run. n steps forward.",
                                   "첫 단계입니다. n: 앞으로."};
inline constexpr Words kNoJump = {"No jump to take back.", "되돌아갈 곳이 없습니다."};
inline constexpr Words kNoNextBreakpoint = {"No breakpoint ahead: this is the end.",
                                            "앞에 중단점이 없어 끝으로 왔습니다."};
inline constexpr Words kNoPreviousBreakpoint = {"No breakpoint behind: this is the start.",
                                                "뒤에 중단점이 없어 처음으로 왔습니다."};
inline constexpr Words kBreakpointSet = {"Breakpoint at step {0}: c and C stop here.",
                                         "중단점: {0}번째. c와 C로 옵니다."};
inline constexpr Words kBreakpointRemoved = {"No breakpoint at step {0} any more.",
                                             "중단점 해제: {0}번째."};
inline constexpr Words kBreakpointsCleared = {"Breakpoints removed: {0}.", "해제한 중단점: {0}개."};
inline constexpr Words kBookmarkSet = {"Bookmark {0} is step {1}: {0} comes back here.",
                                       "책갈피 {0}: {1}번째. {0} 키로 돌아옵니다."};
inline constexpr Words kBookmarkRemoved = {"Bookmark {0} is free again.", "책갈피 {0} 해제."};
inline constexpr Words kBookmarkReached = {"This is bookmark {0}. {0} again frees it.",
                                           "책갈피 {0}. {0} 키를 다시 누르면 해제합니다."};
inline constexpr Words kGiven = {"{0} is given, not computed: no step wrote it.",
                                 "{0}: 주어진 값이라 계산한 단계가 없습니다."};
inline constexpr Words kInsideHere = {"{0} was made inside this step.",
                                      "{0}: 이 단계 안에서 만들어졌습니다."};
inline constexpr Words kWriter = {"{0} was written by step {1}, this one. W goes back.",
                                  "{0}: {1}번째 단계에서 계산했습니다. W: 되돌아가기."};
inline constexpr Words kWrittenHere = {"{0} was written by step {1}, this one. Tab picks another.",
                                       "{0}: 바로 이 {1}번째 단계에서 계산했습니다. Tab: 다른 값."};
inline constexpr Words kNothingInside = {"This step is a single primitive: there is no inside.",
                                         "이 단계는 기본 연산 하나라 안이 없습니다."};
inline constexpr Words kLeftInside = {"Out of the step again.", "단계 밖으로 나왔습니다."};
inline constexpr Words kNothingToPredict = {"No step is left to predict.",
                                            "예측할 단계가 없습니다."};
inline constexpr Words kNoSuchKey = {"No such key; ? lists them.", "없는 키입니다. ?: 도움말."};
inline constexpr Words kScore = {"Predicted {0} of {1}.", "예측: {1}개 중 {0}개 맞음."};

// Finding.

inline constexpr Words kNoSuchNumber = {"Steps run from 0 to {0}.",
                                        "단계 번호는 0에서 {0}까지입니다."};
inline constexpr Words kNoSuchName = {"No value is called {0}.", "{0}: 그런 이름의 값이 없습니다."};
inline constexpr Words kNamesBeginning = {"No value is called {0}, but these begin so: {1}.",
                                          "{0}: 그런 값은 없습니다. 비슷한 이름: {1}."};
inline constexpr Words kAllFinite = {"No NaN and no infinity in this run.",
                                     "이 실행에는 NaN도 무한대도 없습니다."};
inline constexpr Words kNotFinite = {"Here the first NaN or infinity arises: in {0}.",
                                     "NaN이나 무한대가 처음 생긴 곳: {0}."};
inline constexpr Words kTypeAPlace = {"Type the number of a step or the name of a value.",
                                      "단계 번호나 값의 이름을 입력하세요."};
inline constexpr Words kTypeAText = {"Type what to look for.", "찾을 말을 입력하세요."};
inline constexpr Words kFoundFromStart = {"Found from the start again.",
                                          "처음부터 다시 찾았습니다."};
inline constexpr Words kNotFound = {"No step holds \"{0}\".", "\"{0}\": 찾지 못했습니다."};

// The frame.

inline constexpr Words kStepOf = {"step {0} of {1}", "{1}단계 중 {0}"};
inline constexpr Words kStart = {"start", "시작"};
inline constexpr Words kNothingYet = {
    "Nothing is computed yet: the record of a run, to walk in both directions.",
    "아직 아무것도 계산하지 않았습니다. 앞뒤로 걸을 수 있는 실행 기록입니다."};
inline constexpr Words kFirstKeys = {
    "Press n to take the first step, f to run the whole phase, ? for all keys.",
    "n: 첫 단계, f: 한 구간 전체, ?: 모든 키."};
inline constexpr Words kLegend[] = {
    {"▶ ▷  the value that this step wrote, and the one that comes next",
     "▶ ▷  방금 계산한 값과 다음에 계산할 값"},
    {"◀ ◁  the same in the backward pass, for gradients", "◀ ◁  역전파에서는 같은 뜻으로 기울기"},
    {"○    a gradient that has not arrived: there is none, not 0",
     "○    아직 도착하지 않은 기울기: 0이 아니라 아직 없는 값"},
    {"◐    some of its contributions have arrived", "◐    기여분의 일부만 도착"},
    {"●    the gradient is complete", "●    완성된 기울기"}};
inline constexpr Words kMoreValues = {"Tab shows {0}", "Tab: {0}"};
inline constexpr Words kNext = {"next", "다음"};
inline constexpr Words kDone = {"The run is complete: every gradient is there.",
                                "실행이 끝났습니다. 모든 기울기가 나왔습니다."};
inline constexpr Words kRule = {"rule:", "규칙:"};
inline constexpr Words kHere = {"here:", "식:"};
inline constexpr Words kNumbers = {"numbers:", "숫자:"};
inline constexpr Words kPartial = {"{0} of {1}", "{1}개 중 {0}"};
inline constexpr Words kFinal = {"final", "완성"};
inline constexpr Words kNotYet = {"not there yet", "아직 없음"};
inline constexpr Words kStations = {"stations", "정거장"};
inline constexpr Words kGradient = {"gradient", "기울기"};
inline constexpr Words kInside = {"Inside {0}, step {1} of {2}, {3}: {4}",
                                  "{0} 안에서 {2} 중 {1}, {3}: {4}"};
inline constexpr Words kInput = {"input", "입력"};
inline constexpr Words kParameter = {"parameter", "매개변수"};
inline constexpr Words kLooking = {
    "Looking at {0}, which stands still while you look. Esc returns to the step.",
    "{0} 살펴보는 중. Esc: 단계로 돌아가기."};
inline constexpr Words kPredict = {"Predict the next step", "다음 단계 예측"};
inline constexpr Words kGoToPrompt = {"Go to (number or name): ", "이동 (번호나 이름): "};
inline constexpr Words kSearchPrompt = {"Search: ", "찾기: "};
inline constexpr Words kAnswerPrompt = {"Answer ({0}): ", "답 ({0}): "};
inline constexpr Words kPredictKeys = {
    "Enter answers, empty reveals   Tab asks differently   Esc leaves",
    "Enter: 답하기, 빈 답은 공개   Tab: 다른 질문   Esc: 나가기"};
inline constexpr Words kKeys = {
    "n next  N back  f phase  i inside  p predict  w writer  Tab value  ? help  q quit",
    "n 다음  N 뒤로  f 구간  i 안으로  p 예측  w 출처  Tab 값  ? 도움말  q 끝"};
inline constexpr Words kShortKeys = {"n next  N back  ? help  q quit",
                                     "n 다음  N 뒤로  ? 도움말  q 끝"};

// Help.

struct HelpLine {
  const char* keys;
  Words does;
};

inline constexpr Words kHelpTitle = {"Keys (a capital reverses; any key leaves this page)",
                                     "키 (대문자는 반대 방향, 아무 키나 누르면 닫힘)"};
inline constexpr HelpLine kHelp[] = {
    {"n  Right  Space", {"next step", "다음 단계"}},
    {"N  Left", {"one step back", "이전 단계"}},
    {"Home  End", {"start and end of the run", "처음과 끝"}},
    {"f  F", {"to the end of this phase, or back to its start", "구간의 끝으로, 시작으로"}},
    {"i  I",
     {"step inside: the primitives of this step, one by one", "단계 안의 기본 연산 하나씩"}},
    {"p",
     {"predict the next step: shape, sign, value, formula", "다음 단계 예측: 모양, 부호, 값, 식"}},
    {"Tab", {"look at the next value on show", "보이는 값 중 다음 것"}},
    {"h j k l", {"choose the element whose numbers are shown", "숫자를 볼 원소 고르기"}},
    {"Up  Down", {"look at another station; Esc returns", "다른 정거장 살펴보기, Esc: 돌아가기"}},
    {"w  W", {"who wrote this value: go there, and back", "이 값을 계산한 단계로, 되돌아가기"}},
    {"g  G",
     {"go to a step by number or name, and back; g nan: the first NaN",
      "번호나 이름으로 이동, 되돌아가기. g nan: 첫 NaN"}},
    {"/", {"search; / Enter finds the next", "찾기, / Enter: 다음 찾기"}},
    {"b  B", {"break here, or no more; B removes all", "중단점, B: 모두 해제"}},
    {"c  C", {"next and previous breakpoint", "다음 중단점, 이전 중단점"}},
    {"1 to 9",
     {"mark this place; again from elsewhere: come back", "책갈피, 다시 누르면 돌아오기"}},
    {"?  q", {"this page; quit", "도움말, 끝내기"}},
};

}  // namespace backstep::step::words
