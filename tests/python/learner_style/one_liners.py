# with: --set x=randn(6,3) --set gamma=rand(1,3) --set beta=randn(1,3)
import numpy as np


def one_liners(x, gamma, beta, eps=1e-5):
    return gamma * (x - np.mean(x, axis=0)) / np.sqrt(np.var(x, axis=0) + eps) + beta
