# with: --set scores=randn(4,3) --set y=randn(4,3)
import numpy as np


def two_results(scores, y, scale=0.5):
    '''Two results, and defaults.'''
    diff = scores - y
    loss = scale * np.sum(diff**2) / scores.shape[0]
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probs = e / np.sum(e, axis=1, keepdims=True)
    return loss, probs
