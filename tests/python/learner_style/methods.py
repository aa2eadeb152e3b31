# with: --set x=randn(4,3) --set W=randn(3,2) --set b=randn(1,2)
import numpy as np


def methods(x, W, b):
    centred = x - x.mean(0)
    scaled = centred.copy() / np.sqrt((centred**2).mean(axis=0) + 1e-3)
    z = np.dot(scaled, W) + b
    row = z.sum(axis=1, keepdims=True)
    gram = scaled.T @ scaled
    total = gram.sum()
    s = z * row + total / x.shape[0] / x.shape[1]
    return s
