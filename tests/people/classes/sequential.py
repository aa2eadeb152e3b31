import numpy as np


class Module:
    def __call__(self, *args):
        return self.forward(*args)


class Scale(Module):
    def __init__(self, gamma):
        self.gamma = gamma

    def forward(self, x):
        self.x = x
        return x * self.gamma

    def backward(self, dout):
        self.dgamma = np.sum(dout * self.x, axis=0)
        return dout * self.gamma


class Square(Module):
    def forward(self, x):
        self.x = x
        return x ** 2

    def backward(self, dout):
        return 2 * self.x * dout


class Model(Module):
    def __init__(self, gamma, beta):
        self.beta = beta
        self.layers = [Scale(gamma), Square()]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x + self.beta

    def backward(self, dout):
        self.dbeta = np.sum(dout, axis=0)  #~ self.dbeta = np.sum(dout)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        self.dgamma = self.layers[0].dgamma
        return dout
