import numpy as np


def layer_norm(x, gamma, beta, eps=1e-6):
    """Layer normalisation: each sample gets mean 0 and variance 1 over its own features.

    x: input (N, D), randn
    gamma: parameter (D,), rand
    beta: parameter (D,), randn
    eps: constant
    """
    # keepdims leaves a column (N, 1); without it NumPy would line the means up with the features.
    mu = np.mean(x, axis=1, keepdims=True)
    xmu = x - mu
    sq = xmu**2
    var = np.mean(sq, axis=1, keepdims=True)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1 / sqrtvar
    xhat = xmu * ivar
    # Still one gamma and one beta for each feature: normalised by row, scaled by column.
    gammax = gamma * xhat
    out = gammax + beta
    return out
