import numpy as np


def batch_norm(x, gamma, beta, eps=1e-6):
    """Batch normalisation in training: each feature gets mean 0 and variance 1 over the batch.

    x: input (N, D), randn
    gamma: parameter (D,), rand
    beta: parameter (D,), randn
    eps: constant
    """
    # The mean and the variance are made of x, so gradients flow back through both.
    mu = np.mean(x, axis=0)
    xmu = x - mu
    sq = xmu**2
    # Divided by N, not N - 1: this is the variance of the batch, not an estimate beyond it.
    var = np.mean(sq, axis=0)
    # eps stands inside the root: a constant column would divide by 0 without it.
    sqrtvar = np.sqrt(var + eps)
    ivar = 1 / sqrtvar
    xhat = xmu * ivar
    # gamma and beta are repeated over the batch, so their gradients are sums over it.
    gammax = gamma * xhat
    out = gammax + beta
    return out
