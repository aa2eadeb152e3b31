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
    {"tagline", {"step through the backward pass, both ways", "역전파를 앞뒤로 한 걸음씩"}},
    {"copyLink", {"Copy link", "링크 복사"}},
    {"saveSvg", {"Save picture", "그림 저장"}},
    {"saveTrace", {"Save trace", "기록 저장"}},
    {"helpButton", {"Keys ?", "키 ?"}},
    {"tools", {"Tools", "도구"}},
    {"circuit", {"Circuit", "회로"}},
    {"picture", {"Picture of the circuit", "회로 그림"}},
    {"key", {"Key to the picture", "그림 읽는 법"}},
    {"controls", {"Steps", "단계"}},
    {"details", {"Details of the step", "단계의 세부"}},
    {"first", {"First", "처음"}},
    {"back", {"Back", "뒤로"}},
    {"forward", {"Forward", "앞으로"}},
    {"last", {"Last", "끝"}},
    {"play", {"Play", "재생"}},
    {"pause", {"Pause", "멈춤"}},
    {"speed", {"Speed", "속도"}},
    {"scrub", {"Step", "단계"}},
    {"fit", {"Fit", "맞춤"}},
    {"zoomIn", {"Larger", "크게"}},
    {"zoomOut", {"Smaller", "작게"}},
    {"foldAll", {"Close groups", "묶음 닫기"}},
    {"unfoldAll", {"Open groups", "묶음 열기"}},
    {"step", {"Step {0} of {1}", "{1}단계 중 {0}"}},
    {"stepPlain", {"step {0} of {1}", "{1}단계 중 {0}"}},
    {"start", {"start", "시작"}},
    {"atStart",
     {"Nothing is computed yet. Press → to take the first step; ? lists all keys.",
      "아직 아무것도 계산하지 않았습니다. →: 첫 단계, ?: 모든 키."}},
    {"rule", {"rule", "규칙"}},
    {"here", {"here", "식"}},
    {"numbers", {"numbers", "숫자"}},
    {"result", {"result", "결과"}},
    {"numpy", {"NumPy", "NumPy"}},
    {"keyValue", {"value, runs forward", "값: 앞으로"}},
    {"keyGradient", {"gradient, runs back", "기울기: 거꾸로"}},
    {"keyPending", {"not there yet", "아직 없음"}},
    {"justShort", {"done", "방금"}},
    {"nextShort", {"next", "다음"}},
    {"element",
     {"{0} is selected. Hover, click or use the arrow keys within a matrix to choose another "
      "element; click a gradient to jump to the step that last wrote it.",
      "선택한 원소: {0}. 행렬에 마우스를 올리거나 누르거나 화살표 키로 다른 원소를 고릅니다. "
      "기울기를 누르면 그 값을 마지막으로 쓴 단계로 갑니다."}},
    {"notYet", {"not there yet", "아직 없음"}},
    {"partial", {"partial, {0} of {1}", "{1}개 중 {0}개"}},
    {"final", {"final", "완성"}},
    {"noGradient", {"none asked", "구하지 않음"}},
    {"histogram", {"How the elements of {0} are spread", "{0}의 원소 분포"}},
    {"elements", {"{0} elements", "원소 {0}개"}},
    {"ofAll",
     {"The page holds {0} rows and {1} columns of it: the first and the last. All elements: least "
      "{2}, most {3}, mean {4}, norm {5}.",
      "이 페이지에는 이 값의 행 {0}개와 열 {1}개(처음 것들과 마지막 하나)만 들어 있습니다. 모든 "
      "원소의 최솟값 {2}, 최댓값 {3}, 평균 {4}, 노름 {5}."}},
    {"notFinite", {"{0} not finite", "유한하지 않음 {0}개"}},
    {"slope", {"Gradient check of {0}", "{0}의 기울기 검사"}},
    {"slopeGradient", {"gradient", "기울기"}},
    {"slopeMeasured", {"measured", "측정값"}},
    {"slopeDiffers", {"difference", "차이"}},
    {"slopeAgrees", {"✓ agrees", "✓ 일치"}},
    {"slopeWrong", {"✗ differs", "✗ 불일치"}},
    {"slopeNone", {"not measured here", "여기서는 재지 않음"}},
    {"slopeHow",
     {"Measured by moving the element a little to both sides and running the circuit again.",
      "원소를 양쪽으로 조금 움직여 회로를 다시 계산해 쟀습니다."}},
    {"checks", {"What must hold", "성립해야 하는 것"}},
    {"marks", {"Marks", "표시"}},
    {"breakpoints", {"breakpoints", "중단점"}},
    {"bookmarks", {"bookmarks", "책갈피"}},
    {"twin", {"The circuit as a table", "표로 보는 회로"}},
    {"about", {"About this run", "이 실행에 대하여"}},
    {"station", {"station", "정거장"}},
    {"name", {"name", "이름"}},
    {"shape", {"shape", "모양"}},
    {"formula", {"formula", "식"}},
    {"value", {"value", "값"}},
    {"gradient", {"gradient", "기울기"}},
    {"insideTitle", {"Inside {0}: the primitives of this step", "{0} 안: 이 단계의 기본 연산"}},
    {"insideNone",
     {"This step is a single primitive: there is no inside.",
      "이 단계는 기본 연산 하나라 안이 없습니다."}},
    {"leaveInside", {"leave (Esc)", "나가기 (Esc)"}},
    {"insideButton", {"Step inside ({0} primitives)", "안으로 (기본 연산 {0}개)"}},
    {"predictTitle", {"Predict the next step", "다음 단계 예측"}},
    {"predictNone", {"No step is left to predict.", "예측할 단계가 없습니다."}},
    {"aboutShape", {"shape", "모양"}},
    {"aboutSign", {"sign", "부호"}},
    {"aboutValue", {"value", "값"}},
    {"answer", {"Answer", "답하기"}},
    {"reveal", {"Reveal", "공개"}},
    {"takeStep", {"Take the step", "다음 단계로"}},
    {"score", {"{0} of {1} right", "{1}개 중 {0}개 맞음"}},
    {"copied", {"The link to this step is copied.", "이 단계의 링크를 복사했습니다."}},
    {"notCopied",
     {"Copying is not allowed here; the address bar holds the link.",
      "여기서는 복사할 수 없습니다. 주소창의 링크를 쓰세요."}},
    {"breakSet",
     {"Breakpoint at step {0}: c and C stop here.", "중단점: {0}번째. c와 C로 옵니다."}},
    {"breakGone", {"No breakpoint at step {0} any more.", "중단점 해제: {0}번째."}},
    {"breaksGone", {"All breakpoints removed.", "모든 중단점 해제."}},
    {"noBreak", {"No breakpoint in that direction.", "그쪽에는 중단점이 없습니다."}},
    {"markSet",
     {"Bookmark {0} is step {1}: {0} comes back here.",
      "책갈피 {0}: {1}번째. {0} 키로 돌아옵니다."}},
    {"markGone", {"Bookmark {0} is free again.", "책갈피 {0} 해제."}},
    {"noWriter",
     {"{0} is given, not computed: no step wrote it.",
      "{0}: 주어진 값이라 계산한 단계가 없습니다."}},
    {"writer", {"{0} was written by step {1}.", "{0}: {1}번째 단계에서 계산했습니다."}},
    {"nothingBefore", {"No jump to take back.", "되돌아갈 곳이 없습니다."}},
    {"goTo", {"Go to", "이동"}},
    {"goToHow",
     {"The number of a step or the name of a value; nan: the first value that is not finite.",
      "단계 번호나 값의 이름. nan: 유한하지 않은 첫 값."}},
    {"search", {"Search", "찾기"}},
    {"searchHow", {"Words of a sentence, a name, a formula.", "문장의 낱말, 이름, 식."}},
    {"noPlace", {"No step and no value is called {0}.", "{0}: 그런 단계나 값이 없습니다."}},
    {"allFinite", {"Every number of this run is finite.", "모든 값이 유한합니다."}},
    {"close", {"Close", "닫기"}},
    {"help", {"Keys", "키"}},
    {"helpHow",
     {"A capital reverses. Within a matrix the arrow keys choose an element.",
      "대문자는 반대 방향입니다. 행렬 안에서는 화살표 키로 원소를 고릅니다."}},
    {"lesson", {"The lesson", "강의"}},
    {"lessonHere", {"The lesson on this step", "이 단계를 다루는 강의 내용"}},
    {"lessonStep", {"Step {0}", "{0}단계"}},
    {"lessonSteps", {"Steps {0} to {1}", "{0}–{1}단계"}},
    {"crumbAll", {"whole circuit", "회로 전체"}},
    {"stations", {"{0} stations", "정거장 {0}개"}},
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
    {"→ n", {"next step", "다음 단계"}},
    {"← N", {"one step back", "이전 단계"}},
    {"Home End", {"start and end of the run", "처음과 끝"}},
    {"f F", {"to the end of this phase, or back to its start", "국면의 끝으로, 시작으로"}},
    {"i I", {"step inside: the primitives of this step, one by one", "단계 안의 기본 연산 하나씩"}},
    {"p", {"predict the next step: its shape, sign or value", "다음 단계 예측: 모양, 부호, 값"}},
    {"w W", {"who wrote this value: go there, and back", "이 값을 계산한 단계로, 되돌아가기"}},
    {"g", {"go to a step by number or name", "번호나 이름으로 이동"}},
    {"/", {"search", "찾기"}},
    {"b B", {"break here, or no more; B removes all", "중단점, B: 모두 해제"}},
    {"c C", {"next and previous breakpoint", "다음 중단점, 이전 중단점"}},
    {"1 … 9", {"mark this place; again from elsewhere: come back", "책갈피, 다시 누르면 돌아오기"}},
    {"Space", {"play or pause", "재생, 멈춤"}},
    {"Tab", {"through the nodes, in the order of the run", "실행 순서대로 노드 사이를"}},
    {"? q", {"this list; close what is open", "이 목록, 열린 것 닫기"}},
};

Json in_both(Words words) { return {words.en, words.ko}; }

}  // namespace

Json languages() {
  return {{{"code", "en"}, {"name", "English"}}, {{"code", "ko"}, {"name", "한국어"}}};
}

Json page_words() {
  Json words = Json::object();
  for (const PageWord& word : kWords) words[word.key] = in_both(word.says);
  return words;
}

Json page_keys() {
  Json keys = Json::array();
  for (const PageWord& key : kKeys)
    keys.push_back({{"keys", key.key}, {"does", in_both(key.says)}});
  return keys;
}

}  // namespace backstep::page
