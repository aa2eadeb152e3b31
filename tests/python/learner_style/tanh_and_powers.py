# with: --set x=randn(4,3)
import numpy as np


def gelu(x):
    # the tanh approximation
    inner = 0.7978845608028654 * (x + 0.044715 * np.power(x, 3))
    t = np.tanh(inner)
    out = .5 * x * (1. + t) + 1e-1*np.square(t)
    return out
