import numpy as np


class MulLayer:
    def __init__(self):
        self.x = None
        self.y = None

    def forward(self, x, w):
        self.x = x
        self.y = w
        return x * w

    def backward(self, dout):
        dx = dout * self.y  #~ dx = dout * self.x
        dw = dout * self.x
        return dx, dw
