import numpy as np

from batch_norm import batch_norm
from linear import linear
from relu import relu


def whole_net(x, W1, gamma1, beta1, W2, b2):
    """A net with one hidden layer that learns as a whole: frozen_net before it is frozen.

    x: constant (N, D), randn
    W1: parameter (D, H), randn
    gamma1: parameter (H,), rand
    beta1: parameter (H,), randn
    W2: parameter (H, C), randn
    b2: parameter (C,), randn
    """
    hidden = x @ W1
    normed = batch_norm(hidden, gamma1, beta1)
    active = relu(normed)
    scores = linear(active, W2, b2)
    return scores
