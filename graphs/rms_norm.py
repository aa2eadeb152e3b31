import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    """Layer normalisation without its mean: each sample is divided by its root mean square.

    x: input (N, D), randn
    gamma: parameter (D,), rand
    eps: constant
    """
    # Nothing is subtracted, so only the size of a sample is lost, not its offset.
    sq = x**2
    ms = np.mean(sq, axis=1, keepdims=True)
    rms = np.sqrt(ms + eps)
    irms = 1 / rms
    xhat = x * irms
    out = gamma * xhat
    return out
