import numpy as np


class CrossEntropyModule(object):
    def forward(self, x, y):
        self.x = x
        self.y = y
        n = x.shape[0]
        out = -np.log(x[np.arange(n), y] ** 2).mean()
        return out

    def backward(self, dout=1):
        n = self.x.shape[0]
        dx = np.zeros_like(self.x)
        dx[np.arange(n), self.y] = -2 / (self.x[np.arange(n), self.y] * n)  #~ dx[np.arange(n), self.y] = -1 / (self.x[np.arange(n), self.y] * n)
        return dx
