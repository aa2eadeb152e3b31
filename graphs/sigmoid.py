import numpy as np


def sigmoid(x):
    """The logistic function, 1 / (1 + exp(-x)), one step at a time.

    x: input (N, D), randn
    """
    # Four local slopes; their product is out * (1 - out).
    minus_x = -x
    power = np.exp(minus_x)
    denominator = 1 + power
    out = 1 / denominator
    return out
