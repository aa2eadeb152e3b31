# with: --set x=randn(4,3) --set gamma=rand(1,3) --set beta=randn(1,3)
import numpy as np


def korean(x, gamma, beta, eps=1e-6):
    """배치 정규화: 배치마다 평균 0, 분산 1로 맞춘다."""
    # 1단계: 평균을 구한다
    mu = np.mean(x, axis=0)  # 평균
    xmu = x - mu             # 편차 — 각 샘플에서 평균을 뺀다
    var = np.mean(xmu**2, axis=0)
    print("분산:", var)
    # 2단계: 정규화 후 γ를 곱하고 β를 더한다
    xhat = xmu / np.sqrt(var + eps)
    out = gamma * xhat + beta
    return out
