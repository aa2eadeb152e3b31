"""Layers without docstrings, one statement a line; each with its backward pass."""
import numpy as np


def linear_forward(x, w, b):
    out = x @ w + b
    return out, (x, w)


def linear_backward(dout, cache):
    x, w = cache
    dx = dout @ w.T
    dw = x.T @ dout
    db = np.sum(dout, axis=0)
    return dx, dw, db


def tanh_layer_forward(x, w, b):
    h = np.tanh(x @ w + b)
    return h, (x, w, h)


def tanh_layer_backward(dout, cache):
    x, w, h = cache
    dz = dout * (1 - h ** 2)
    dx = dz @ w.T
    dw = x.T @ dz
    db = dz.sum(axis=0)
    return dx, dw, db


def sigmoid_layer_forward(x, w, b):
    s = 1 / (1 + np.exp(-(x @ w + b)))
    return s, (x, w, s)


def sigmoid_layer_backward(dout, cache):
    x, w, s = cache
    dz = dout * s * (1 - s)
    dx = dz @ w.T
    dw = x.T @ dz
    db = dz.sum(axis=0)
    return dx, dw, db


def relu_layer_forward(x, w, b):
    z = x @ w + b
    out = np.maximum(z, 0)
    return out, (x, w, z)


def relu_layer_backward(dout, cache):
    x, w, z = cache
    dz = dout * (z > 0)
    dx = dz @ w.T
    dw = x.T @ dz
    db = np.sum(dz, axis=0)
    return dx, dw, db


def leaky_forward(x):
    out = np.where(x > 0, x, 0.1 * x)
    return out, (x,)


def leaky_backward(dout, cache):
    x, = cache
    slope = np.where(x > 0, 1.0, 0.1)
    dx = dout * slope
    return dx


def swish_forward(x):
    s = 1 / (1 + np.exp(-x))
    out = x * s
    return out, (x, s)


def swish_backward(dout, cache):
    x, s = cache
    ds = dout * x
    dx1 = dout * s
    dx2 = ds * s * (1 - s)
    dx = dx1 + dx2
    return dx


def softplus_forward(x):
    e = np.exp(x)
    out = np.log(1 + e)
    return out, (e,)


def softplus_backward(dout, cache):
    e, = cache
    de = dout / (1 + e)
    dx = de * e
    return dx


def gelu_forward(x):
    u = 0.79788456 * (x + 0.044715 * x ** 3)
    t = np.tanh(u)
    out = 0.5 * x * (1 + t)
    return out, (x, t)


def gelu_backward(dout, cache):
    x, t = cache
    dt = dout * 0.5 * x
    du = dt * (1 - t ** 2)
    dx1 = dout * 0.5 * (1 + t)
    dx2 = du * 0.79788456 * (1 + 3 * 0.044715 * x ** 2)
    dx = dx1 + dx2
    return dx


def square_plus_forward(x):
    r = np.sqrt(x ** 2 + 4)
    out = (x + r) / 2
    return out, (x, r)


def square_plus_backward(dout, cache):
    x, r = cache
    dr = dout / 2
    dx = dout / 2 + dr * x / r
    return dx


def bn_forward(x, gamma, beta):
    mu = x.mean(axis=0)
    xmu = x - mu
    var = np.mean(xmu ** 2, axis=0)
    std = np.sqrt(var + 1e-5)
    xhat = xmu / std
    out = gamma * xhat + beta
    return out, (xmu, std, xhat, gamma)


def bn_backward(dout, cache):
    xmu, std, xhat, gamma = cache
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dstd = -np.sum(dxhat * xmu, axis=0) / std ** 2
    dvar = 0.5 * dstd / std
    dxmu = dxhat / std + 2 * xmu * dvar / N
    dmu = -np.sum(dxmu, axis=0)
    dx = dxmu + dmu / N
    return dx, dgamma, dbeta


def bn_short_forward(x, gamma, beta):
    mu = x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + 1e-5)
    xhat = (x - mu) / std
    out = gamma * xhat + beta
    return out, (xhat, std, gamma)


