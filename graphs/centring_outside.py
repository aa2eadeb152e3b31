import numpy as np


def centring_outside(x, b, mu, target):
    """The same, with the mean as a number from outside: the gradient does not see that b moves it.

    x: constant (N, D), randn
    b: parameter (D,), randn
    mu: constant (D,), randn
    target: constant (N, D), rand
    """
    u = x + b
    # One way back to b is missing: b is pushed towards a target that it can never come nearer to.
    centred = u - mu
    difference = centred - target
    sq = difference**2
    loss = np.mean(sq)
    return loss
