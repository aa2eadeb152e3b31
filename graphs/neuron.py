import numpy as np

from sigmoid import sigmoid


def neuron(x, w, b):
    """One neuron on one sample: a weighted sum of the features, and the sigmoid of it.

    x: input (D,), randn
    w: parameter (D,), randn
    b: parameter (), randn
    """
    wx = w * x
    # A sum hands its one gradient to every term.
    dot = np.sum(wx)
    z = dot + b
    out = sigmoid(z)
    return out