def bn_short_backward(dout, cache):
    xhat, std, gamma = cache
    N = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    g = dout * gamma
    dx = (N * g - g.sum(axis=0) - xhat * (g * xhat).sum(axis=0)) / (N * std)
    return dx, dgamma, dbeta


def ln_forward(x, gamma, beta):
    mu = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    xhat = (x - mu) / std
    out = gamma * xhat + beta
    return out, (xhat, std, gamma)


def ln_backward(dout, cache):
    xhat, std, gamma = cache
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    g = dout * gamma
    m1 = g.mean(axis=1, keepdims=True)
    m2 = (g * xhat).mean(axis=1, keepdims=True)
    dx = (g - m1 - xhat * m2) / std
    return dx, dgamma, dbeta


def rms_forward(x, gamma):
    ms = np.mean(x ** 2, axis=1, keepdims=True)
    r = np.sqrt(ms + 1e-5)
    n = x / r
    out = gamma * n
    return out, (x, r, n, gamma)


def rms_backward(dout, cache):
    x, r, n, gamma = cache
    D = dout.shape[1]
    dgamma = np.sum(dout * n, axis=0)
    dn = dout * gamma
    dr = -np.sum(dn * x, axis=1, keepdims=True) / r ** 2
    dms = 0.5 * dr / r
    dx = dn / r + 2 * x * dms / D
    return dx, dgamma


def l2norm_forward(x):
    r = np.sqrt(np.sum(x ** 2, axis=1, keepdims=True) + 1e-8)
    out = x / r
    return out, (x, r)


def l2norm_backward(dout, cache):
    x, r = cache
    dr = -np.sum(dout * x, axis=1, keepdims=True) / r ** 2
    dx = dout / r + dr * x / r
    return dx


def softmax_forward(x):
    e = np.exp(x)
    p = e / np.sum(e, axis=1, keepdims=True)
    return p, (p,)


def softmax_backward(dout, cache):
    p, = cache
    dot = np.sum(dout * p, axis=1, keepdims=True)
    dx = p * (dout - dot)
    return dx


def log_softmax_forward(x):
    e = np.exp(x)
    total = np.sum(e, axis=1, keepdims=True)
    out = x - np.log(total)
    return out, (e, total)


def log_softmax_backward(dout, cache):
    e, total = cache
    dlog = -np.sum(dout, axis=1, keepdims=True)
    dtotal = dlog / total
    dx = dout + dtotal * e
    return dx


def mse_forward(x, t):
    diff = x - t
    loss = np.mean(diff ** 2)
    return loss, (diff,)


def mse_backward(dout, cache):
    diff, = cache
    ddiff = 2 * diff / diff.size * dout
    dx = ddiff
    dt = -ddiff
    return dx, dt


def bce_forward(x, t):
    p = 1 / (1 + np.exp(-x))
    loss = -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
    return loss, (p, t)


def bce_backward(dout, cache):
    p, t = cache
    n = p.size
    dp = -(t / p - (1 - t) / (1 - p)) / n * dout
    dx = dp * p * (1 - p)
    dt = -(np.log(p) - np.log(1 - p)) / n * dout
    return dx, dt


def huber_forward(x, t):
    d = x - t
    a = np.sqrt(1 + d ** 2)
    loss = np.sum(a - 1)
    return loss, (d, a)


def huber_backward(dout, cache):
    d, a = cache
    da = dout * np.ones_like(a)
    dd = da * d / a
    dx = dd
    dt = -dd
    return dx, dt


def hinge_forward(x, t):
    m = 1 - t * x
    loss = np.sum(np.maximum(m, 0))
    return loss, (x, t, m)


def hinge_backward(dout, cache):
    x, t, m = cache
    dm = dout * (m > 0)
    dx = -dm * t
    dt = -dm * x
    return dx, dt


def scale_shift_forward(x, gamma, beta):
    out = gamma * x + beta
    return out, (x, gamma)


def scale_shift_backward(dout, cache):
    x, gamma = cache
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x, axis=0)
    dx = dout * gamma
    return dx, dgamma, dbeta


def product_forward(a, c):
    out = a * c
    return out, (a, c)


def product_backward(dout, cache):
    a, c = cache
    da = dout * c
    dc = dout * a
    return da, dc


