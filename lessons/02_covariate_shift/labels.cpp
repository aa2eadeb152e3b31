// The labels in English and Korean.
#include "labels.h"

namespace backstep::lessons {
namespace {

constexpr Labels kEnglish = {
    .language = Language::kEnglish,
    .own_note =
        "\n**In this run `{}` stands in place of batch norm** wherever nets are trained: in the "
        "tables and pictures of what moves and of deep stacks. {} What is said there of batch norm "
        "by name is meant of batch norm itself.\n",
    .mixes = "It mixes the samples of a batch, and keeps no statistics.",
    .by_sample = "It treats each sample by itself.",
    .what_relu_gets = "what the ReLU gets",
    .by_one_step = "layer {}, moved by one step, %",
    .by_all_steps = "layer {}, from first to last, %",
    .deviation_last = "layer {}, deviation at last",
    .mean_last = "layer {}, mean at last",
    .right = "accuracy, %",
    .less = "less than",
    .as_much = "about as much as",
    .more = "more than",
    .apart =
        "So a net can learn better although its inputs move no less in a step. Santurkar et al. "
        "(\"How does "
        "batch normalization help optimization?\", 2018) found the same, and see the gain in a "
        "smoother loss.",
    .not_apart =
        "In this run the two checks do not tell movement and learning apart. Santurkar et al. "
        "(\"How does batch normalization help optimization?\", 2018) do so in other nets, and see "
        "the gain in a smoother loss.",
    .batch_norm_operations = "batch norm",
    .whitening_operations = "whitening",
    .milliseconds = "{}, ms",
    .weights = "net, scale",
    .deviation_factor = "deviation",
    .gradient_factor = "gradient",
    .right_at = "at {} layers, %",
    .learns_to = "50% up to",
    .none = "none",
    .layer = "layer",
    .layer_number = "layer {}",
    .kind_and_layer = "{}, {}",
    .step = "step",
    .step_number = "step {}",
    .value = "what the ReLU gets",
    .moved = "moved by one step, % of the deviation",
    .turned = "change of the gradient, %",
    .mean = "mean",
    .deviation = "deviation",
    .pixel = "a pixel",
    .neighbour = "its right neighbour",
    .raw = "raw",
    .standardised = "standardised",
    .whitened = "whitened",
    .features = "features D",
    .operations = "operations for a batch of {}",
    .whitening = "whitening",
    .bias_outside = "b, mean outside",
    .bias_inside = "b, mean inside",
    .loss = "loss, both",
    .inside = "mean inside the graph",
    .outside = "mean outside: a constant",
    .depth = "hidden layers",
    .gradient = "size of dW1",
    .accuracy = "accuracy, %"};

constexpr Labels kKorean = {
    .language = Language::kKorean,
    .own_note =
        "\n**이번 실행에서는 신경망을 학습하는 곳마다, 곧 분포의 이동과 깊은 신경망을 다루는 표와 "
        "그림에서 배치 정규화 대신 `{}` 함수를 넣었습니다.** {} 본문에서 배치 정규화라고 부르는 "
        "것은 "
        "배치 정규화 자체를 가리킵니다.\n",
    .mixes = "이 함수는 배치 안의 표본을 서로 섞고, 통계를 모아 두지 않습니다.",
    .by_sample = "이 함수는 표본을 하나씩 따로 다룹니다.",
    .what_relu_gets = "ReLU에 들어가는 값",
    .by_one_step = "{}층, 한 스텝의 이동(%)",
    .by_all_steps = "{}층, 처음과 끝의 거리(%)",
    .deviation_last = "{}층, 마지막 표준편차",
    .mean_last = "{}층, 마지막 평균",
    .right = "정확도(%)",
    .less = "보다 작습니다",
    .as_much = "와 비슷합니다",
    .more = "보다 큽니다",
    .apart =
        "그러니 한 스텝의 이동이 줄지 않아도 더 잘 배울 수 있습니다. Santurkar 등(\"How does batch "
        "normalization help optimization?\", 2018)도 같은 결론에 이르렀고, 손실이 더 매끄러워지는 "
        "데서 "
        "이득을 찾습니다.",
    .not_apart =
        "이번 실행에서는 두 가지를 확인해도 분포의 이동과 학습의 성패가 따로 나뉘지 않습니다. "
        "Santurkar 등(\"How does batch normalization help optimization?\", 2018)은 다른 신경망에서 "
        "둘을 나누어 보였고, 손실이 더 매끄러워지는 데서 이득을 찾습니다.",
    .batch_norm_operations = "배치 정규화",
    .whitening_operations = "백색화",
    .milliseconds = "{}, ms",
    .weights = "신경망, 배율",
    .deviation_factor = "표준편차",
    .gradient_factor = "기울기",
    .right_at = "{}층 정확도(%)",
    .learns_to = "50% 깊이",
    .none = "없음",
    .layer = "층",
    .layer_number = "{}층",
    .kind_and_layer = "{}, {}",
    .step = "스텝",
    .step_number = "{}스텝",
    .value = "ReLU에 들어가는 값",
    .moved = "한 스텝의 이동, 표준편차의 %",
    .turned = "기울기의 변화, %",
    .mean = "평균",
    .deviation = "표준편차",
    .pixel = "한 픽셀",
    .neighbour = "오른쪽 이웃 픽셀",
    .raw = "원래 값",
    .standardised = "표준화",
    .whitened = "백색화",
    .features = "특성 수 D",
    .operations = "연산 수(표본 {}개)",
    .whitening = "백색화",
    .bias_outside = "b, 평균이 바깥",
    .bias_inside = "b, 평균이 안",
    .loss = "손실, 둘 다",
    .inside = "평균이 그래프 안에",
    .outside = "평균이 바깥에: 상수",
    .depth = "은닉층 수",
    .gradient = "dW1의 크기",
    .accuracy = "정확도(%)"};

}  // namespace

const Labels& labels_of(Language language) {
  return language == Language::kEnglish ? kEnglish : kKorean;
}

}  // namespace backstep::lessons
