import numpy as np


def attention(x, Wq, Wk, Wv, Wo):
    """One head.

    x: input (B, T, D), randn
    Wq: parameter (D, D), randn
    Wk: parameter (D, D), randn
    Wv: parameter (D, D), randn
    Wo: parameter (D, D), randn
    """
    D = x.shape[2]
    q = x @ Wq
    k = x @ Wk
    v = x @ Wv
    kT = np.transpose(k, (0, 2, 1))
    raw = q @ kT
    scores = raw / D**0.5
    top = np.max(scores, axis=2, keepdims=True)
    shifted = scores - top
    power = np.exp(shifted)
    total = np.sum(power, axis=2, keepdims=True)
    weights = power / total
    mixed = weights @ v
    out = mixed @ Wo
    y = x + out
    return y
