# Arrays of three sides, in another order and under other sides, and elements that are chosen: what
# no built-in circuit has.
import numpy as np


def three_sides(x, w):
    """
    x: input (2, 3, 4), randn
    w: parameter (2, 4, 2), randn
    """
    y = x @ w
    z = y.transpose(0, 2, 1)
    top = np.max(z, axis=(0, 2), keepdims=True)
    s = np.exp(z - top)
    t = s.reshape(4, 3)
    u = np.where(t > 0.1, t, 0.1 * t)
    c = np.clip(u, 0.05, 0.8) / (1 + np.abs(u))
    out = np.sum(c * 2, axis=1)
    return out
