import numpy as np


def batch_norm_eval(x, gamma, beta, running_mean, running_var, eps=1e-6):
    """Batch normalisation at test time: the statistics were kept from training.

    x: input (N, D), randn
    gamma: parameter (D,), rand
    beta: parameter (D,), randn
    running_mean: constant (D,), randn
    running_var: constant (D,), rand
    eps: constant
    """
    # The statistics are constants here: no sample depends on another, and only one path leads to x.
    xmu = x - running_mean
    sqrtvar = np.sqrt(running_var + eps)
    ivar = 1 / sqrtvar
    xhat = xmu * ivar
    gammax = gamma * xhat
    out = gammax + beta
    return out
