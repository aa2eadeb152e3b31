# with: --set dout=randn(4,3) --set x=randn(4,3) --set gamma=rand(1,3) --set eps=1e-5
import numpy as np


def batchnorm_backward(dout, x, gamma, eps):
    """Course work: fill in the TODO."""
    dx, dgamma, dbeta = None, None, None
    ###########################################################################
    # TODO: Implement the backward pass for batch normalization.              #
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    m = float(x.shape[0])
    mean, var = np.mean(x, axis=0), np.var(x, axis=0)
    x_mu = x - mean
    x_norm = x_mu * (var + eps) ** -0.5

    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_norm, axis=0)
    dx_norm = dout * gamma
    dvar = np.sum(dx_norm * x_mu * -.5 * (var + eps) ** -1.5, axis=0)
    dmu = np.sum(-dx_norm / np.sqrt(var + eps), axis=0) + dvar * np.sum(-2. * x_mu, axis=0) / m
    dx = dx_norm / np.sqrt(var + eps) + dvar * 2. * x_mu / m + dmu / m
    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dgamma, dbeta
