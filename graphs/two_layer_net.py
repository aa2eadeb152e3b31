import numpy as np

from batch_norm import batch_norm
from linear import linear
from relu import relu
from softmax_cross_entropy import softmax_cross_entropy


def two_layer_net(x, W1, b1, gamma, beta, W2, b2, y):
    """A classifier with one hidden layer, from the samples to the loss.

    x: input (N, D), randn
    W1: parameter (D, H), randn
    b1: parameter (H,), randn
    gamma: parameter (H,), rand
    beta: parameter (H,), randn
    W2: parameter (H, C), randn
    b2: parameter (C,), randn
    y: constant (N, C), one_hot
    """
    # batch_norm subtracts the mean, and b1 with it: the gradient of b1 is 0.
    hidden = linear(x, W1, b1)
    normed = batch_norm(hidden, gamma, beta)
    active = relu(normed)
    scores = linear(active, W2, b2)
    loss = softmax_cross_entropy(scores, y)
    return loss
