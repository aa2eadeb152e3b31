# with: --set x=randn(4,3) --set W1=randn(3,5) --set b1=randn(1,5) --set W2=randn(5,2) --set b2=randn(1,2)
import numpy as np


def affine(x, w, b):
    out = x.dot(w) + b
    return out


def standardise(x, eps=1e-5):
    mean = x.mean(axis=0)
    var = ((x - mean) ** 2).mean(axis=0)
    return (x - mean) / np.sqrt(var + eps), mean


def net(x, W1, b1, W2, b2):
    a = affine(x, W1, b1)
    n, m = standardise(a, eps=1e-4)
    h = np.tanh(n)
    y = affine(h, W2, b=b2)
    return y
