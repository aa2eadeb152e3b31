# with: --set x=randn(4,3) --set gamma=rand(1,3)
import numpy as np


def layouts(x: np.ndarray,
            gamma: np.ndarray,
            eps: float = 1e-5) -> np.ndarray:
    """Long statements, short ones, and strings that are comments."""
    mu = x.mean(axis=0); xmu = x - mu
    var = (
        np.sum(xmu ** 2,   # over the batch
               axis=0)
        / len(x)
    )
    "a string that does nothing"
    xhat = xmu / \
        np.sqrt(var + eps)
    a = b = gamma * xhat
    out = (a
           + 2 * b) * np.ones_like(x) - np.ones((4, 3)) * 10
    return out
