import numpy as np

from softmax_cross_entropy import softmax_cross_entropy


def log_softmax(scores):
    # A shift of a whole row leaves its probabilities as they are, and keeps exp from overflowing.
    top = np.max(scores, axis=1, keepdims=True)
    shifted = scores - top
    power = np.exp(shifted)
    total = np.sum(power, axis=1, keepdims=True)
    log_total = np.log(total)
    log_p = shifted - log_total
    return log_p


def distillation(scores, teacher, y, T=4.0, alpha=0.9):
    """A student learns from its teacher's probabilities, softened by T, and from the labels.

    scores: input (N, C), randn
    teacher: constant (N, C), randn
    y: constant (N, C), one_hot
    T: constant
    alpha: constant
    """
    N = scores.shape[0]
    hard = softmax_cross_entropy(scores, y)
    # The teacher is a constant: it is not taught, so nothing flows back to it.
    teacher_T = teacher / T
    log_target = log_softmax(teacher_T)
    target = np.exp(log_target)
    # The student's scores are divided by the same T, and so is the gradient that comes back here.
    scores_T = scores / T
    log_p = log_softmax(scores_T)
    picked = target * log_p
    soft = -np.sum(picked) / N
    # T**2 makes up for it: once for that division, and once for log_p - log_target, which shrinks.
    loss = alpha * T**2 * soft + (1 - alpha) * hard
    return loss
