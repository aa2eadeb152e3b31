import numpy as np

from sigmoid import sigmoid


def neurons(x, w, b):
    """One neuron on a batch of samples: the same w and b are repeated for each of them.

    x: input (N, D), randn
    w: parameter (D,), randn
    b: parameter (), randn
    """
    # w is repeated down the rows, so its gradient is the sum over the rows. x @ w does this line
    # and the next in one.
    wx = w * x
    dot = np.sum(wx, axis=1)
    z = dot + b
    out = sigmoid(z)
    return out
