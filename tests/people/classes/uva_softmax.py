import numpy as np


class SoftMaxModule(object):
    def forward(self, x):
        b = x.max(axis=1, keepdims=True)
        y = np.exp(x - b)
        out = y / y.sum(axis=1, keepdims=True)
        self.out = out
        return out

    def backward(self, dout):
        dx = self.out * (dout - np.sum(dout * self.out, axis=1, keepdims=True))  #~ dx = self.out * (dout - np.sum(dout, axis=1, keepdims=True))
        return dx
