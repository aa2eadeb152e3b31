import numpy as np


class LinearModule(object):
    def __init__(self, in_features, out_features, input_layer=False):
        self.params = {'weight': None, 'bias': None}
        self.grads = {'weight': None, 'bias': None}
        std = 1.0 if input_layer else np.sqrt(2.0)
        self.params['weight'] = np.random.normal(0, std / np.sqrt(in_features), size=(out_features, in_features))
        self.params['bias'] = np.zeros((1, out_features))
        self.grads['weight'] = np.zeros((out_features, in_features))
        self.grads['bias'] = np.zeros((1, out_features))

    def forward(self, x):
        self.x = x
        out = x @ self.params['weight'].T + self.params['bias']
        return out

    def backward(self, dout):
        self.grads['weight'] = dout.T @ self.x
        self.grads['bias'] = dout.sum(axis=0, keepdims=True)  #~ self.grads['bias'] = dout.mean(axis=0, keepdims=True)
        dx = dout @ self.params['weight']
        return dx
