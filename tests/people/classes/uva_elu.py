import numpy as np


class ELUModule(object):
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        out = np.where(x > 0, x, self.alpha * (np.exp(x) - 1))
        return out

    def backward(self, dout):
        dx = dout * np.where(self.x > 0, 1, self.alpha * np.exp(self.x))  #~ dx = dout * np.where(self.x > 0, 1, self.alpha)
        return dx