def quotient_forward(a, c):
    q = a / (c ** 2 + 1)
    return q, (a, c, q)


def quotient_backward(dout, cache):
    a, c, q = cache
    s = c ** 2 + 1
    da = dout / s
    ds = -dout * q / s
    dc = 2 * c * ds
    return da, dc


def bilinear_forward(x, w, v):
    h = x @ w
    g = x @ v
    out = h * g
    return out, (x, w, v, h, g)


def bilinear_backward(dout, cache):
    x, w, v, h, g = cache
    dh = dout * g
    dg = dout * h
    dx = dh @ w.T + dg @ v.T
    dw = x.T @ dh
    dv = x.T @ dg
    return dx, dw, dv


def gru_gate_forward(h, z, n):
    out = z * h + (1 - z) * n
    return out, (h, z, n)


def gru_gate_backward(dout, cache):
    h, z, n = cache
    dh = dout * z
    dz = dout * (h - n)
    dn = dout * (1 - z)
    return dh, dz, dn


def residual_forward(x, w):
    h = np.tanh(x @ w)
    out = x + h
    return out, (x, w, h)


def residual_backward(dout, cache):
    x, w, h = cache
    dh = dout * (1 - h ** 2)
    dw = x.T @ dh
    dx = dout + dh @ w.T
    return dx, dw


def two_layer_forward(x, w1, b1, w2, b2):
    h = np.maximum(x @ w1 + b1, 0)
    out = h @ w2 + b2
    return out, (x, w1, w2, h)


def two_layer_backward(dout, cache):
    x, w1, w2, h = cache
    dw2 = h.T @ dout
    db2 = np.sum(dout, axis=0)
    dh = dout @ w2.T
    dz = dh * (h > 0)
    dw1 = x.T @ dz
    db1 = np.sum(dz, axis=0)
    dx = dz @ w1.T
    return dx, dw1, db1, dw2, db2


def attention_forward(q, k, v):
    s = q @ k.T
    e = np.exp(s)
    p = e / np.sum(e, axis=1, keepdims=True)
    out = p @ v
    return out, (q, k, v, p)


def attention_backward(dout, cache):
    q, k, v, p = cache
    dv = p.T @ dout
    dp = dout @ v.T
    ds = p * (dp - np.sum(dp * p, axis=1, keepdims=True))
    dq = ds @ k
    dk = ds.T @ q
    return dq, dk, dv


def pairwise_forward(x, y):
    d = x - y
    sq = np.sum(d ** 2, axis=1)
    loss = np.sum(np.sqrt(sq + 1))
    return loss, (d, sq)


def pairwise_backward(dout, cache):
    d, sq = cache
    dsq = dout * 0.5 / np.sqrt(sq + 1)
    dd = 2 * d * dsq[:, None]
    dx = dd
    dy = -dd
    return dx, dy


def standardise_forward(x):
    mu = x.mean(axis=0)
    c = x - mu
    out = c / np.sqrt(np.mean(c ** 2, axis=0) + 1e-3)
    return out, (c,)


def standardise_backward(dout, cache):
    c, = cache
    N = dout.shape[0]
    v = np.mean(c ** 2, axis=0) + 1e-3
    r = np.sqrt(v)
    dr = -np.sum(dout * c, axis=0) / v
    dv = dr / (2 * r)
    dc = dout / r + 2 * c * dv / N
    dx = dc - dc.mean(axis=0)
    return dx


def cosine_forward(x, y):
    nx = np.sqrt(np.sum(x ** 2, axis=1, keepdims=True))
    ny = np.sqrt(np.sum(y ** 2, axis=1, keepdims=True))
    dot = np.sum(x * y, axis=1, keepdims=True)
    out = dot / (nx * ny)
    return out, (x, y, nx, ny, dot)


def cosine_backward(dout, cache):
    x, y, nx, ny, dot = cache
    ddot = dout / (nx * ny)
    dnx = -dout * dot / (nx ** 2 * ny)
    dny = -dout * dot / (nx * ny ** 2)
    dx = ddot * y + dnx * x / nx
    dy = ddot * x + dny * y / ny
    return dx, dy
