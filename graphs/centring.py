import numpy as np


def centring(x, b, target):
    """A bias, and then the mean taken away: inside the graph the bias's gradient is 0.

    x: constant (N, D), randn
    b: parameter (D,), randn
    target: constant (N, D), rand
    """
    u = x + b
    # b moves the mean as far as it moves u. The two ways back to b cancel, for any target.
    mu = np.mean(u, axis=0)
    centred = u - mu
    difference = centred - target
    sq = difference**2
    loss = np.mean(sq)
    return loss
