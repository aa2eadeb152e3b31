import numpy as np


def batch_norm_closed_form(dout, xhat, gamma, ivar):
    """The whole backward pass of batch_norm in three lines.

    dout: input (N, D), randn
    xhat: input (N, D), randn
    gamma: parameter (D,), rand
    ivar: input (D,), rand
    """
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(xhat * dout, axis=0)
    # What is left of dout without its mean (dbeta / N) and its part along xhat (dgamma / N).
    dx = gamma * ivar / N * (N * dout - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta
