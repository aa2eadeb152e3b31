import numpy as np


class AddLayer:
    def __init__(self):
        pass

    def forward(self, x, z):
        out = x + z
        return out

    def backward(self, dout):
        dx = dout * 1  #~ dx = dout * 2
        dz = dout * 1
        return dx, dz
