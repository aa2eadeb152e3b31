import numpy as np


def relu(x):
    """The rectifier: what is positive passes, the rest becomes 0.

    x: input (N, D), randn
    """
    # Its slope is 1 or 0: the gradient passes where x > 0 and stops elsewhere.
    out = np.maximum(x, 0)
    return out
