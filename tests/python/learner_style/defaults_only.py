import numpy as np


# Nothing is set: the program chooses small inputs.
def defaults_only(x, gamma, beta, eps=1e-6):
    xhat = (x - np.mean(x, axis=0)) / (np.std(x, axis=0) + eps)
    return gamma * xhat + beta
