import numpy as np


def softmax_cross_entropy(scores, y):
    """The mean over the batch of -log p(right class), where p = softmax(scores).

    scores: input (N, C), randn
    y: constant (N, C), one_hot
    """
    N = scores.shape[0]
    # A shift of a whole row leaves its probabilities as they are, and keeps exp from overflowing.
    top = np.max(scores, axis=1, keepdims=True)
    shifted = scores - top
    power = np.exp(shifted)
    total = np.sum(power, axis=1, keepdims=True)
    # log(power / total), but without the quotient, which can vanish before its logarithm is taken.
    log_total = np.log(total)
    log_p = shifted - log_total
    # y is 1 at the right class and 0 elsewhere: the product picks one entry of each row.
    picked = y * log_p
    loss = -np.sum(picked) / N
    return loss
