# with: --set x=randn(4,3) --set W=randn(3,4) --set b=randn(1,4) --set gamma=rand(1,4) --set beta=randn(1,4)
# with: --set y=randn(4,4)
import numpy as np

from batch_norm import batch_norm
from linear import linear
from mean_squared_error import mean_squared_error
from sigmoid import sigmoid


def built_in_calls(x, W, b, gamma, beta, y):
    hidden = linear(x, W, b)
    normed = batch_norm(hidden, gamma, beta, eps=1e-3)
    active = sigmoid(normed)
    loss = mean_squared_error(active, y) + 0.01 * np.sum(W * W)
    return loss
