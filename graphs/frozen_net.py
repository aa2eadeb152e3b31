import numpy as np

from batch_norm_eval import batch_norm_eval
from linear import linear
from relu import relu


def frozen_net(x, W1, gamma1, beta1, running_mean1, running_var1, W2, b2):
    """A trained layer that stays as it is, and a new head that learns: see whole_net.

    x: constant (N, D), randn
    W1: constant (D, H), randn
    gamma1: constant (H,), rand
    beta1: constant (H,), randn
    running_mean1: constant (H,), randn
    running_var1: constant (H,), rand
    W2: parameter (H, C), randn
    b2: parameter (C,), randn
    """
    # Two switches are off: W1, gamma1 and beta1 do not learn, and batch norm takes what it kept.
    hidden = x @ W1
    normed = batch_norm_eval(hidden, gamma1, beta1, running_mean1, running_var1)
    active = relu(normed)
    scores = linear(active, W2, b2)
    return scores
