import numpy as np


def mean_squared_error(prediction, target):
    """The mean of the squared differences, over every sample and every feature.

    prediction: input (N, D), randn
    target: input (N, D), randn
    """
    difference = prediction - target
    sq = difference**2
    # Over N * D entries; a mean over the batch alone would be D times as large.
    loss = np.mean(sq)
    return loss
