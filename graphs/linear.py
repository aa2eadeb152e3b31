import numpy as np


def linear(x, W, b):
    """A fully connected layer: every output is a weighted sum of all the features.

    x: input (N, D), randn
    W: parameter (D, M), randn
    b: parameter (M,), randn
    """
    xW = x @ W
    # b is repeated for every sample, so its gradient is a sum over the batch.
    out = xW + b
    return out
