# with: --set x=randn(4,3) --set w=rand(1,3) --set target=randn(4,3)
import numpy as np


def augmented(x, w, target):
    h = x.copy()
    h *= w
    h += 1.5
    h -= 0.25 * x
    h /= 2.0
    err = np.zeros_like(x)
    err += h - target
    g = np.zeros(x.shape)
    g += 2 * err
    g += x * x * x   # x is used five times by now
    return g
